"""The next month: its settings, made from those of the newest month before it."""

import os

import pandas as pd
import yaml

from mpr_lib import words
from mpr_lib.book.settings import read_month_settings, read_report_settings
from mpr_lib.book.workspace import MONTH, InputReader, Workspace
from mpr_lib.errors import InputError
from mpr_lib.files import told_if_not_written, write_whole

_HEAD = """\
# What is true of the report of {month} alone. 'mpr next' makes the next month's file. It may also have
#   generated: {later}T12:00:00  the time to print, where it is not to be that of the run
#   finance_next: {later:.7}  the month whose report has the next finance figures, where finance_months do not say it
#   notes:  sentences for the cover, each on a line that begins with '- '
"""


def make_next(workspace: Workspace, month: str = "") -> list[str]:
    """Write a month's settings, without one those of the month after the newest; return what was done, a line each.

    A finance report that is still to come stays announced. The time of generation, corrections and a version above V1.0
    are the earlier report's own and are left out, its notes become remarks. Raises ``InputError`` where there is
    nothing to begin from or the file is there, ``RunError`` where it cannot be written.
    """
    reader = InputReader(workspace)
    known = sorted(path.stem for path in workspace.params.glob("*.yml") if MONTH.fullmatch(path.stem))
    before = [each for each in known if not month or each < month]
    if not before:
        earlier = f"a month before {month}" if month else "any month"
        raise InputError(
            f"params has no settings of {earlier} to begin from. Write params/{month or '2018-05'}.yml by hand: "
            f"'month: {month or '2018-05'}' is all that it needs."
        )
    last = pd.Period(before[-1], freq="M")
    new = pd.Period(month, freq="M") if month else last + 1
    path, source = workspace.month_settings(new), workspace.month_settings(last)
    name = workspace.relative(path)
    if os.path.lexists(path):
        raise InputError(f"{name} is there already. Nothing was written.")
    said = read_month_settings(reader.text(source), last, workspace.relative(source))
    years = read_report_settings(reader).years
    kept = {"month": str(new), "version": "V1.0"}
    if said.finance_next and said.finance_next > str(new):
        kept["finance_next"] = said.finance_next
    notes = yaml.safe_dump({"notes": said.notes}, allow_unicode=True, width=1000, sort_keys=False) if said.notes else ""
    head = _HEAD.format(month=words.month_words(new), later=f"{new + 1}-21")
    remarks = "".join(f"# {line}\n" for line in notes.splitlines())
    workspace.inside(path)
    with told_if_not_written(name):
        write_whole(path, head + yaml.safe_dump(kept, sort_keys=False) + remarks)
    lines = [f"Made {name} from {workspace.relative(source)}."]
    if skipped := list(pd.period_range(last + 1, new - 1, freq="M")):
        verb = "is" if len(skipped) == 1 else "are"
        lines.append(f"{words.months_text(skipped)} {verb} not begun: 'mpr next {skipped[0]}' does that.")
    left = [each for each in ("generated", "finance_next", "corrections") if getattr(said, each) and each not in kept]
    if left:
        lines.append(f"Left out what was said of {words.month_words(last)} alone: {words.joined(left)}.")
    if notes:
        lines.append(f"Its notes stand there as remarks: take the # away from what holds for {words.month_words(new)}.")
    if years.month_number(new) == 1:
        year = years.label(years.of(new))
        lines.append(f"{words.month_words(new)} begins {year}: 'mpr new-year {year}' proposes the year's targets.")
    return lines
