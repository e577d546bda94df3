"""Pages: what the desk shows, as HTML that the report's own templates lay out. Everything is escaped."""

from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup

from mpr_lib import words
from mpr_lib.desk.desk import Desk, Opened, months_of
from mpr_lib.desk.differences import differences
from mpr_lib.desk.entries import NEEDS, STATES
from mpr_lib.desk.facts import facts_blocks
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
    return _environment().get_template(template).render(**context)


def shell_html() -> str:
    """The desk's frame: places for its parts, and the controls with their labels."""
    return _render("shell.html.j2", outcomes=[(code, words.OUTCOMES[code]) for code in reversed(JUDGED)])


def style() -> str:
    """The report's style, light and dark as JupyterLab is, and the desk's own."""
    return f"{report_style()}\n{(HERE / 'static' / 'desk.css').read_text(encoding='utf-8')}"


def month_html(desk: Desk) -> str:
    """The month's choices and name."""
    months = [(str(month), month_label(month)) for month in reversed(months_of(desk.workspace))]
    return _render("month.html.j2", months=months, chosen=str(desk.month), council=desk.report.settings.council)


def list_html(desk: Desk, chosen: str = "") -> str:
    """The indicators, grouped by why they stand where they do."""
    found = desk.entries()
    groups = [(NEEDS[need], [entry for entry in found if entry.need == need]) for need in NEEDS]
    tally = {state: sum(entry.state == state for entry in found) for state in STATES}
    return _render(
        "list.html.j2", groups=[group for group in groups if group[1]], chosen=chosen, states=STATES,
        outcomes=words.OUTCOMES_SHORT, tally=[(STATES[state], count) for state, count in tally.items() if count],
        short=_short,
    )  # fmt: skip


def _short(name):
    return name if len(name) <= 90 else name[:88].rsplit(" ", 1)[0].rstrip(" ,.-") + " …"


def facts_html(desk: Desk, opened: Opened) -> str:
    """One indicator's heading, figures and chart."""
    row = opened.row
    facts, *others = facts_blocks(desk.report, row)
    return _render(
        "facts.html.j2",
        row=row,
        basis="" if row.basis == "UNSTATED" else words.basis_words(row.basis),
        outcome=words.OUTCOMES[row.expected_outcome],
        judged=judged(row),
        facts=facts,
        others=others,
    )


def findings_html(checks, code: str) -> str:
    """What the checks found on the indicator, that they are running, or why they cannot run."""
    running = checks is None or checks.running
    problem = "" if running else checks.problem
    found = [] if running or problem else checks.of(code)
    return _render("findings.html.j2", running=running, problem=problem, findings=found)


def state_html(desk: Desk, opened: Opened) -> str:
    """How far the comment is, and who approved it when."""
    comment = opened.comment
    return _render("state.html.j2", state=opened.state, label=STATES[opened.state], by=_by(desk, comment))


def drafts_html(opened: Opened) -> str:
    """Drafts of other desks, each to take up or to throw away."""
    return _render("drafts.html.j2", drafts=opened.others)


def earlier_html(opened: Opened) -> str:
    """The comment before this one."""
    before = opened.earlier
    if before is None:
        return _render("earlier.html.j2", before=None)
    return _render("earlier.html.j2", before=before, month=month_label(before.month), prose=read_prose(before.text))


def look_html(desk: Desk, code: str, text: str) -> str:
    """A text as the report will show it."""
    return _render("look.html.j2", prose=read_prose(text), by=_by(desk, desk.open(code).comment))


def _by(desk, comment):
    """Whose role and which day stand below a comment."""
    parts = (comment.role, words.day_words(comment.date))
    return ", ".join(part for part in parts if part)


def hints_html(desk: Desk, code: str, text: str) -> str:
    """What the rules have to say of a text."""
    return _render("hints.html.j2", remarks=desk.remarks(code, text), empty=not text.strip(), words=len(text.split()))


def judgement_html(desk: Desk, opened: Opened) -> str:
    """What the rating says, and what was judged."""
    row = opened.row
    rated = FROM_RATING.get(row.rating, row.rating)
    by = (row.judgement_role, words.day_words(row.judgement_date))
    return _render(
        "judgement.html.j2",
        rated=rated,
        rated_words=words.OUTCOMES[rated],
        outcome=row.expected_outcome,
        outcome_words=words.OUTCOMES[row.expected_outcome],
        judged=bool(row.outcome_reason),
        row=row,
        by=", ".join(part for part in by if part),
    )


def conflict_html(mine: str, theirs: str, by: str = "") -> str:
    """Both texts of a conflict beside each other, with what differs marked."""
    left, right = differences(mine, theirs)
    return _render("conflict.html.j2", mine=left, theirs=right, by=by)


def magic_html(desk: Desk, code: str, comment) -> str:
    """What a saved cell shows: the comment as the report will, and its hints."""
    state = STATES[desk.open(code).state].lower()
    return _render(
        "magic.html.j2", code=code, month=month_label(desk.month), style=style(), said=f"saved, {state}", conflict="",
        look=Markup(look_html(desk, code, comment.text)), hints=Markup(hints_html(desk, code, comment.text)),
    )  # fmt: skip


def magic_conflict_html(desk: Desk, code: str, mine: str, theirs, option: str) -> str:
    """What a cell shows that was not saved because the file is not the one that the notebook knows."""
    left, right = differences(mine, theirs.text)
    conflict = _render("magic_conflict.html.j2", mine=left, theirs=right, code=code, option=option)
    return _render(
        "magic.html.j2", code=code, month=month_label(desk.month), style=style(), said="not saved",
        conflict=Markup(conflict), look="", hints="",
    )  # fmt: skip
