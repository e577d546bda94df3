"""Expectations: what the data must hold before it is published, run by Great Expectations.

Importing this package does not import Great Expectations, which takes seconds; ``run_checks`` and ``load_engine`` do.
The names below are loaded when they are first asked for: a report that waits for a run's findings goes without checks.
"""

from typing import TYPE_CHECKING

from mpr_lib import named_later

if TYPE_CHECKING:
    from mpr_lib.checks.checking import build_data_docs, load_engine, open_checks, run_checks
    from mpr_lib.checks.findings import Finding, Quality, grouped
    from mpr_lib.checks.suites import delivered

__all__ = ["Finding", "Quality", "build_data_docs", "delivered", "grouped", "load_engine", "open_checks", "run_checks"]

_OTHERS = dict.fromkeys(["Finding", "Quality", "grouped"], "mpr_lib.checks.findings")
_OTHERS |= {"delivered": "mpr_lib.checks.suites"}
__getattr__ = named_later(__name__, dict.fromkeys(__all__, "mpr_lib.checks.checking") | _OTHERS)
