"""The preview of an import: a table on a terminal, a line for each figure elsewhere."""

import re
import sys
from contextlib import suppress

from mpr_lib.intake.plan import CHANGED, NEW, REFUSED, STATUSES, Line, Plan
from mpr_lib.rules.months import month_label

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
