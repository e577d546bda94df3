"""Pages: what the desk shows, as HTML that the report's own templates lay out. Everything is escaped."""

import re
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup

from mpr_lib import words
from mpr_lib.desk.desk import NEEDS, STATES, Desk, Opened, months_of
from mpr_lib.desk.indicator import facts_blocks
from mpr_lib.report.document import style as report_style
from mpr_lib.report.prose import read_prose
from mpr_lib.report.rendering import environment
from mpr_lib.report.sections.cells import judged
from mpr_lib.rules.months import month_label
from mpr_lib.rules.outcome import FROM_RATING, JUDGED

HERE = Path(__file__).parent


@cache
def _environment() -> Environment:
    report = environment()
    return report.overlay(loader=ChoiceLoader([FileSystemLoader(HERE / "templates"), report.loader]))


def _render(template, **context):
    return _environment().get_template(f"{template}.html.j2").render(**context)


def shell_html() -> str:
    """The desk's frame: places for its parts, and the controls with their labels."""
    return _render("shell", outcomes=[(code, words.OUTCOMES[code]) for code in reversed(JUDGED)])


def style() -> str:
    """The report's style, light and dark as JupyterLab is, and the desk's own."""
    return f"{report_style()}\n{(HERE / 'static' / 'desk.css').read_text(encoding='utf-8')}"


def month_html(desk: Desk) -> str:
    """The month's choices and name."""
    months = [(str(month), month_label(month)) for month in reversed(months_of(desk.workspace))]
    return _render("month", months=months, chosen=str(desk.month), council=desk.report.settings.council)


def list_html(desk: Desk, chosen: str = "") -> str:
    """The indicators, grouped by why they stand where they do."""
    found = desk.entries()
    groups = [(label, [entry for entry in found if entry.need == need]) for need, label in NEEDS.items()]
    tally = [(label, sum(entry.state == state for entry in found)) for state, label in STATES.items()]
    return _render(
        "list", groups=[group for group in groups if group[1]], chosen=chosen, states=STATES,
        outcomes=words.OUTCOMES_SHORT, tally=[each for each in tally if each[1]], short=_short,
    )  # fmt: skip


def _short(name):
    return name if len(name) <= 90 else name[:88].rsplit(" ", 1)[0].rstrip(" ,.-") + " …"


def facts_html(desk: Desk, opened: Opened) -> str:
    """One indicator's heading, figures and chart."""
    row = opened.row
    facts, *others = facts_blocks(desk.report, row)
    basis = "" if row.basis == "UNSTATED" else words.basis_words(row.basis, row.frequency)
    outcome = words.OUTCOMES[row.expected_outcome]
    return _render("facts", row=row, basis=basis, outcome=outcome, judged=judged(row), facts=facts, others=others)


def findings_html(checks, code: str) -> str:
    """What the checks found on the indicator, that they are running, or why they cannot run."""
    running = checks is None or checks.running
    problem, found = ("", []) if running else (checks.problem, checks.of(code))
    return _render("findings", running=running, problem=problem, findings=found)


def state_html(desk: Desk, opened: Opened) -> str:
    """How far the comment is, and who approved it when."""
    comment = opened.comment
    by = _by(desk, comment.role, comment.date)
    return _render("state", state=opened.state, label=STATES[opened.state], by=by)


def drafts_html(opened: Opened) -> str:
    """Drafts of other desks, each to take up or to throw away."""
    return _render("drafts", drafts=opened.others)


def earlier_html(opened: Opened) -> str:
    """The comment before this one."""
    before = opened.earlier
    if before is None:
        return _render("earlier", before=None)
    return _render("earlier", before=before, month=month_label(before.month), prose=read_prose(before.text))


def look_html(desk: Desk, code: str, text: str) -> str:
    """A text as the report will show it, with whose role and which day stand below the comment."""
    comment = desk.open(code).comment
    return _render("look", prose=read_prose(text), by=_by(desk, comment.role, comment.date))


def _by(desk, role, day):
    return ", ".join(part for part in (role, words.day_words(day)) if part)


def hints_html(desk: Desk, code: str, text: str) -> str:
    """What the rules have to say of a text."""
    return _render("hints", remarks=desk.remarks(code, text), empty=not text.strip(), words=len(text.split()))


def judgement_html(desk: Desk, opened: Opened) -> str:
    """What the rating says, and what was judged."""
    row = opened.row
    rated, outcome = FROM_RATING.get(row.rating, row.rating), row.expected_outcome
    return _render(
        "judgement", rated=rated, rated_words=words.OUTCOMES[rated], outcome=outcome,
        outcome_words=words.OUTCOMES[outcome], judged=bool(row.outcome_reason), row=row,
        by=_by(desk, row.judgement_role, row.judgement_date),
    )  # fmt: skip


def conflict_html(mine: str, theirs: str, by: str = "") -> str:
    """Both texts of a conflict beside each other, with what differs marked."""
    left, right = differences(mine, theirs)
    return _render("conflict", mine=left, theirs=right, by=by)


def magic_html(desk: Desk, code: str, comment) -> str:
    """What a saved cell shows: the comment as the report will, and its hints."""
    said = f"saved, {STATES[desk.open(code).state].lower()}"
    look, hints = look_html(desk, code, comment.text), hints_html(desk, code, comment.text)
    return _magic(desk, code, said, look=Markup(look), hints=Markup(hints))


def magic_conflict_html(desk: Desk, code: str, mine: str, theirs, option: str) -> str:
    """What a cell shows that was not saved because the file is not the one that the notebook knows."""
    left, right = differences(mine, theirs.text)
    conflict = _render("magic_conflict", mine=left, theirs=right, code=code, option=option)
    return _magic(desk, code, "not saved", conflict=Markup(conflict))


def _magic(desk, code, said, **parts):
    parts = {"conflict": "", "look": "", "hints": "", **parts}
    return _render("magic", code=code, month=month_label(desk.month), style=style(), said=said, **parts)


def differences(mine: str, theirs: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts as runs of words, each with whether the other text lacks it.

    >>> differences("Two days lost.", "Three days lost.")[0]
    [('Two', True), (' days lost.', False)]
    """
    ours, others = (re.findall(r"\s+|[^\s]+", text) for text in (mine, theirs))
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, ours, others, autojunk=False).get_opcodes():
        left += [("".join(ours[a:b]), kind != "equal")] * (b > a)
        right += [("".join(others[c:d]), kind != "equal")] * (d > c)
    return left, right
