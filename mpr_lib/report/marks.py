"""Marks: figures as received, without an officer's own mark of provisional ones, which the report sets itself."""

import pandas as pd

from mpr_lib.rules.values import figure_text


def without_marks(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with value_text freed of the marks that is_provisional says already; the report prints [p] for all."""
    said = frame["value_text"]
    return frame.assign(value_text=said.mask(frame["is_provisional"], said.map(figure_text)).astype("str"))
