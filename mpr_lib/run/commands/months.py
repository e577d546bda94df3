"""Months as somebody types them: one, the one before this, or a range."""

import re
from datetime import date

MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")
LONGEST = 600


def read_months(text: str, today: date | None = None) -> list[str]:
    """The months that a text names, in order; ``ValueError`` says what was expected.

    >>> read_months("2018-12..2019-02"), read_months("previous", date(2018, 1, 31))
    (['2018-12', '2019-01', '2019-02'], ['2017-12'])
    """
    if text == "previous":
        now = today or date.today()
        return [_month(now.year * 12 + now.month - 2)]
    ends = text.split("..") if re.fullmatch(r"[\w-]+\.\.[\w-]+", text) else [text]
    for end in ends:
        if not MONTH.fullmatch(end):
            raise ValueError(f"'{end}' is not a month. Expected a year and a month such as 2018-05.")
    first, last = _number(ends[0]), _number(ends[-1])
    if last < first:
        raise ValueError(f"'{text}' ends before it begins. Expected {ends[1]}..{ends[0]}.")
    if last - first >= LONGEST:
        raise ValueError(f"'{text}' is {last - first + 1} months long. Expected no more than {LONGEST}.")
    return [_month(number) for number in range(first, last + 1)]


def _number(month):
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(number):
    return f"{number // 12:04}-{number % 12 + 1:02}"
