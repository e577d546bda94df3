"""The desk: one month's comments and judgements, read, looked at, saved and approved. It knows of no widget."""

from copy import copy
from datetime import date
from functools import cached_property
from pathlib import Path
from secrets import token_hex

import pandas as pd

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.book import Workspace, read_book
from mpr_lib.book.commentary import Comment, comment_before, read_comment, same_words
from mpr_lib.book.workspace import MONTH
from mpr_lib.checks.commentary import Remark, comment_facts, remarks
from mpr_lib.checks.findings import Finding
from mpr_lib.desk import saving
from mpr_lib.desk.beside import Checks
from mpr_lib.desk.first_draft import first_draft
from mpr_lib.errors import InputError
from mpr_lib.report import Report
from mpr_lib.report.signal_words import chance_words
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

_UNAPPROVED = {"role": None, "date": None, "state": "draft"}


class Opened:
    """One indicator on the desk, as its files are now: its comment, words that are not saved, and what came before."""

    def __init__(self, desk: "Desk", row):
        self.row, self.code, self.name = row, row.indicator_code, row.short_name or row.indicator_code
        self._desk = desk
        self.comment = read_comment(desk.workspace, desk.month, self.code)
        self.earlier = comment_before(desk.workspace, self.code, desk.month)
        is_void = desk.void.get(self.code) == self.comment.text
        self.state = state_of(self.comment, self.earlier, is_void)
        self.need = need_of(row, self.state)
        self.own = desk.drafts.read(self.code)

    @cached_property
    def others(self) -> list[saving.Draft]:
        return self._desk.drafts.others(self.code, self.comment.text)

    @cached_property
    def judgement(self) -> saving.Judgement:
        return saving.read_judgement(self._desk.workspace, self._desk.month, self.code)

    @property
    def text(self) -> str:
        """What the editor begins with: the words that were typed last, else those that are saved."""
        return self.own.text if self.own else self.comment.text

    @property
    def base(self) -> str:
        """The version that the editor's words were typed over: what was saved since then is not to be lost by them."""
        typed_over = self._desk.typed_over.get((self._desk.month, self.code), self.comment.version)
        return typed_over if self.own else self.comment.version


class Desk:
    """One workspace's month on one analyst's desk. Everything is read again when it is asked for."""

    def __init__(self, workspace: Path | str, month: str = "", *, name: str = ""):
        self.workspace = Workspace(Path(workspace))
        self.name = name or token_hex(4)
        self.checks: Checks | None = None
        self.typed_over: dict[tuple, str] = {}
        self.turn_to(month or months_of(self.workspace)[-1])

    def another(self) -> "Desk":
        """A desk for another view: it shares the figures that were read, and has drafts and checks of its own."""
        other = copy(self)
        other.name, other.checks, other.typed_over = token_hex(4), None, {}
        other.drafts = saving.Drafts(self.workspace, self.month, other.name)
        return other

    def turn_to(self, month: str | pd.Period) -> None:
        """Open another month, or the same one anew."""
        self.report = Report(read_book(self.workspace, read_month(month)))
        self.month, comments = self.report.month, self.report.book.commentary
        void = comments[comments["unapproved"] == "CHANGED"]
        self.void = dict(zip(void["indicator_code"], void["text"], strict=True))
        self.drafts = saving.Drafts(self.workspace, self.month, self.name)
        if self.checks:
            self.checks.stop()
        self.checks = None

    # What is there.

    def entries(self) -> list[Opened]:
        """The indicators as the files are now, those that need a comment first."""
        found, order = [Opened(self, row) for row in self.report.scorecard.itertuples()], list(NEEDS)
        return sorted(found, key=lambda each: (order.index(each.need), natural_key(each.code)))

    def open(self, code: str) -> Opened:
        """One indicator, as its files are now."""
        return Opened(self, self.row(code))

    def row(self, code: str):
        """The indicator's row of the scorecard."""
        return row_of(self.report, code)

    def remarks(self, code: str, text: str) -> list[Remark]:
        """What the rules have to say of a text as this indicator's comment."""
        opened, known = self.open(code), self.report.book.abbreviations["abbreviation"]
        found = remarks(text, comment_facts(opened.row, self.report.months_of(code), known, opened.earlier))
        if same_words(text, self.first_draft(code)):
            said = "This says what the figures say and no more.", "Add why it is so, and what is done about it."
            found = [Remark("is_first_draft", "warning", "", *said), *found]
        return found

    def first_draft(self, code: str) -> str:
        """A plain sentence or two, made from the figures alone."""
        return first_draft(self.row(code), self.report.months_of(code), self.report.settings.years)

    def check(self) -> Checks:
        """Run the checks beside the desk, once for what was read."""
        if self.checks is None:
            self.checks = Checks(self.workspace, self.month)
        return self.checks

    def findings(self, code: str) -> list[Finding]:
        """What the checks found on an indicator's figures, once they have run, and what its judgement lacks."""
        return [*against_forecast(self.row(code), self.report.settings.warn_at), *self.check().of(code)]

    # What is done.

    def keep(self, code: str, text: str, base: str | None = None) -> None:
        """Keep what is typed over the version ``base``, so that nothing is lost when the browser or the kernel goes."""
        now = self.open(code).comment
        self.drafts.keep(code, text, now.text)
        self.typed_over[self.month, code] = now.version if base is None else base

    def save(self, code: str, text: str, base: str, role: str = "", approve: bool = False) -> Comment:
        """Save a comment over the version that was opened; approving records whose role and which day.

        Other words than those that were approved are a draft again. Raises ``ChangedMeanwhile`` if the file is
        another by now, ``InputError`` without words, without a role, or for a first draft that is to be approved.
        """
        fields = self._front_matter(code, text, role, approve)
        saved = saving.save_comment(self.workspace, self.month, code, text, base, **fields)
        self.drafts.drop(code)
        for record in brought("approves").values() if approve else ():
            record(self.workspace, self.month, "comment", {code: saved.text}, role, date.today())
            self.void.pop(code, None)
        return saved

    def _front_matter(self, code, text, role, approve):
        now = self.open(code).comment
        if approve:
            if not saving.plain(role):
                raise InputError("Say in which role you approve this, for example: Head of HR.")
            if same_words(text, self.first_draft(code)):
                raise InputError("This is the first draft as the figures made it. Edit it before it is approved.")
            return {"role": role, "date": date.today(), "state": "approved"}
        if now.state != "approved":
            return {"state": "draft"}
        return {} if saving.plain(text) == now.text else _UNAPPROVED

    def withdraw_approval(self, code: str, base: str) -> Comment:
        """Make an approved comment a draft again, its words as they are."""
        now = self.open(code).comment
        return saving.save_comment(self.workspace, self.month, code, now.text, base, **_UNAPPROVED)

    def judge(self, code: str, outcome: str, reason: str, role: str, until: str, version: str) -> saving.Judgement:
        """Record where the year is expected to end, and why; the scorecard follows."""
        self.row(code)
        made = saving.Judgement(outcome, reason, role, date.today().isoformat(), until, version)
        recorded = saving.record_judgement(self.workspace, self.month, code, made)
        self.turn_to(self.month)
        return recorded

    def withdraw_judgement(self, code: str, version: str) -> None:
        """Let the rating speak again."""
        saving.withdraw_judgement(self.workspace, self.month, code, version)
        self.turn_to(self.month)


def state_of(comment: Comment, earlier: Comment | None, is_void: bool = False) -> str:
    """How far a comment is: a draft until it is approved, carried over if it says what the last one said.

    One whose approval ``is_void`` is not approved, whatever its file says.
    """
    if not comment.text:
        return "MISSING"
    if comment.state == "approved" and not is_void:
        return "APPROVED"
    return "CARRIED_OVER" if earlier and same_words(comment.text, earlier.text) else "DRAFT"


def need_of(row, state: str) -> str:
    """Why a scorecard row needs its comment looked at, or that it does not."""
    if state == "MISSING" and row.expected_outcome in EXCEPTIONS:
        return "WITHOUT_COMMENT"
    if state in ("APPROVED", "CARRIED_OVER"):
        return state
    rated = FROM_RATING.get(row.rating)
    if row.outcome_reason and rated in JUDGED and JUDGED.index(row.expected_outcome) > JUDGED.index(rated):
        return "JUDGED_BETTER"
    return "TO_APPROVE" if state == "DRAFT" else "OPTIONAL"


def against_forecast(row, warn_at: float) -> list[Finding]:
    """A finding for the desk alone where a judgement holds on course what its forecast gives little chance.

    Needs expected_outcome, outcome_reason, forecast_chance; without a chance nothing is found.
    """
    if row.expected_outcome != "ON_COURSE" or not row.outcome_reason or not row.forecast_chance <= warn_at:
        return []
    said = chance_words(row.forecast_chance)
    figures = f"meet the target {said.removeprefix('met ')}" if "met " in said else "almost certainly miss the target"
    message = f"The figures {figures}; say what makes this one different."
    place = row.indicator_code, str(row.reporting_month), "data/judgements.csv", None, "expected_outcome", ""
    return [Finding("judgement_against_forecast", "info", "accuracy", *place, message, "")]


def row_of(report: Report, code: str):
    """An indicator's row of the scorecard."""
    for row in report.scorecard[report.scorecard["indicator_code"] == code].itertuples():
        return row
    raise InputError(f"There is no indicator '{code}'. The codes are those in data/indicators.csv.")


def months_of(workspace: Workspace) -> list[pd.Period]:
    """The months that can be reported, in order: those that have both their settings and their figures."""
    names = (path.stem for path in workspace.returns_folder.glob("*.csv") if MONTH.fullmatch(path.stem))
    months = [month for month in map(pd.Period, sorted(names)) if workspace.has(workspace.month_settings(month))]
    if not months:
        raise InputError("No month has both its settings in params and its figures in data/returns.")
    return months
