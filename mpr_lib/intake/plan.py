"""The plan: what an import would do to a return, line by line, before anything is written, and how it is shown."""

import re
import sys
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace

import pandas as pd

from mpr_lib.intake.rows import CHANGED, LEFT_OUT, NEW, REFUSED, SAME, Line
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.months import month_label

STATUSES = (NEW, CHANGED, SAME, LEFT_OUT, REFUSED)


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


def make_plan(found: list[Line], standing: pd.DataFrame, earlier: pd.DataFrame, month: pd.Period, remarks) -> Plan:
    """Compare what was found with the return as it stands and with the returns before it.

    Both frames need indicator_code, month, value_text, number, no_value_reason, is_proxy, note and received. The same
    indicator and month with two different figures refuses both.
    """
    lines = [line for line in found if line.status != NEW]
    standing, earlier, given = _by_key(standing), _by_key(earlier), defaultdict(list)
    for line in found:
        if line.status == NEW:
            given[line.indicator_code, line.month].append(line)
    for key, same in given.items():
        first, *others = same
        agree = len({line.is_now for line in same}) == 1
        if agree:
            lines.append(_compared(first, standing.get(key), earlier.get(key)))
            lines += [replace(line, status=LEFT_OUT, reason=f"is given at {first.where} too.") for line in others]
        else:
            lines += [_given_twice(line, same) for line in same]
    return Plan(month, sorted(lines, key=_order), remarks)


def _compared(line, standing, earlier) -> Line:
    """A figure beside the one that stands in this return, or else beside the one known from earlier returns."""
    known = standing or earlier
    if known is None:
        return line
    line = replace(line, was=known.value_text)
    if not line.is_now and known.value_text:
        return replace(line, status=LEFT_OUT, reason="is empty, and takes nothing back.")
    if standing:
        same = line.is_now == standing.value_text and line.note in ("", standing.note)
        return replace(line, status=SAME if same else CHANGED)
    if _equal(line.read, earlier):
        return replace(line, status=SAME)
    revised = f"Revises what was received for {month_label(earlier.received)}."
    return replace(line, status=CHANGED, reason=f"{revised} {line.reason}".strip())


def _equal(read, earlier) -> bool:
    """Whether an earlier return says the same, however it was written."""
    if read.number is None:
        return earlier.number != earlier.number and read.no_value_reason == earlier.no_value_reason
    return read.number == earlier.number and read.is_proxy == earlier.is_proxy


def _given_twice(line, same) -> Line:
    """A figure that stands in another place differently."""
    beside = next(other for other in same if other.is_now != line.is_now)
    said = f"'{line.is_now}' here and '{beside.is_now}' at {beside.where}"
    return replace(line, status=REFUSED, reason=f"is given twice: {said}. Expected one figure.")


def _by_key(frame):
    return {(row.indicator_code, row.month): row for row in frame.itertuples()}


def _order(line):
    month = str(line.month) if line.month is not None else ""
    return STATUSES.index(line.status), natural_key(line.indicator_code), month


SHOWN = 200
"""Lines that a terminal gets of each status; in a pipe all of them come."""

_STYLES = {NEW: "green", CHANGED: "yellow", REFUSED: "bold red"}
_HEADINGS = ("status", "indicator_code", "month", "was", "is", "where", "reason")


def show(plan: Plan, stream=None) -> None:
    """Print a plan. In a pipe: tab-separated, one line each, under a line of headings."""
    stream = stream or sys.stdout
    # Whoever listens may have gone: a pipe into head.
    with suppress(BrokenPipeError):
        _show_table(plan, stream) if stream.isatty() else _show_lines(plan, stream)


def summary(plan: Plan, name: str, written: bool | None) -> str:
    """What the table comes to, and what was done or is to be done. ``written`` is None where that was not asked for."""
    counts = ", ".join(f"{plan.count(status)} {status}" for status in STATUSES)
    if plan.count(REFUSED):
        end = "Nothing was written: correct what is refused and import again."
    elif not plan.to_write:
        end = f"Nothing to write: {name} says all of it already."
    elif written:
        end = f"Written to {name}."
    else:
        end = f"Nothing was written yet. To write {name}, add --write."
    return f"{month_label(plan.month)}: {counts}.\n{end}"


def _show_lines(plan, stream):
    for cells in [_HEADINGS, *map(_cells, plan.lines)]:
        stream.write("\t".join(map(_plain, cells)) + "\n")
    for remark in plan.remarks:
        stream.write(f"{_plain(remark)}\n")


def _show_table(plan, stream):
    """The table of what can be read, then each refusal on lines of its own, where there is room for it."""
    # Loaded when needed: only a terminal gets the table.
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*("", "Indicator", "Month", "Was", "Is", "Where"), box=SIMPLE)
    below, left = list(plan.remarks), []
    for status in STATUSES:
        lines = [line for line in plan.lines if line.status == status]
        for line in lines[:SHOWN]:
            *cells, where, reason = _cells(line)
            if status == REFUSED:
                below.append(f"refused: {where}{_about(line)}: {reason}")
            else:
                cells.append(f"{where}: {reason}" if reason else where)
                table.add_row(*(Text(_plain(cell)) for cell in cells), style=_STYLES.get(status, ""))
        if len(lines) > SHOWN:
            left.append(f"{len(lines) - SHOWN} more {status}")
    if left:
        below.append(f"Not shown: {', '.join(left)}. In a pipe all lines come.")
    console = Console(file=stream)
    if table.row_count:
        console.print(table)
    for text in below:
        console.print(Text(_plain(text), style=_STYLES[REFUSED] if text.startswith(REFUSED) else ""))


def _about(line):
    about = ", ".join(filter(None, [line.indicator_code, month_label(line.month) if line.month is not None else ""]))
    return f" ({about})" if about else ""


def _cells(line: Line) -> tuple[str, ...]:
    month = str(line.month) if line.month is not None else ""
    return line.status, line.indicator_code, month, line.was, line.is_now, line.where, line.reason


def _plain(text: str) -> str:
    """A text on one line, without what would steer a terminal."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)
