"""The desk: one month's comments and judgements, read, looked at, saved and approved. It knows of no widget."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from mpr_lib.book import Workspace, read_book
from mpr_lib.book.commentary import Comment, comment_before, read_comment, same_words
from mpr_lib.checks.commentary import Remark, comment_facts, remarks
from mpr_lib.desk.checking import Checks
from mpr_lib.desk.drafts import Draft, Drafts
from mpr_lib.desk.entries import Entry, entries, state_of
from mpr_lib.desk.first_draft import first_draft
from mpr_lib.desk.judging import Judgement, read_judgement, record_judgement, withdraw_judgement
from mpr_lib.desk.saving import plain, save_comment
from mpr_lib.errors import InputError
from mpr_lib.report import Report
from mpr_lib.rules.months import read_month


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
        comments = {code: self._comment(code) for code in self.rows}
        return entries(self.report.scorecard, comments, self._earlier(), self.drafts.codes(self.rows))

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
        found = remarks(text, self._facts_of(code))
        if self.is_first_draft(code, text):
            said = "This says what the figures say and no more. Add why it is so, and what is done about it."
            found = [Remark("is_first_draft", "warning", "", said), *found]
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
        saved = save_comment(
            self.workspace, self.month, code, text, base, **self._front_matter(code, text, role, approve)
        )
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

    def _earlier(self):
        return {code: comment_before(self.workspace, code, self.month) for code in self.rows}

    def _facts_of(self, code):
        if code not in self._facts:
            before = comment_before(self.workspace, code, self.month)
            known = self.report.book.abbreviations["abbreviation"]
            self._facts[code] = comment_facts(self.row(code), self.report.months_of(code), known, before)
        return self._facts[code]


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
