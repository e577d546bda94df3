"""Catalogue: every expectation there is, by severity; docs/expectations.md is its table for people."""

from mpr_lib.annexes import brought
from mpr_lib.checks.critical import CRITICAL
from mpr_lib.checks.declaration import Expectation
from mpr_lib.checks.notes import NOTES
from mpr_lib.checks.partnership import PARTNERSHIP
from mpr_lib.checks.warned import WARNINGS

_BROUGHT = [each for annex in brought("checks").values() for each in annex.EXPECTATIONS]

CATALOGUE: tuple[Expectation, ...] = (*CRITICAL, *WARNINGS, *NOTES, *PARTNERSHIP, *_BROUGHT)

UNCHANGEABLE = ("expectation_is_as_delivered", "critical_expectation_stands")
"""Expectations that say what a workspace changed about the others."""


def named(name: str) -> Expectation:
    """The expectation of that name.

    >>> named("value_is_not_late").severity
    'warning'
    """
    return next(expectation for expectation in CATALOGUE if expectation.name == name)
