"""The plan: what an import would do to a return, line by line, before anything is written."""

from dataclasses import dataclass, replace

import pandas as pd

from mpr_lib.intake.figures import Figure, Passed
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.months import month_label

NEW, CHANGED, SAME, REFUSED, LEFT_OUT = "new", "changed", "same", "refused", "left out"
STATUSES = (NEW, CHANGED, SAME, LEFT_OUT, REFUSED)


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one figure: ``was`` is what is known so far, ``is_now`` what was received."""

    status: str
    indicator_code: str
    month: pd.Period | None
    was: str
    is_now: str
    where: str
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """The lines in order of what needs looking at, least first, and remarks on whole sheets."""

    month: pd.Period
    lines: list[Line]
    remarks: list[str]

    def count(self, status: str) -> int:
        return sum(line.status == status for line in self.lines)

    @property
    def to_write(self) -> list[Line]:
        """The lines that change the return, if none is refused."""
        return [line for line in self.lines if line.status in (NEW, CHANGED)]


def make_plan(found: list, standing: pd.DataFrame, earlier: pd.DataFrame, month: pd.Period, remarks: list) -> Plan:
    """Compare what was found with the return as it stands and with the returns before it.

    ``found`` holds figures and what was passed over; both frames need indicator_code, month, value_text, number,
    no_value_reason, is_proxy, note and received. The same indicator and month with two different figures refuses both.
    """
    figures = [item for item in found if isinstance(item, Figure)]
    lines = [_passed(item) for item in found if isinstance(item, Passed)]
    standing, earlier = _by_key(standing), _by_key(earlier)
    first = {}
    for figure in figures:
        first.setdefault((figure.indicator_code, figure.month), []).append(figure)
    for key, same in first.items():
        lines += _given_twice(same) if len(same) > 1 else []
        if len({figure.text for figure in same}) == 1:
            lines.append(_compared(same[0], standing.get(key), earlier.get(key)))
    return Plan(month, sorted(lines, key=_order), remarks)


def _compared(figure, standing, earlier) -> Line:
    """A figure beside the one that stands in this return, or else beside the one known from earlier returns."""
    known = standing or earlier
    line = Line(
        NEW, figure.indicator_code, figure.month, known.value_text if known else "", figure.text, figure.where,
        figure.remark, figure.note,
    )  # fmt: skip
    if known is None:
        return line
    if not figure.text and known.value_text:
        return replace(line, status=LEFT_OUT, reason="is empty, and takes nothing back.")
    if standing:
        same = figure.text == standing.value_text and figure.note in ("", standing.note)
        return replace(line, status=SAME if same else CHANGED)
    return replace(line, status=SAME) if _equal(figure, earlier) else _revision(line, earlier)


def _equal(figure, earlier) -> bool:
    """Whether an earlier return says the same, however it was written."""
    if figure.read.number is None:
        return earlier.number != earlier.number and figure.read.no_value_reason == earlier.no_value_reason
    return figure.read.number == earlier.number and figure.read.is_proxy == earlier.is_proxy


def _revision(line, earlier) -> Line:
    revised = f"Revises what was received for {month_label(earlier.received)}."
    return replace(line, status=CHANGED, reason=f"{revised} {line.reason}".strip())


def _given_twice(same) -> list[Line]:
    """Lines for a figure that stands in several places."""
    first, others = same[0], same[1:]
    agree = len({figure.text for figure in same}) == 1
    lines = []
    for figure in others if agree else same:
        beside = next(other for other in same if other is not figure and (agree or other.text != figure.text))
        reason = (
            f"is given at {first.where} too."
            if agree
            else f"is given twice: '{figure.text}' here and '{beside.text}' at {beside.where}. Expected one figure."
        )
        status = LEFT_OUT if agree else REFUSED
        lines.append(Line(status, figure.indicator_code, figure.month, "", figure.text, figure.where, reason))
    return lines


def _passed(item) -> Line:
    status = REFUSED if item.refused else LEFT_OUT
    return Line(status, item.indicator_code, item.month, "", item.found, item.where, item.reason)


def _by_key(frame):
    return {(row.indicator_code, row.month): row for row in frame.itertuples()}


def _order(line):
    month = str(line.month) if line.month is not None else ""
    return STATUSES.index(line.status), natural_key(line.indicator_code), month
