"""The desk: one month's comments and judgements, read, looked at, saved and approved. It knows of no widget."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from mpr_lib import words
from mpr_lib.book import Workspace, read_book
from mpr_lib.book.commentary import Comment, comment_before, read_comment, same_words
from mpr_lib.checks.commentary import Remark, comment_facts, remarks
from mpr_lib.desk.beside import Checks
from mpr_lib.desk.first_draft import first_draft
from mpr_lib.desk.saving import (
    Draft,
    Drafts,
    Judgement,
    plain,
    read_judgement,
    record_judgement,
    save_comment,
    withdraw_judgement,
)
from mpr_lib.errors import InputError
from mpr_lib.report import Report
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.months import read_month
from mpr_lib.rules.outcome import EXCEPTIONS, FROM_RATING, JUDGED

STATES = {"MISSING": "No comment", "CARRIED_OVER": "Carried over", "DRAFT": "Draft", "APPROVED": "Approved"}
NEEDS = {
    "WITHOUT_COMMENT": "Exceptions without a comment",
    "CARRIED_OVER": "Carried over unchanged",
    "JUDGED_BETTER": "Judged better than rated",
    "TO_APPROVE": "Written, not approved yet",
    "APPROVED": "Approved",
    "OPTIONAL": f"{words.OUTCOMES_SHORT['ON_COURSE']}: a comment is optional",
}
"""Why an indicator stands where it does in the list, the most urgent first."""


@dataclass(frozen=True)
class Entry:
    """One indicator in the list. ``kept`` says that words typed about it are kept and not saved yet."""

    code: str
    name: str
    outcome: str
    state: str
    need: str
    kept: bool = False


@dataclass(frozen=True)
class Opened:
    """One indicator on the desk: its comment as saved, words that are not saved, and what came before."""

    code: str
    comment: Comment
    state: str
    own: Draft | None
    others: list[Draft]
    earlier: Comment | None
    judgement: Judgement
    row: object = field(repr=False)

    @property
    def text(self) -> str:
        """What the editor begins with: the words that were typed last, else those that are saved."""
        return self.own.text if self.own else self.comment.text


class Desk:
    """One workspace's month on one analyst's desk. Everything is read again when it is asked for."""

    def __init__(self, workspace: Path | str, month: str = "", *, name: str = ""):
        self.workspace = Workspace(Path(workspace))
        self.name = name
        self.checks: Checks | None = None
        self.turn_to(month or str(newest_month(self.workspace)))

    def turn_to(self, month: str) -> None:
        """Open another month, or the same one anew."""
        self.month = read_month(month)
        self.drafts = Drafts(self.workspace, self.month, self.name)
        self.name = self.drafts.desk
        self._read()

    def _read(self):
        self.report = Report(read_book(self.workspace, self.month))
        self.rows = {row.indicator_code: row for row in self.report.scorecard.itertuples()}
        self._facts = {}
        if self.checks:
            self.checks.stop()
        self.checks = None

    # What is there.

    def entries(self) -> list[Entry]:
        """The list of indicators, those that need a comment first, as the files are now."""
        found, kept = [], self.drafts.codes(self.rows)
        for code, row in self.rows.items():
            state = state_of(self._comment(code), comment_before(self.workspace, code, self.month))
            name, need = row.short_name or code, need_of(row, state)
            found.append(Entry(code, name, row.expected_outcome, state, need, code in kept))
        order = list(NEEDS)
        return sorted(found, key=lambda entry: (order.index(entry.need), natural_key(entry.code)))

    def open(self, code: str) -> Opened:
        """One indicator, as its files are now."""
        row, comment, earlier = self.row(code), self._comment(code), comment_before(self.workspace, code, self.month)
        return Opened(
            code, comment, state_of(comment, earlier), self.drafts.own(code), self.drafts.others(code, comment.text),
            earlier, read_judgement(self.workspace, self.month, code), row,
        )  # fmt: skip

    def row(self, code: str):
        """The indicator's row of the scorecard."""
        if code not in self.rows:
            raise InputError(f"There is no indicator '{code}'. The codes are those in data/indicators.csv.")
        return self.rows[code]

    def remarks(self, code: str, text: str) -> list[Remark]:
        """What the rules have to say of a text as this indicator's comment."""
        if code not in self._facts:
            known = self.report.book.abbreviations["abbreviation"]
            before = comment_before(self.workspace, code, self.month)
            self._facts[code] = comment_facts(self.row(code), self.report.months_of(code), known, before)
        found = remarks(text, self._facts[code])
        if self.is_first_draft(code, text):
            said = "This says what the figures say and no more.", "Add why it is so, and what is done about it."
            found = [Remark("is_first_draft", "warning", "", *said), *found]
        return found

    def first_draft(self, code: str) -> str:
        """A plain sentence or two, made from the figures alone."""
        return first_draft(self.row(code), self.report.months_of(code), self.report.settings.years)

    def is_first_draft(self, code: str, text: str) -> bool:
        """Whether nobody has changed a first draft yet."""
        return same_words(text, self.first_draft(code))

    def check(self) -> Checks:
        """Run the checks beside the desk, once for what was read."""
        if self.checks is None:
            self.checks = Checks(self.workspace, self.month)
        return self.checks

    # What is done.

    def keep(self, code: str, text: str) -> None:
        """Keep what is typed, so that nothing is lost when the browser or the kernel goes."""
        self.row(code)
        self.drafts.keep(code, text, self._comment(code).text)

    def save(self, code: str, text: str, base: str, role: str = "", approve: bool = False) -> Comment:
        """Save a comment over the version that was opened; approving records whose role and which day.

        Other words than those that were approved are a draft again. Raises ``ChangedMeanwhile`` if the file is
        another by now, ``InputError`` without words, without a role, or for a first draft that is to be approved.
        """
        self.row(code)
        fields = self._front_matter(code, text, role, approve)
        saved = save_comment(self.workspace, self.month, code, text, base, **fields)
        self.drafts.drop(code)
        return saved

    def _front_matter(self, code, text, role, approve):
        if approve:
            if not plain(role):
                raise InputError("Say in which role you approve this, for example: Head of HR.")
            if self.is_first_draft(code, text):
                raise InputError("This is the first draft as the figures made it. Edit it before it is approved.")
            return {"role": plain(role), "date": date.today().isoformat(), "state": "approved"}
        now = self._comment(code)
        if now.state != "approved":
            return {"state": "draft"}
        return {} if plain(text) == now.text else {"role": None, "date": None, "state": "draft"}

    def withdraw_approval(self, code: str, base: str) -> Comment:
        """Make an approved comment a draft again, its words as they are."""
        now = self._comment(code)
        return save_comment(self.workspace, self.month, code, now.text, base, role=None, date=None, state="draft")

    def judge(self, code: str, outcome: str, reason: str, role: str, until: str, version: str) -> Judgement:
        """Record where the year is expected to end, and why; the scorecard follows."""
        self.row(code)
        until = str(read_month(until)) if until.strip() else ""
        made = Judgement(outcome, plain(reason), plain(role), date.today().isoformat(), until, version)
        recorded = record_judgement(self.workspace, self.month, code, made)
        self._read()
        return recorded

    def withdraw_judgement(self, code: str, version: str) -> None:
        """Let the rating speak again."""
        withdraw_judgement(self.workspace, self.month, code, version)
        self._read()

    def _comment(self, code):
        return read_comment(self.workspace, self.month, code)


def state_of(comment: Comment, earlier: Comment | None) -> str:
    """How far a comment is: a draft until it is approved, carried over if it says what the last one said."""
    if not comment.text:
        return "MISSING"
    if comment.state == "approved":
        return "APPROVED"
    return "CARRIED_OVER" if earlier and same_words(comment.text, earlier.text) else "DRAFT"


def need_of(row, state: str) -> str:
    """Why a scorecard row needs its comment looked at, or that it does not."""
    if state == "MISSING" and row.expected_outcome in EXCEPTIONS:
        return "WITHOUT_COMMENT"
    if state in ("APPROVED", "CARRIED_OVER"):
        return state
    if is_judged_better(row):
        return "JUDGED_BETTER"
    return "TO_APPROVE" if state == "DRAFT" else "OPTIONAL"


def is_judged_better(row) -> bool:
    """Whether a judgement makes the outcome better than the rating would."""
    rated = FROM_RATING.get(row.rating)
    return bool(row.outcome_reason) and rated in JUDGED and JUDGED.index(row.expected_outcome) > JUDGED.index(rated)


def newest_month(workspace: Workspace) -> pd.Period:
    """The newest month that has both its settings and its figures."""
    known = months_of(workspace)
    if not known:
        raise InputError("No month has both its settings in params and its figures in data/returns.")
    return known[-1]


def months_of(workspace: Workspace) -> list[pd.Period]:
    """The months that can be reported, in order."""
    names = sorted(path.stem for path in workspace.params.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].yml"))
    months = [pd.Period(name, freq="M") for name in names if "01" <= name[-2:] <= "12"]
    return [month for month in months if workspace.return_file(month).is_file()]


def writable(workspace: Workspace) -> bool:
    """Whether comments can be saved here at all."""
    return os.access(workspace.data, os.W_OK)
