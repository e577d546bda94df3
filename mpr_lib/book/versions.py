"""Versions: which issue of a month's report is meant, and that a corrected one says what it puts right."""

import re
from typing import TYPE_CHECKING

from mpr_lib.errors import InputError

if TYPE_CHECKING:
    from mpr_lib.book.settings import MonthSettings

FIRST = (1,)


def read_version(text: str) -> tuple[int, ...] | None:
    """A version as numbers that compare, or None where the text is none; zeros at the end say nothing.

    >>> read_version("V1.0"), read_version("V1.10") > read_version("v1.9"), read_version("Final")
    ((1,), True, None)
    """
    found = re.fullmatch(r"[Vv](\d+(?:\.\d+)*)", text.strip())
    if not found:
        return None
    numbers = [int(part) for part in found[1].split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def check_corrections(settings: "MonthSettings", file: str) -> None:
    """Refuse a version above V1.0 that does not say what it corrects, and corrections out of order."""
    last, day = "V1.0", None
    for correction in settings.corrections:
        if read_version(correction.version) <= read_version(last) or (day and correction.date < day):
            raise InputError(
                f"{file}, 'corrections': {correction.version} of {correction.date} stands after {last}"
                f"{f' of {day}' if day else ''}. Expected the oldest first, each version above the one before it."
            )
        last, day = correction.version, correction.date
    version = read_version(settings.version)
    if settings.corrections and version != read_version(last):
        raise InputError(
            f"{file} says version: {settings.version}, and its last correction is {last}. Expected the same. "
            f"Write version: {last}; to issue an earlier version again, take the later corrections out of the list."
        )
    if not settings.corrections and version and version > FIRST:
        raise InputError(
            f"{file} says version: {settings.version} and not what that corrects. "
            f"Add it under corrections, with version: {settings.version}, date: and what:."
        )
