"""Codes in officers' files: matched to the indicators that are known, and never guessed."""

import difflib
import re
from collections import defaultdict

from mpr_lib.errors import InputError, ValueTextError
from mpr_lib.intake.grid import Sheet


class Codes:
    """The workspace's codes by what officers vary when they write them: capitals, spaces and dashes."""

    def __init__(self, known, others: dict[str, list[str]] | None = None):
        self.known = list(dict.fromkeys(known))
        self._found = defaultdict(set)
        for code in self.known:
            self._found[_plain(code)].add(code)
        for code, spellings in (others or {}).items():
            if code not in self.known:
                raise InputError(f"data/imports.yml has the code '{code}', which is not in data/indicators.csv.")
            for spelling in spellings:
                self._found[_plain(spelling)].add(code)

    def match(self, text: str) -> str:
        """The one code that a text names. Raises ``ValueTextError`` where there is none, or more than one.

        >>> Codes(["CP 3.1", "CP 3.10"]).match("cp3.10")
        'CP 3.10'
        """
        if text in self.known:
            return text
        found = sorted(self._found.get(_plain(text), ()))
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueTextError(f"'{text}' may be {' or '.join(found)}. Expected the code exactly as it is listed.")
        near = difflib.get_close_matches(text, self.known, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise ValueTextError(f"'{text}' is not a known code. Expected one of data/indicators.csv.{hint}")

    def match_cell(self, sheet: Sheet, row: int, column: int) -> str:
        """The code in a cell. A number is one only where it is whole and can be no other: 3.1 may have been 3.10."""
        text = sheet.text(row, column)
        if not sheet.is_number(row, column):
            return self.match(text)
        value = sheet.value(row, column)
        same = [code for code in self.known if _number(code) == float(value)]
        if len(same) == 1 and same[0] == f"{value:.0f}":
            return same[0]
        meant = f": it may be {' or '.join(same)}" if len(same) > 1 else ""
        raise ValueTextError(
            f"holds the number {text} where a code is expected{meant}. A number loses zeros: 3.10 becomes 3.1. "
            "Format the column as text and type the code again."
        )


def _plain(code) -> str:
    """A code without spaces, capitals and kinds of dashes; every digit and point stays."""
    return re.sub(r"\s+", "", re.sub("[\u2010-\u2015\u2212]", "-", str(code))).casefold()


def _number(code) -> float | None:
    """The last number in a code, as a spreadsheet would have kept it."""
    found = re.search(r"\d+(?:\.\d+)?$", code)
    return float(found[0]) if found else None
