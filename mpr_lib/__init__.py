"""Monthly Performance Report: from a council's monthly figures to a checked, published report.

The rules stand at the front door, for one figure or a whole column, as the report itself uses them:

>>> from mpr_lib import direction, rate, target_to_date
>>> target_to_date(4_400_000, month="2018-05", profile="LINEAR")
733333.0
>>> rate(29.2, 33, polarity="MAXIMISE", tolerance=0.15), direction(29.2, 31, polarity="MAXIMISE")
('AMBER', 'WORSE')

``open_report(workspace, month)`` opens a month's report in a notebook.

Imports go one way: ``rules`` (what the numbers mean) ← ``book`` (what was returned) ← ``checks`` ← ``report`` (how it
is shown) ← ``run`` (how a month is produced). The names below are loaded when they are first asked for, so that
``import mpr_lib`` costs nothing.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mpr_lib.report import open_report
    from mpr_lib.rules.comparing import direction
    from mpr_lib.rules.rating import rate
    from mpr_lib.rules.targets import target_to_date

__all__ = ["direction", "open_report", "rate", "target_to_date"]
__version__ = "0.1.0"

_HOMES = {
    "direction": "mpr_lib.rules.comparing",
    "open_report": "mpr_lib.report",
    "rate": "mpr_lib.rules.rating",
    "target_to_date": "mpr_lib.rules.targets",
}


def __dir__():
    return [*globals(), *_HOMES]


def named_later(package: str, homes: dict[str, str]) -> Callable[[str], Any]:
    """A package's ``__getattr__`` that loads each name when it is first asked for, from the module that is its home."""

    def load(name):
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return load


__getattr__ = named_later(__name__, _HOMES)
