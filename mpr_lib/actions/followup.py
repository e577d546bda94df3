"""Follow-up: actions, what became of them, and members' questions: cards, cover, workbook, committees' editions."""

import pandas as pd

from mpr_lib import words
from mpr_lib.actions.recorded import BECAME, QUESTIONS, is_doing, is_open
from mpr_lib.book.commentary import same_words
from mpr_lib.checks.claimed import beginnings, only_stands
from mpr_lib.checks.commentary import named_months
from mpr_lib.report import blocks
from mpr_lib.report.prose import action, read_prose
from mpr_lib.report.sections import cells
from mpr_lib.rules.codes import slug
from mpr_lib.rules.outcome import is_exception
from mpr_lib.rules.variation import kind_of_signal

STATES = {"LATE": "Late", "NEW": "New", "CARRIED_OVER": "Carried over", "DONE": "Done", "DROPPED": "Dropped"}
KINDS = {"": "Question", "QUESTION": "Question", "RECOMMENDATION": "Recommendation"}
BACK = 12
"""For so many months a card shows an action after it ended, and a question after its answer."""


def card(report, row) -> dict[str, list]:
    """After the comment the open actions and those that ended with this report; behind a summary earlier ones and what
    members asked.
    """
    actions, asked = report.book.annexes["actions"].of(row.indicator_code)
    if actions.empty and asked.empty:
        return {"comment": [], "more": []}
    now = is_open(actions) | (actions["reported_from"] == report.month)
    earlier = actions[~now & (actions["reported_from"] > report.month - BACK)]
    asked = asked[asked["is_open"] | (asked["reported_from"] > report.month - BACK)]
    waiting, caption = int(asked["is_open"].sum()), f"{row.indicator_code}: what members asked"
    said = f"Members' questions ({len(asked)}{f', {waiting} open' * bool(waiting)})"
    behind = {
        f"Earlier actions ({len(earlier)})": _table(report, row, earlier, "earlier"),
        said: _answers(report, asked, slug(row.indicator_code), caption),
    }
    more = [blocks.details(summary, *table) for summary, table in behind.items() if table]
    return {"comment": _table(report, row, actions[now]), "more": more}


def beside(report, row) -> list:
    """What stands beside the desk's editor: the same, and how to record one more action."""
    shown = card(report, row)
    how = f'To record one: mpr action {report.month} "{row.indicator_code}" --what … --role … --due …'
    return [*shown["comment"], blocks.text(f"{how}, or a row of data/actions.csv."), *shown["more"]]


def glance(report, row) -> str:
    """The open actions on an indicator, in the order of the card: when each is due, what, who; empty without any."""
    if report.book.annexes["actions"].actions.empty:
        return ""
    actions, _ = report.book.annexes["actions"].of(row.indicator_code)
    return " ".join(_sentence(each) for each in actions[is_doing(actions)].itertuples())


def notes(report) -> list[str]:
    """What became of the actions since the report before, and how many exceptions lack an action, a date, a cause."""
    actions = report.book.annexes["actions"].actions
    actions = actions[actions["indicator_code"].isin(report.rows)]
    if actions.empty:
        return []
    now = actions[is_open(actions) | (actions["reported_from"] == report.month)]
    counts = {each: int((now["became"] == each).sum()) for each in ("DONE", "LATE", "CARRIED_OVER", "DROPPED", "NEW")}
    told = [f"{count} {words.lowered(STATES[each])}" for each, count in counts.items() if count]
    said = f"Of {words.counted(len(now), 'action')}: {words.joined(told)}." if len(now) else ""
    return [each for each in (said, _lacking(report, actions)) if each]


def asked(report, committee: str) -> list:
    """A table of what a committee asked and waits for, and of what was answered with this report."""
    found = report.book.annexes["actions"].questions
    now = found["is_open"] | ((found["state"] == "ANSWERED") & (found["reported_from"] == report.month))
    own = found[(found["committee"] == committee) & now]
    return _answers(report, own, "asked", f"What {committee} asked", with_about=True)


def sheets(book, scorecard) -> dict[str, tuple]:
    """The workbook's sheets of actions and of questions, of those that there are."""
    actions, questions = book.annexes["actions"].actions, book.annexes["actions"].questions
    columns = ["action_id", "indicator_code", "action", "role", "due", "first_due", "expected_effect", "became",
               "began", "closed", "reason"]  # fmt: skip
    shown = actions.assign(became=actions["became"].map(STATES))[columns]
    found = {"Actions": ("One row per action, as it stands now.", shown),
             "Questions": ("One row per question.", questions[QUESTIONS].drop(columns="reported_from"))}  # fmt: skip
    texts = {name: (holds, frame.astype("str").fillna("")) for name, (holds, frame) in found.items()}
    return {name: (holds, [*frame], frame.to_numpy().tolist()) for name, (holds, frame) in texts.items() if len(frame)}


def since_words(report, row, began: pd.Period) -> str:
    """What an indicator's figures did after a month: a signal and its kind, that there is none, or then and now.

    Told by the rules of signals where the indicator is judged, else by the figures against their targets.
    """
    known, points = report.months_of(row.indicator_code), report.points_of(row.indicator_code)
    known = known[known["value"].notna() & (known["month"] <= row.latest_month)]
    points = points[points["month"].between(began + 1, row.latest_month) & points["point"].notna()]
    before, after = known[known["month"] <= began], known[known["month"] > began]
    if after.empty:
        return f"No figure since {words.month_words(began)}"
    if row.variation == "NOT_JUDGED" or points.empty:
        return "; ".join(_figure(each) for each in pd.concat([before.tail(1), after.tail(1)]).itertuples())
    kinds = kind_of_signal(points.assign(polarity=row.polarity)).set_axis(points["month"])
    told = [
        f"{words.VARIATIONS[kind]} in {words.month_words(month)}" for month, kind in kinds.items() if kind != "USUAL"
    ]
    return told[-1] if told else f"No signal since {words.month_words(began)}"


def _sentence(each):
    due = f"Late, due {words.day_words(each.due)}" if each.became == "LATE" else f"By {words.day_words(each.due)}"
    said = f"{due}: {words.lowered(each.action)}" if each.due else each.action
    return said.rstrip(".") + (f" ({each.role})" if each.role else "") + "."


def _figure(month):
    against = f" against {month.target_text}" if month.target_text else ""
    return f"{words.month_words(month.month)}: {month.value_text}{against}"


def _table(report, row, actions, part="open"):
    """Actions in a table, where there are any: what is done, by whom, what became of it, and the figures since."""
    said, shown = action(read_prose(row.commentary)), []
    for each in actions.itertuples():
        is_said = each.action and same_words(said, each.action)
        what = "As the comment says" if is_said else cells.stated_cell(each.action)
        due = f"due {words.day_words(each.due)}" * bool(each.due)
        due += f", first {words.day_words(each.first_due)}" * (each.first_due not in ("", each.due))
        ended = words.month_words(each.closed if each.closed == each.closed else each.reported_from)
        state = STATES[each.became] + f", {ended}" * (each.became in BECAME[3:])
        effect = f"Expected: {words.lowered(each.expected_effect)}" * bool(each.expected_effect)
        since = blocks.cell(since_words(report, row, each.began), detail=effect)
        who = blocks.cell(each.role or words.NOT_STATED, detail=due, missing=not each.role)
        shown.append((what, who, blocks.cell(state, detail=each.reason), since))
    headings = {"what": "Action", "who": "Who and when", "state": "State", "since": "Figures since"}
    caption = f"{row.indicator_code}: {'what is being done' if part == 'open' else 'actions that ended earlier'}"
    return _upright(f"actions-{part}-{slug(row.indicator_code)}", caption, headings, shown)


def _answers(report, asked, anchor, caption, with_about=False):
    """Questions in a table, where there are any: what was asked, when, by whom, and the answer, or who owes it."""
    shown, last = [], str(report.month.end_time.date())
    for each in asked.itertuples():
        by = f"{each.committee}, {words.lowered(KINDS.get(each.kind, each.kind))}"
        code, waits = each.indicator_code, f"due {words.day_words(each.due)}" * bool(each.is_open and each.due)
        about = blocks.cell(code, href=report.anchor_of(code)) if code else cells.stated_cell("", "No indicator")
        signed = words.signed(each.role, "" if each.is_open else each.answered, waits)
        overdue = "Overdue: not" if each.is_open and each.due and each.due <= last else "Not"
        said = each.answer or (f"{overdue} answered yet" if each.is_open else "Withdrawn")
        answer = blocks.cell(said, detail=signed, missing=not each.answer)
        when = blocks.cell(words.day_words(each.asked) or words.NOT_STATED, detail=by)
        shown.append((cells.stated_cell(each.question), when, *[about] * with_about, answer))
    headings = {"question": "Question", "asked": "Asked", **({"about": "About"} if with_about else {})}
    return _upright(f"questions-{anchor}", caption, headings | {"answer": "Answer"}, shown)


def _upright(id, caption, headings, rows):
    return [blocks.plain_table(id, caption, headings, rows, "wide") | {"upright": True}] if rows else []


def _lacking(report, actions):
    """'Of 12 exceptions 3 have no action recorded, 5 none with a date and 1 no cause.'; empty where none lacks any."""
    rows, acts = report.scorecard[is_exception(report.scorecard)], actions[is_doing(actions)]
    acted, dated = (set(each["indicator_code"]) for each in (acts, acts[acts["due"] != ""]))
    lacks = {"no action recorded": 0, "none with a date": 0, "no cause": 0}
    for row in rows.itertuples():
        marked = action(read_prose(row.commentary))
        known = row.indicator_code in acted or bool(marked)
        lacks["no action recorded"] += not known
        lacks["none with a date"] += known and not (row.indicator_code in dated or named_months(marked, report.month))
        lacks["no cause"] += not row.commentary or only_stands(row.commentary, beginnings(row.short_name))
    told = [f"{count} {'has' if count == 1 else 'have'} {what}" for what, count in lacks.items() if count]
    return f"Of {words.counted(len(rows), 'exception')}, {words.joined(told)}." if told else ""
