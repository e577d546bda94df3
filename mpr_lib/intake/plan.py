"""The plan: what an import would do to a return, line by line, before anything is written, and how it is shown."""

import sys
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field, replace

import pandas as pd
import typer

from mpr_lib.intake.rows import CHANGED, LEFT_OUT, NEW, REFUSED, SAME, Line
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.months import month_label
from mpr_lib.run.console import plain, say, say_lines, say_table

STATUSES = (NEW, CHANGED, SAME, LEFT_OUT, REFUSED)


@dataclass(frozen=True)
class Plan:
    """The lines in order of what needs looking at, least first, and remarks on whole sheets.

    ``received`` has the officers' files that are to be kept, by their SHA-256 and kind.
    """

    month: pd.Period
    lines: list[Line]
    remarks: list[str]
    received: dict[str, bytes] = field(default_factory=dict)

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
    known = pd.concat([earlier, standing]).dropna(subset="number").sort_values("month", kind="stable")
    figures = {code: part[["month", "value_text"]].to_numpy() for code, part in known.groupby("indicator_code")}
    standing, earlier, lines, given = _by_key(standing), _by_key(earlier), [], defaultdict(list)
    for line in found:
        (given[line.indicator_code, line.month] if line.status == NEW else lines).append(line)
    for key, same in given.items():
        first, *others = same
        if all(line.is_now == first.is_now for line in others):
            lines.append(_compared(first, standing.get(key), earlier.get(key), figures.get(first.indicator_code, ())))
            lines += [replace(line, status=LEFT_OUT, reason=f"is given at {first.where} too.") for line in others]
        else:
            for line in same:
                beside = next(other for other in same if other.is_now != line.is_now)
                said = f"'{line.is_now}' here and '{beside.is_now}' at {beside.where}"
                reason = f"is given twice: {said}. Expected one figure."
                lines.append(replace(line, status=REFUSED, reason=reason))
    return Plan(month, sorted(lines, key=_order), [*remarks, *_again(lines, known, month)])


def _again(lines, known, month):
    """A line for each file whose figures of the month are one and all the month's before, three of them not 0."""
    before = known.loc[known["month"] == month - 1, ["indicator_code", "number"]]
    before, given = dict(before.itertuples(index=False)), defaultdict(list)
    for line in lines:
        if line.status == NEW and line.month == month and line.read and line.read.number is not None:
            given[line.source.source_file].append((line.read.number, before.get(line.indicator_code)))
    for file, pairs in given.items():
        if sum(now != 0 for now, _ in pairs) >= 3 and all(now == was for now, was in pairs):
            said = f"all {len(pairs)} figures for {month_label(month)} are those of {month_label(month - 1)}"
            yield f"{file}: {said}. Is it that month's file?"


def _compared(line, standing, earlier, figures) -> Line:
    """A figure beside the one that stands in this return, or else beside the one known from earlier returns.

    A new one has its indicator's figure before that beside it, by which a person sees what can hardly be.
    """
    known = standing or earlier
    if known is None:
        before = bisect_left(figures, line.month, key=lambda each: each[0])
        said = [f"After {text} in {month_label(month)}." for month, text in figures[max(0, before - 1) : before]]
        return replace(line, reason=" ".join(filter(None, [*said, line.reason])))
    line = replace(line, was=known.value_text)
    if not line.is_now and known.value_text:
        return replace(line, status=LEFT_OUT, reason="is empty, and takes nothing back.")
    if standing:
        same = line.is_now == standing.value_text and line.note in ("", standing.note)
        rated = f"Is said to be rated {line.stated_rating}." * (line.stated_rating not in ("", standing.stated_rating))
        reason = f"{rated} {line.reason}".strip()
        return replace(line, status=CHANGED if rated or not same else SAME, reason=reason)
    if _equal(line.read, earlier):
        return replace(line, status=SAME)
    revised = f"Revises what was received for {month_label(earlier.received)}."
    return replace(line, status=CHANGED, reason=f"{revised} {line.reason}".strip())


def _equal(read, earlier) -> bool:
    """Whether an earlier return says the same, however it was written."""
    if read.number is None:
        return earlier.number != earlier.number and read.no_value_reason == earlier.no_value_reason
    return read.number == earlier.number and read.is_proxy == earlier.is_proxy


def _by_key(frame):
    return {(row.indicator_code, row.month): row for row in frame.itertuples()}


def _order(line):
    return STATUSES.index(line.status), natural_key(line.indicator_code), str(line.month or "")


SHOWN = 200
"""Lines that a terminal gets of each status; in a pipe all of them come."""

_STYLES = {NEW: "green", CHANGED: "yellow"}
_HEADINGS = ("status", "indicator_code", "month", "was", "is", "where", "reason")


def show(plan: Plan) -> None:
    """Print a plan: on a terminal a table, with each refusal on lines of its own; elsewhere a line for each figure."""
    if not sys.stdout.isatty():
        say_lines([_HEADINGS, *map(_cells, plan.lines), *([remark] for remark in plan.remarks)])
        return
    parts = {status: [line for line in plan.lines if line.status == status] for status in STATUSES}
    rows = []
    for line in (line for status in STATUSES if status != REFUSED for line in parts[status][:SHOWN]):
        *cells, where, reason = _cells(line)
        rows.append((_STYLES.get(line.status, ""), [*cells, f"{where}: {reason}" if reason else where]))
    say_table(("", "Indicator", "Month", "Was", "Is", "Where"), rows)
    for text in plan.remarks:
        say(plain(text))
    for line in parts[REFUSED][:SHOWN]:
        about = ", ".join(filter(None, [line.indicator_code, line.month and month_label(line.month)]))
        text = f"refused: {line.where}{f' ({about})' if about else ''}: {line.reason}"
        say(typer.style(plain(text), fg="red", bold=True))
    left = [f"{len(lines) - SHOWN} more {status}" for status, lines in parts.items() if len(lines) > SHOWN]
    if left:
        say(f"Not shown: {', '.join(left)}. In a pipe all lines come.")


def _cells(line):
    return line.status, line.indicator_code, str(line.month or ""), line.was, line.is_now, line.where, line.reason


def summary(plan: Plan, name: str, written: bool | None) -> str:
    """What the table comes to, and what was done or is to be done. ``written`` is None where that was not asked for."""
    counts = ", ".join(f"{plan.count(status)} {status}" for status in STATUSES)
    if plan.count(REFUSED):
        end = "Nothing was written: correct what is refused and import again."
    elif not plan.lines:
        end = "Nothing to write: no figure was taken."
    elif not plan.to_write:
        end = f"Nothing to write: the returns up to {name} say all of it already."
        if plan.month not in {line.month for line in plan.lines}:
            end += f" No figure is for {month_label(plan.month)}: is it another month's return?"
    elif written:
        end = f"Written to {name}."
    else:
        end = f"Nothing was written yet. To write {name}, add --write."
    return f"{month_label(plan.month)}: {counts}.\n{end}"
