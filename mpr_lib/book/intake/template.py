"""Templates: which rows the return workbook of each department or officer asks for."""

import re
from pathlib import Path

import pandas as pd

from mpr_lib.book import tables
from mpr_lib.book.book import newest_values
from mpr_lib.book.intake.known import earlier_values, month_return, read_indicators, read_report_settings
from mpr_lib.book.intake.template_sheet import write_workbook
from mpr_lib.book.tables import officers
from mpr_lib.book.workspace import InputReader, Workspace
from mpr_lib.errors import InputError, RunError
from mpr_lib.rules.history import history
from mpr_lib.rules.months import is_due, month_label

NOBODY = {"department": "No department stated", "officer": "No officer stated"}


def make_templates(workspace: Workspace, month: str, by: str, out: Path | None) -> list[tuple[Path, int]]:
    """Write a workbook for each department or officer; return the files, each with its number of indicators.

    The month needs neither params nor a return. Raises ``InputError`` where a file is there: it may be filled in.
    """
    period = pd.Period(month, freq="M")
    settings, rows = template_rows(workspace, period)
    folder = out or workspace.outputs / "templates" / month
    groups = _grouped(rows, by)
    if not groups:
        raise InputError(f"data/indicators.csv has no indicator that is due for {month_label(period)}.")
    files = _file_names(groups, folder, period)
    there = [str(path) for path in files.values() if path.exists()]
    if there:
        raise InputError(
            [
                f"{path} is there already and may be filled in. Move it away, or name another folder with --out."
                for path in there
            ]
        )
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, frame in groups.items():
        try:
            write_workbook(files[name], frame, name, period, settings)
        except OSError as error:
            raise RunError(f"cannot write {files[name]}: {error.strerror}.") from None
        made.append((files[name], frame["indicator_code"].nunique()))
    return made


def template_rows(workspace: Workspace, month: pd.Period):
    """The settings, and the rows that are owed for a month's return.

    One row per indicator and month: the month itself and, as far back as a latest figure may lie, the months since the
    newest figure. Quarterly and yearly indicators have the months alone in which they are due. Columns: those of the
    sheet, and department, managed_by. The note is that of this month's return.
    """
    reader = InputReader(workspace)
    settings = read_report_settings(reader)
    indicators = read_indicators(reader, settings).drop_duplicates("indicator_code")
    values = newest_values(_joined([earlier_values(reader, month), month_return(reader, month)]))
    known = _history(reader, indicators, values, month, settings)
    rows = known[_owed(known, values, month, settings)].copy()
    texts = known.set_index(["indicator_code", "month"])["value_text"]
    for column, back in (("last_month", 1), ("last_year", 12)):
        keys = pd.MultiIndex.from_arrays([rows["indicator_code"], rows["month"] - back])
        rows[column] = texts.reindex(keys).fillna("").to_numpy()
    notes = _joined([month_return(reader, month)])[["indicator_code", "month", "note"]]
    about = indicators[["indicator_code", "short_name", "department", "managed_by"]]
    rows = rows.merge(about, on="indicator_code").merge(notes, on=["indicator_code", "month"], how="left")
    return settings, rows.fillna({"note": ""})


def _history(reader, indicators, values, month, settings):
    data = reader.workspace.data
    targets = tables.targets(reader.table(data / "targets.csv", tables.TARGETS), settings.years)[0]
    stated = tables.stated_targets(reader.table(data / "stated_targets.csv", tables.STATED_TARGETS))[0]
    known = history(
        indicators, targets, stated, values, month,
        default_tolerance=settings.default_tolerance, years=settings.years,
    )  # fmt: skip
    return known.merge(indicators.filter(["indicator_code", "frequency", "due_month"]), on="indicator_code")


def _owed(known, values, month, settings):
    """Which rows of the history a return for the month still has to give, or may correct."""
    received = values[values["number"].notna() & (values["month"] < month)]
    newest = received.groupby("indicator_code")["month"].max().to_dict()
    oldest = month - 1 - settings.latest_month_age
    since = [max(newest.get(code, month - 1), oldest) for code in known["indicator_code"]]
    return (
        is_due(known, known["month"], settings.years)
        & (known["month"] <= month)
        & (known["month"] > pd.PeriodIndex(since, freq="M"))
    )


def _joined(frames):
    return pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True)


def _grouped(rows, by):
    """The rows of each department or officer; an indicator of two officers is in both their workbooks."""
    names = rows["managed_by"].map(officers) if by == "officer" else rows["department"].map(lambda name: [name])
    every = rows.assign(_name=names).explode("_name")
    every["_name"] = every["_name"].fillna("").replace("", NOBODY[by])
    return {name: frame.drop(columns="_name") for name, frame in every.groupby("_name", sort=True)}


def _file_names(groups, folder, month):
    files, used = {}, set()
    for name in groups:
        stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80] or "return"
        number = 1
        while (unique := stem if number == 1 else f"{stem}-{number}") in used:
            number += 1
        used.add(unique)
        files[name] = folder / f"return-{month}-{unique}.xlsx"
    return files
