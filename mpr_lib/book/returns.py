"""Received: which returns a month's report reads, in order of receipt (docs/decisions/corrections.md).

``2018-05.csv`` is what was received for the report of May, ``2018-05.v1.1.csv`` what was received afterwards and is why
that report was issued again as V1.1.
"""

import os
import re
from pathlib import Path

import pandas as pd

from mpr_lib.book.settings import FIRST, MonthSettings, read_month_settings, read_version
from mpr_lib.book.workspace import MONTH, SOURCES, InputReader, Workspace
from mpr_lib.errors import InputError

Return = tuple[pd.Period, tuple[int, ...], Path]
"""A return's month, the version of the report that it was received for, and its file."""


def return_files(
    workspace: Workspace, month: pd.Period, settings: MonthSettings, *, begun: bool = False
) -> list[Return]:
    """The returns that a report reads: up to its month and version, with the corrections of earlier reports.

    It is the month's own, though it is not there yet, where a month has only ``begun`` and nothing came before.
    A correction of an earlier month counts unless it was made after this report was generated: then it was not
    known. Raises ``InputError`` for a name that says no month, a correction that its month's settings do not list,
    and (unless the month has only ``begun``) a missing return.
    """
    if not begun and not os.path.lexists(workspace.return_file(month)):
        name = workspace.relative(workspace.return_file(month))
        raise InputError(f"{name} is missing. Put the figures that were received for {month} there.")
    found = sorted(_named(workspace, month), key=lambda each: each[:2])
    counted = [each for each in found if each[0] <= month and _counts(workspace, each, month, settings)]
    return counted or [(month, FIRST, workspace.return_file(month))]


def later_corrections(workspace: Workspace, month: pd.Period, settings: MonthSettings) -> list[str]:
    """The returns for corrected issues of this month's report that its version does not read yet."""
    issued = read_version(settings.version) or FIRST
    return [
        workspace.relative(path) for of, version, path in _named(workspace, month) if of == month and version > issued
    ]


def _named(workspace, month):
    paths = [path for path in workspace.returns_folder.glob("*") if path.suffix.lower() == ".csv"]
    return [_read_name(workspace, path, month) for path in sorted(paths) if not path.name.endswith(SOURCES)]


def _read_name(workspace, path, month):
    found = re.fullmatch(rf"({MONTH.pattern})(?:\.(v\d+(?:\.\d+)*))?\.csv", path.name)
    version = read_version(found[2]) if found and found[2] else FIRST
    if not found or (found[2] and version <= FIRST):
        raise InputError(f"{workspace.relative(path)} is not named by a month. Expected a name such as {month}.csv.")
    return pd.Period(found[1], freq="M"), version, path


def _counts(workspace, each, month, settings):
    of, version, path = each
    if version == FIRST:
        return True
    if of == month:
        issued = read_version(settings.version)
        if not issued:
            raise InputError(
                f"{workspace.relative(workspace.month_settings(month))} says version: {settings.version}, so it is not "
                f"known whether {path.name} counts. Expected a version such as V1.1."
            )
        return version <= issued and bool(_correction(workspace, each, settings))
    made = _correction(workspace, each, _settings_of(workspace, of, path)).date
    return settings.generated is None or made <= settings.generated.date()


def _correction(workspace, each, settings):
    """The entry that says why a return was received after its month's report was published."""
    of, version, path = each
    for correction in settings.corrections:
        if read_version(correction.version) == version:
            return correction
    file = workspace.relative(workspace.month_settings(of))
    raise InputError(
        f"{workspace.relative(path)} is not among the corrections in {file}. "
        f"List it there with version: V{'.'.join(map(str, version))}, date: and what:."
    )


def _settings_of(workspace, month, path):
    """An earlier month's settings. They only say when it was corrected, and are no input of the report that asks."""
    file = workspace.month_settings(month)
    if not os.path.lexists(file):
        raise InputError(
            f"{workspace.relative(path)} corrects a report that has no {workspace.relative(file)}. "
            "Send its figures in the next return instead."
        )
    return read_month_settings(InputReader(workspace).text(file), month, workspace.relative(file))
