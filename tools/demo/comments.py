"""Comments: what Fernmouth's officers write about what is at risk or slipping, and now and then about what is not."""

from pathlib import Path

import pandas as pd

from mpr_lib.rules.codes import slug
from tools.demo import LAST
from tools.demo.agreed import REPORTS
from tools.demo.measured import chance

PRAISED = 0.06
"""How many of a hundred comments on what is on course: somebody is proud of it."""

JUDGED = ("FB 3.5", "FB 5.1")
"""Indicators that a judgement makes exceptions, whatever their figures say."""

FORGOTTEN = {("FB 5.6", LAST)}
"""Comments that nobody wrote."""

_OPENINGS = ("{cause}.", "{cause}, as it has since last month.", "As before, the reason is plain: {cause_lower}.",
             "{cause}; most of the gap to the target comes from that.")  # fmt: skip
_ACTIONS = ("{action}.", "What is done about it: {action_lower}.", "{action}, and the service looks at it every week.")
_ENDS = (
    "We expect to be back at the target by the end of the year.",
    "It will take until spring to be back on course.",
    "The head of service reports to the scrutiny committee next time.",
    "The figure should turn within two months.",
    "Without more staff the target will be missed.",
)
_GOOD = ("{action} has made the difference, and we keep to it.", "A good month: {action_lower} is beginning to show.")


def files(folder: Path, measured: list[dict]) -> dict[str, str]:
    """The comments of every report, by their paths; ``folder`` has the figures already, which rate themselves."""
    from mpr_lib.book import Workspace, history_of, read_book
    from mpr_lib.book.book import as_at

    book = read_book(Workspace(folder), LAST)
    # The last report has other targets than those before it.
    now, before = history_of(book), history_of(as_at(book, book.month - 1))
    known = {row["indicator_code"]: row for row in measured}
    found = {}
    for month in REPORTS:
        history = now if month == book.month else before
        rated = history.set_index(["indicator_code", "month"])
        newest = _newest(history, known, month)
        for code, at in newest.items():
            said = _comment(known[code], rated.loc[(code, at)], month)
            if said:
                found[f"data/commentary/{month}/{slug(code)}.md"] = said
    return found


def _newest(history, known, month):
    """The newest month of each indicator whose figure had come by a report."""
    lag = history["indicator_code"].map({code: int(row["allowed_lag"]) for code, row in known.items()})
    came = pd.PeriodIndex(history["month"]).asi8 + lag <= month.ordinal
    recent = history[came & history["value"].notna()]
    return recent.groupby("indicator_code")["month"].max().to_dict()


def _comment(row, figure, month):
    draw = chance(row["indicator_code"], month, "comment")
    if not row["cause"] or (row["indicator_code"], str(month)) in FORGOTTEN:
        return ""
    exception = figure["rating"] in ("AMBER", "RED") or row["indicator_code"] in JUDGED
    if not exception and draw.random() > PRAISED:
        return ""
    texts = {"cause": row["cause"], "action": row["action"]}
    texts |= {f"{name}_lower": _lower(text) for name, text in texts.items()}
    # In turn, so that no comment is the last one again.
    turn = month.ordinal + len(row["short_name"])
    chosen = (_OPENINGS, _ACTIONS) if exception else (_GOOD,)
    said = " ".join(each[turn % len(each)].format(**texts) for each in chosen)
    paragraphs = [said, _ENDS[turn % len(_ENDS)]] if exception else [said]
    made = month + 1
    head = f"---\nrole: {_role(row)}\ndate: {made}-{draw.randint(4, 14):02d}\nstate: approved\n---\n"
    return head + "\n\n".join(paragraphs) + "\n"


def _lower(text):
    """A sentence that goes on from another's colon; names keep their capital."""
    return text if text.startswith(("NHS", "The NHS")) else text[0].lower() + text[1:]


def _role(row):
    return f"Head of {row['department'] or row['aim']}"
