"""Words: months, numbers, rows and codes of the glossary as messages write them."""

import pandas as pd

from mpr_lib.rules.months import month_label
from mpr_lib.rules.values import format_number

OUTCOME_WORDS = {
    "AT_RISK": "at risk of missing target",
    "SOME_SLIPPAGE": "some slippage against target",
    "ON_COURSE": "on course to achieve target",
    "NO_VALUE": "no value",
    "NO_TARGET": "for information",
}

REASON_WORDS = {
    "AWAITED": "it is awaited",
    "NOT_SUPPLIED": "none was supplied",
    "NOT_APPLICABLE": "it is said not to apply",
    "NOT_DUE": "it is not due",
}


def in_words(value) -> str:
    """A cell of a check table as messages write it: months and numbers for people, nothing for what is missing.

    >>> in_words(pd.Period("2018-02")), in_words(1111.0), in_words(17.4), in_words(float("nan"))
    ('February 2018', '1,111', '17.4', '')
    """
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Period):
        return month_label(value)
    return format_number(round(value, 9)) if isinstance(value, float) else str(value)


def any_of(words) -> str:
    """A choice of words as a message lists it.

    >>> any_of(["LOW", "HIGH"]), any_of(["LOW"])
    ('LOW or HIGH', 'LOW')
    """
    return " or ".join(part for part in (", ".join(words[:-1]), "".join(words[-1:])) if part)


def rows_text(rows) -> str:
    """Row numbers in words.

    >>> rows_text([3, 14]), rows_text([3, 9, 14])
    ('rows 3 and 14', 'rows 3, 9 and 14')
    """
    numbers = [str(int(row)) for row in rows]
    return "rows " + " and ".join([", ".join(numbers[:-1]), numbers[-1]])


def months_text(months) -> str:
    """A run of months in words; several runs are joined.

    >>> months_text(pd.PeriodIndex(["2018-04", "2018-06", "2018-07", "2018-08"], freq="M"))
    'April 2018, June to August 2018'
    """
    runs = []
    for month in sorted(months):
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(_run_text(run[0], run[-1]) for run in runs)


def _run_text(first, last):
    if first == last:
        return month_label(first)
    start = month_label(first)
    return f"{start.split()[0] if first.year == last.year else start} to {month_label(last)}"
