"""Entries: the desk's list of indicators, those that need a comment first."""

from dataclasses import dataclass

from mpr_lib.book.commentary import Comment, same_words
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.outcome import EXCEPTIONS, FROM_RATING

STATES = {
    "MISSING": "No comment",
    "CARRIED_OVER": "Carried over",
    "DRAFT": "Draft",
    "APPROVED": "Approved",
}
NEEDS = {
    "WITHOUT_COMMENT": "Exceptions without a comment",
    "CARRIED_OVER": "Carried over unchanged",
    "JUDGED_BETTER": "Judged better than rated",
    "TO_APPROVE": "Written, not approved yet",
    "APPROVED": "Approved",
    "OPTIONAL": "On course: a comment is optional",
}
"""Why an indicator stands where it does in the list, the most urgent first."""

_BETTER = {"AT_RISK": 0, "SOME_SLIPPAGE": 1, "ON_COURSE": 2}


@dataclass(frozen=True)
class Entry:
    """One indicator in the list. ``kept`` says that words typed about it are kept and not saved yet."""

    code: str
    name: str
    outcome: str
    state: str
    need: str
    kept: bool = False


def entries(scorecard, comments: dict, earlier: dict, kept: set[str] = frozenset()) -> list[Entry]:
    """The list for a scorecard: ``comments`` and ``earlier`` by code (``Comment`` or None)."""
    found = []
    for row in scorecard.itertuples():
        comment = comments[row.indicator_code]
        state = state_of(comment, earlier.get(row.indicator_code))
        name, need = row.short_name or row.indicator_code, need_of(row, state)
        kept_words = row.indicator_code in kept
        found.append(Entry(row.indicator_code, name, row.expected_outcome, state, need, kept_words))
    order = list(NEEDS)
    return sorted(found, key=lambda entry: (order.index(entry.need), natural_key(entry.code)))


def state_of(comment, earlier: Comment | None) -> str:
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
    if state == "APPROVED":
        return "APPROVED"
    if state == "CARRIED_OVER":
        return "CARRIED_OVER"
    if is_judged_better(row):
        return "JUDGED_BETTER"
    return "TO_APPROVE" if state == "DRAFT" else "OPTIONAL"


def is_judged_better(row) -> bool:
    """Whether a judgement makes the outcome better than the rating would."""
    rated = FROM_RATING.get(row.rating)
    return bool(row.outcome_reason) and _BETTER.get(row.expected_outcome, 0) > _BETTER.get(rated, 9)
