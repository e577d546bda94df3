"""Expectations: what the data must hold before it is published, run by Great Expectations.

Importing this package does not import Great Expectations, which takes seconds; ``run_checks`` and ``load_engine`` do.
"""

from mpr_lib.checks.checking import build_data_docs, load_engine, open_checks, run_checks
from mpr_lib.checks.findings import ExpectationResult, Finding, Quality, grouped
from mpr_lib.checks.suites import delivered

__all__ = [
    "ExpectationResult", "Finding", "Quality", "build_data_docs", "delivered", "grouped", "load_engine", "open_checks",
    "run_checks",
]  # fmt: skip
