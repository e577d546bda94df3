"""Pictures that an analyst adds to the notebook, with the text alternative that every reader needs."""

import base64
import io

from mpr_lib.errors import ParameterError
from mpr_lib.report import blocks
from mpr_lib.report.drawing import tidy_svg
from mpr_lib.report.parts import Part


def picture(figure, alt: str, caption: str = "") -> Part:
    """Show a matplotlib figure (or seaborn axes) in the report, HTML and PDF alike.

    ``alt`` says what it shows; without it a ``ParameterError`` asks for one.
    """
    if not alt.strip():
        raise ParameterError(
            "picture() needs alt: a sentence that says what the picture shows, for those who do not see it."
        )
    figure = getattr(figure, "figure", figure)
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    width, height = (float(inches) * 72 for inches in figure.get_size_inches())
    return Part("", [blocks.figure(tidy_svg(drawn.getvalue()), alt, "picture", (width, height), caption)])


def picture_source(png: str) -> str:
    """A PNG of a notebook's output as the source of an image."""
    base64.b64decode(png)
    return "data:image/png;base64," + "".join(png.split())
