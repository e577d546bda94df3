"""Year start: the month in which a council's financial year starts, and what the council calls its years."""

import re

_TOKEN = re.compile(r"(?<!\d)(?:20)?1[89](?!\d)")


class YearStart(int):
    """The month in which a financial year starts, 1 to 12, that also knows how its council names the year.

    It stands wherever the number does. ``example`` is the council's name for the year that starts in 2018.

    >>> YearStart(10, "FY2019").label(2026), YearStart(10, "FY2019").read("fy2027"), YearStart(10, "FY2019") == 10
    ('FY2027', 2026, True)
    """

    def __new__(cls, month: int, example: str = ""):
        made = super().__new__(cls, month)
        made.example = " ".join(example.split()) or ("2018" if month == 1 else "2018/19")
        made._check()
        return made

    @classmethod
    def of(cls, month: int) -> "YearStart":
        """A plain month's number as a start of years that are named as usual."""
        return month if isinstance(month, cls) else cls(month)

    def __getnewargs__(self):
        return int(self), self.example

    def label(self, year: int) -> str:
        """The name of the financial year that starts in a year."""
        return _TOKEN.sub(lambda found: str(year + int(found[0]) % 100 - 18)[-len(found[0]) :], self.example)

    def read(self, text: str) -> int | None:
        """The year in which the financial year of that name starts, None if it is no such name."""
        plain = " ".join(text.split()).lower()
        found = re.fullmatch(_TOKEN.sub(lambda part: rf"(\d{{{len(part[0])}}})", self._escaped), plain)
        if not found:
            return None
        year = int(found[1]) % 2000 + 2000 if len(found[1]) == 2 else int(found[1])
        year -= int(self._tokens[0]) % 100 - 18
        return year if self.label(year).lower() == plain else None

    @property
    def names_the_end(self) -> bool:
        """Whether a name gives only the year in which the financial year ends: FY2019 for October 2018."""
        return all(int(token) % 100 == 19 for token in self._tokens)

    @property
    def _tokens(self):
        return _TOKEN.findall(self.example)

    @property
    def _escaped(self):
        return re.escape(self.example.lower()).replace(r"\-", "-")

    def _check(self):
        years = [int(token) % 100 for token in self._tokens]
        left = _TOKEN.sub("", self.example)
        allowed = [[18]] if self == 1 else [[18], [19], [18, 19]]
        if years not in allowed or re.search(r"\d", left):
            like = "2018 or FY18" if self == 1 else "2018/19, 2018-19, 2018 or FY2019"
            raise ValueError(f"Expected what the financial year that starts in 2018 is called, such as {like}")
