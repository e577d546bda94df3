"""Ages: how old each figure is on the day of the meeting about it, for cards, the cover and the set's manifest."""

from statistics import median_low

import pandas as pd

from mpr_lib.book.book import Book
from mpr_lib.book.tables import committees
from mpr_lib.meetings.calendar import of_indicator
from mpr_lib.report import blocks
from mpr_lib.report.prose import paragraph
from mpr_lib.words import counted, day_words


def age(month: pd.Period, day) -> int:
    """Days from the last day of a figure's month to a day.

    >>> from datetime import date
    >>> age(pd.Period("2018-05"), date(2018, 7, 12))
    42
    """
    return (day - month.end_time.date()).days


def card(report, row) -> dict:
    """A short line below an indicator's facts; nothing where it has no figure, or no meeting that is about it."""
    meeting = _meeting(report, row)
    if meeting is None:
        return {}
    days = counted(age(row.latest_month, meeting.date), "day")
    will, meets = ("will be", "meets") if _is_ahead(report, meeting.date) else ("was", "met")
    said = f"This figure {will} {days} old when {meeting.who} {meets} on {day_words(meeting.date)}."
    return {"more": [blocks.prose([paragraph(said)])]}


def cover_notes(report) -> list[str]:
    """One sentence: how old a typical figure and the oldest are on the day of the meeting about them."""
    found = [(row, meeting) for row in report.scorecard.itertuples() if (meeting := _meeting(report, row))]
    if not found:
        return []
    ages = {row.indicator_code: age(row.latest_month, meeting.date) for row, meeting in found}
    oldest = max(ages, key=lambda code: ages[code])
    typical, days = median_low(ages.values()), sorted({meeting.date for _, meeting in found})
    who = list({meeting.who for _, meeting in found})
    will, meet = ("will be", "meets" if len(who) == 1 else "meet") if _is_ahead(report, days[0]) else ("was", "met")
    on = f"on {day_words(days[0])}" if len(days) == 1 else f"between {day_words(days[0])} and {day_words(days[-1])}"
    older = f", the oldest {counted(ages[oldest], 'day')} ({oldest})" * (ages[oldest] > typical)
    return [
        f"When {who[0] if len(who) == 1 else 'the committees'} {meet} {on}, a typical figure in this report {will} "
        f"{counted(typical, 'day')} old{older}."
    ]


def explain(book: Book) -> list[dict]:
    """What the set's manifest says of the month's meetings, for the archive."""
    return [{"committee": each.committee, "date": str(each.date)} for each in book.annexes["meetings"]]


def _is_ahead(report, day):
    """Whether a day is still to come for the report, by the time that it carries."""
    return report.generated.date() <= day


def _meeting(report, row):
    """The meeting about an indicator that has a figure: in a committee's edition that committee's."""
    meetings = report.book.annexes.get("meetings")
    if not meetings or row.value != row.value:
        return None
    return of_indicator(meetings, [report.committee] if report.committee else committees(row.scrutiny_committee))
