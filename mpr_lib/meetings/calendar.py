"""The calendar: when committees meet about a month's report, and by when each step before that is to be done."""

import os
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, get_args

import pandas as pd
from pydantic import Field, field_validator

from mpr_lib.book.book import Book
from mpr_lib.book.plain_yaml import read_yaml
from mpr_lib.book.settings import Month, ReportSettings, Strict, read_settings
from mpr_lib.book.tables import committees
from mpr_lib.book.workspace import InputReader
from mpr_lib.checks.frames import lag_allowed
from mpr_lib.checks.suites import expected
from mpr_lib.errors import InputError, near
from mpr_lib.files import packaged
from mpr_lib.rules.months import month_label
from mpr_lib.rules.owed import Waiting, owed_values
from mpr_lib.run.inputs import published_version
from mpr_lib.words import counted, day_words, joined

CALENDAR = "params/calendar.yml"
PRIVATE = (CALENDAR,)
HERE = Path(__file__).parent
Step = Literal["return", "chase", "approve", "freeze", "publish"]
STEPS: tuple[Step, ...] = get_args(Step)
USUAL: dict[Step, int] = {"return": 20, "chase": 16, "approve": 12, "freeze": 9, "publish": 7}
"""Days before the meeting by which each step is done, where a calendar says nothing else."""
_WORDS = packaged("meetings/words.yml")
MEANS: dict[Step, str] = _WORDS["steps"]
FAULTS: dict[str, str] = _WORDS["faults"]
LATEST = 6
"""Months after the reporting month in which a meeting about it is likely."""
FRIDAY = 4

Days = Annotated[int, Field(ge=0, le=120)]


class Meeting(Strict):
    """When a committee meets about a month's report; without a committee it is about the whole report."""

    month: Month
    date: date
    committee: str = ""
    before: dict[Step, Days] = Field(default_factory=dict)

    @field_validator("date")
    @classmethod
    def _likely(cls, day, others):
        month = others.data.get("month")
        if month and not 0 < (pd.Period(day, freq="M") - pd.Period(month, freq="M")).n <= LATEST:
            label = month_label(pd.Period(month, freq="M"))
            raise ValueError(f"Expected a day in the {LATEST} months after {label}, which the meeting is about")
        if day.weekday() > FRIDAY:
            raise ValueError(f"{day_words(day)} is a {day:%A}. Expected a day from Monday to Friday")
        return day

    @property
    def who(self) -> str:
        """The committee in a sentence."""
        return self.committee or "the committee"

    def due(self, step: Step) -> date:
        """The day by which a step is to be done: the Friday before, where that is a Saturday or a Sunday."""
        day = self.date - timedelta(days=self.before[step])
        return day - timedelta(days=max(0, day.weekday() - FRIDAY))

    def step_on(self, day: date) -> Step | None:
        """The step that is being done on a day: the first whose own day has not passed, none after the last."""
        return next((step for step in STEPS if self.due(step) >= day), None)


class Calendar(Strict):
    """params/calendar.yml: days before each meeting by which a step is to be done, and the meetings."""

    before: dict[Step, Days] = Field(default_factory=dict)
    meetings: list[Meeting] = Field(default_factory=list)


def read_meetings(reader: InputReader, month: pd.Period, settings: ReportSettings) -> list[Meeting]:
    """A month's meetings, the first first, each with the days of every step; none without params/calendar.yml.

    Raises ``InputError`` for whatever the file has that cannot be meant, of any month.
    """
    path = reader.workspace.root / CALENDAR
    if not os.path.lexists(path) or read_yaml(text := reader.text(path), CALENDAR) is None:
        return []
    found = read_settings(Calendar, text, CALENDAR)
    spelt, meetings, problems = settings.committee_spelt, [], []
    for number, given in enumerate(found.meetings, start=1):
        days, committee = USUAL | found.before | given.before, spelt.get(given.committee, given.committee)
        meeting = given.model_copy(update={"before": days, "committee": committee})
        at = f"{CALENDAR}, meeting {number} ({committee or 'no committee'}, {meeting.date}): "
        problems += [at + said for said in _faults(meeting, meetings, spelt)]
        meetings.append(meeting)
    if problems:
        raise InputError(problems)
    return sorted((each for each in meetings if each.month == str(month)), key=lambda each: each.date)


def _faults(meeting, before, spelt):
    """What cannot be meant of a meeting: its committee, a second one for a month, steps out of order or too early."""
    month, due = pd.Period(meeting.month, freq="M"), meeting.due("return")
    names, about = dict.fromkeys(spelt.values()), [(each.month, each.committee) for each in before]
    if names and meeting.committee and meeting.committee not in names:
        hint = near(meeting.committee, spelt) or f" Expected one of {', '.join(names)}."
        yield FAULTS["unknown"].format(hint=hint)
    if (meeting.month, meeting.committee) in about:
        number = about.index((meeting.month, meeting.committee)) + 1
        yield FAULTS["twice"].format(number=number, month=month_label(month))
    for step, later in pairwise(STEPS):
        days, after = counted(meeting.before[step], "day"), meeting.before[later]
        if meeting.before[step] < after:
            yield FAULTS["order"].format(step=step, before=days, later=later, after=after, steps=joined(STEPS))
    if due <= month.end_time.date():
        yield FAULTS["early"].format(day=day_words(due), month=month_label(month))


def of_indicator(meetings: list[Meeting], names: list[str]) -> Meeting | None:
    """The first meeting of an indicator's committees, of those in order; without one the first that is about all."""
    own = [each for each in meetings if each.committee and each.committee in names]
    return next(iter(own or [each for each in meetings if not each.committee]), None)


def waits(book: Book, today: date) -> list[Waiting]:
    """What ``mpr status`` says of a month's meetings on a day: when each is and what it still waits for, the step of
    the day, and what should have been done before. The report is one, so its steps are those of its first meeting.
    """
    meetings = book.annexes["meetings"]
    if not meetings:
        return []
    lags = lag_allowed(expected(book)[0], book.indicators)
    owed = owed_values(book.indicators.assign(allowed_lag=lags), book.values, book.month, book.settings.years)
    of = book.indicators.drop_duplicates("indicator_code").set_index("indicator_code")["scrutiny_committee"]
    asked = [of_indicator(meetings, committees(of[code])) for code in owed["indicator_code"]]
    late = [_waiting(meetings[0], said, True) for said in _overdue(book, meetings[0], today, len(owed))]
    told = [_waiting(each, _meets(each, today, asked.count(each))) for each in meetings]
    return [*late, *told, _waiting(meetings[0], _of_today(book, meetings[0], today))]


def _waiting(meeting, said, is_owed=False):
    return Waiting(meeting.committee or "Committee", "", said, is_owed)


def _meets(meeting, today, owed):
    days = (meeting.date - today).days
    figures = f"{counted(owed, 'figure')} {'is' if owed == 1 else 'are'} owed for it"
    said = f"{'met' if days < 0 else 'meets'} on {day_words(meeting.date)}, {_ahead(days)}"
    return f"{said}; {figures if owed else 'every figure for it is in'}"


def _overdue(book, first, today, owed):
    """What should have been done before today: figures that are owed, and a report that is not published."""
    figures = f"{counted(owed, 'figure')} {'is' if owed == 1 else 'are'} overdue" if owed else ""
    published = published_version(book.workspace.outputs / str(book.month))
    for step, what in (("return", figures), ("publish", "" if published else "nothing is published")):
        days = (first.due(step) - today).days
        if what and days < 0:
            yield f"{step} was to be done by {day_words(first.due(step))}, {_ahead(days)}: {what}"


def _of_today(book, first, today):
    step = first.step_on(today)
    if step is None:
        return "every step before the meeting has had its day"
    said = f"the step of {day_words(today)} is {step} ({MEANS[step]})"
    if today <= book.month.end_time.date():
        said = f"{month_label(book.month)} is not over yet; the first step is {step} ({MEANS[step]})"
    left = (first.due(step) - today).days
    until = f"to be done by {day_words(first.due(step))}: {counted(left, 'day')} left" if left else "its last day"
    return f"{said}, {until}"


def _ahead(days):
    """How far ahead a day is: 'in 3 days', 'today', '1 day ago'."""
    return f"in {counted(days, 'day')}" if days > 0 else f"{counted(-days, 'day')} ago" if days else "today"


def begins(month: str) -> dict[str, str]:
    """What a workspace begins with: a calendar of remarks, a Thursday for its example, and headings for officers."""
    day = (pd.Period(month, freq="M") + 2).start_time.date() + timedelta(days=9)
    text = (HERE / "calendar.yml").read_text(encoding="utf-8").replace("@MONTH@", month)
    text = text.replace("@DATE@", str(day + timedelta(days=(3 - day.weekday()) % 7)))
    return {CALENDAR: text, "data/officers.csv": "managed_by,email\n"}
