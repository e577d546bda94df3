"""Likely: what members may ask of a month's report, worked out from it, and as texts for mails to officers."""

from typing import NamedTuple

import pandas as pd

from mpr_lib import words
from mpr_lib.actions.recorded import is_doing
from mpr_lib.book import Book, history_of, scorecard_of
from mpr_lib.book.commentary import comment_before, same_words
from mpr_lib.book.tables import committees, officers
from mpr_lib.report.prose import action, read_prose
from mpr_lib.rules.owed import owed_values

RED_RUNNING = 3
"""So many figures in a row are red when somebody asks what is done."""
SILENT = 2
"""So many months that a figure is late when somebody asks where it is."""


class Likely(NamedTuple):
    """A question that members may ask, or have asked (kind ASKED), and why it is among them (kind)."""

    indicator_code: str
    short_name: str
    managed_by: str
    kind: str
    question: str


def likely_questions(book: Book, committee: str = "") -> list[Likely]:
    """What members may ask, and what they asked and wait for, by indicator; of all committees or of one."""
    history = history_of(book)
    scorecard = scorecard_of(book, history)
    months = dict(tuple(history.groupby("indicator_code")))
    owed = owed_values(book.indicators, book.values, book.month, book.settings.years)
    late = owed.groupby("indicator_code")["late_by"].max().to_dict()
    return [
        Likely(row.indicator_code, row.public_title or row.short_name, row.managed_by, kind, question)
        for row in scorecard.itertuples()
        if not committee or committee in committees(row.scrutiny_committee)
        for kind, question in _of_row(book, row, months[row.indicator_code], late.get(row.indicator_code, 0))
    ]


def _of_row(book, row, months, late_by):
    code = row.indicator_code
    actions, asked = book.annexes["actions"].of(code)
    for each in asked[asked["is_open"]].itertuples():
        due = f", answer due {words.day_words(each.due)}" * bool(each.due)
        yield "ASKED", f"{each.committee} asked on {words.day_words(each.asked)}{due}: {each.question}"
    for each in actions[actions["became"] == "LATE"].itertuples():
        yield "LATE_ACTION", f"This was due {words.day_words(each.due)}: {each.action.rstrip('.')}. What became of it?"
    count = red_running(months, row.latest_month)
    if count >= RED_RUNNING and not is_doing(actions).any() and not action(read_prose(row.commentary)):
        periods = words.counted(count, words.period(row.frequency))
        yield "RED_WITHOUT_ACTION", f"It has been red for {periods} running, and no action is recorded. What is done?"
    yield from _of_target(row, months, book.settings.years)
    if row.expected_outcome == "ON_COURSE" and row.rating in ("AMBER", "RED"):
        said = f"{words.RATINGS[row.rating].lower()} ({row.value_text} against {row.target_text})"
        outcome = words.lowered(words.OUTCOMES_SHORT["ON_COURSE"])
        yield "JUDGED_GREEN", f"It is {said} and judged {outcome}: '{row.outcome_reason}'. What will bring it there?"
    if late_by >= SILENT:
        yield "NO_FIGURE", f"A figure is {words.counted(int(late_by), 'month')} late. When will there be one?"
    before = comment_before(book.workspace, code, book.month) if row.commentary else None
    if before and same_words(row.commentary, before.text):
        yield "SAME_COMMENT", f"The comment is that of {words.month_words(before.month)}, word for word. What is new?"


def red_running(months: pd.DataFrame, latest: pd.Period) -> int:
    """How many figures in a row, up to that of the latest month, are red; months without a figure are passed over.

    ``months`` is one indicator's part of the history: month, value, rating.
    """
    known = months[(months["month"] <= latest) & months["value"].notna()].sort_values("month")
    return int((known["rating"] == "RED")[::-1].cumprod().sum())


def _of_target(row, months, years):
    """Whether the year's target is another than last year's, where it became easier to meet."""
    year = years.of(row.latest_month)
    then, now = (months[months["financial_year"] == each].tail(1) for each in (year - 1, year))
    if then.empty or now.empty:
        return
    (old,), (new,) = then.itertuples(), now.itertuples()
    easier = {"MAXIMISE": new.annual_target_low < old.annual_target_low,
              "MINIMISE": new.annual_target_high > old.annual_target_high}  # fmt: skip
    if easier.get(row.polarity):
        moved = f"from {old.annual_target_text} in {years.label(year - 1)} to {new.annual_target_text}"
        yield "TARGET_MOVED", f"The annual target went {moved} in {years.label(year)}, which is easier to meet. Why?"


def by_officer(found: list[Likely]) -> dict[str, list[Likely]]:
    """The questions of each officer, in order of letters, those of nobody last; of two officers each gets them."""
    names = {name for each in found for name in officers(each.managed_by) or [""]}
    order = sorted(names, key=lambda name: (not name, name.casefold()))
    return {name: [each for each in found if name in (officers(each.managed_by) or [""])] for name in order}


def likely_mails(book: Book, committee: str = "") -> dict[str, str]:
    """By officer the text of a mail with what members may ask: a line To, a line Subject, and its body."""
    report = f"{book.settings.title} for {words.month_words(book.month)}"
    about = f"what {committee or 'members'} may ask"
    found = {}
    for name, questions in by_officer(likely_questions(book, committee)).items():
        lines, code = [f"To: {name or 'No officer stated'}", f"Subject: {report}: {about}"], ""
        for each in questions:
            lines += ["", f"{each.indicator_code} {each.short_name}"] * (each.indicator_code != code)
            lines, code = [*lines, f"- {each.question}"], each.indicator_code
        found[name] = "\n".join(lines) + "\n"
    return found
