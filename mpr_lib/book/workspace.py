"""The workspace: the folder that holds one council's data, and its input files read once, each with its hash."""

import csv
import difflib
import io
import os
import re
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mpr_lib.book.plain_yaml import read_yaml
from mpr_lib.errors import UNSEEN, InputError, unseen
from mpr_lib.files import csv_text, fingerprint, locked, read_whole, refuse_links, write_whole

if TYPE_CHECKING:
    import pandas as pd

SOURCES = ".sources.csv"
"""How the file ends that says where a month's return was received from (``book.tables.SOURCES``), beside the return."""

PUBLIC = ".public"
"""The file in a copy of a workspace that a public edition is made from."""

_PACKAGE = Path(__file__).resolve().parents[1]
NOTEBOOKS = _PACKAGE / "notebooks" if (_PACKAGE / "notebooks").is_dir() else _PACKAGE.parent / "notebooks"
"""The notebooks that come with the library: a wheel brings them along; in a clone they stand beside it."""

MONTH, MONTHS = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])"), "[12]???-[01]?"
"""How what is of a month is named, and the pattern by which a folder is looked through for it."""

PATIENCE = 20.0
"""Seconds to wait for somebody else's save, which takes a fraction of one."""


class Workspace:
    """Any folder with ``data/`` and ``params/``, and its own ``notebooks/`` if it wants them."""

    def __init__(self, root: Path):
        self.root = Path(root)
        self.data, self.params, self.outputs = self.root / "data", self.root / "params", self.root / "outputs"
        self.returns_folder = self.data / "returns"
        self.report_settings, self.expectations = self.params / "report.yml", self.params / "expectations.yml"
        if not self.data.is_dir() or not self.params.is_dir():
            raise InputError(
                f"{self.root} is not a workspace: it needs the folders data and params. "
                "Name the right folder with --workspace."
            )

    @property
    def is_public(self) -> bool:
        """Whether it is a copy for a public edition, without what is not public."""
        return (self.root / PUBLIC).exists()

    def month_settings(self, month: "pd.Period") -> Path:
        return self.params / f"{month}.yml"

    def return_file(self, month: "pd.Period") -> Path:
        return self.returns_folder / f"{month}.csv"

    def sources_file(self, month: "pd.Period") -> Path:
        return self.returns_folder / f"{month}{SOURCES}"

    @property
    def newest_return(self) -> str:
        """The newest month with a return, such as 2018-05; empty without any."""
        names = [path.name for path in self.returns_folder.glob(f"{MONTHS}*.csv")]
        return max((name[:7] for name in names if not name.endswith(SOURCES)), default="")

    def commentary_folder(self, month: "pd.Period") -> Path:
        return self.data / "commentary" / str(month)

    def notebook(self, name: str) -> Path:
        """The workspace's own notebook of that name, or the one that comes with the package.

        Raises ``InputError`` where its own is a link out of the workspace.
        """
        own = self.root / "notebooks" / f"{name}.ipynb"
        if not os.path.lexists(own):
            return NOTEBOOKS / f"{name}.ipynb"
        self.inside(own)
        return own

    def inside(self, path: Path) -> Path:
        """Where a path leads, its links followed; raises ``InputError`` where that is outside the workspace.

        A folder that params/report.yml names under ``shared_folders`` may be a link to anywhere.
        """
        real, root = Path(os.path.realpath(path)), Path(os.path.realpath(self.root))
        if real.is_relative_to(root):
            return real
        name = self.relative(path)
        shared = [] if Path(path) == self.report_settings else self._shared_folders()
        if any(each and real.is_relative_to(os.path.realpath(self.root / each)) for each in shared):
            return real
        raise InputError(
            f"{name} leads to {real}, outside the workspace. Expected a file of its own. Put the file itself there, or "
            "name its folder under shared_folders in params/report.yml."
        )

    def has(self, path: Path) -> bool:
        """Whether a file is there; raises ``InputError`` where something else stands in its place."""
        if not os.path.lexists(path):
            return False
        InputReader(self).raw(path)
        return True

    def beside_reports(self, *names: str) -> Path:
        """A place of our own in outputs, beside the months. Raises ``MprError`` where a link stands on the way."""
        self.inside(self.outputs)
        path = self.outputs
        for name in names:
            path /= name
            refuse_links(path)
        return path

    def one_writer(self) -> AbstractContextManager:
        """Let one writer at a time compare and write. Editors of other makers do not ask for it; versions catch those.

        Raises ``RunError`` after ``PATIENCE`` seconds.
        """
        refusal = f"Somebody else has been saving for {PATIENCE:.0f} seconds. Nothing was changed. Save again."
        return locked(self.beside_reports(".drafts", "writing.lock"), PATIENCE, refusal)

    def _shared_folders(self) -> list[str]:
        text = InputReader(self).text(self.report_settings)
        found = read_yaml(text, self.relative(self.report_settings))
        names = found.get("shared_folders") if isinstance(found, dict) else None
        return [each for each in names if isinstance(each, str)] if isinstance(names, list) else []

    def refuse_unreadable(self) -> None:
        """Raise ``InputError`` for a folder that may not be looked through: it is not an empty one."""

        def refuse(error: OSError) -> None:
            if not isinstance(error, FileNotFoundError | NotADirectoryError):
                where = self.relative(Path(error.filename))
                raise InputError(
                    f"Cannot look through the folder {where}: {error.strerror}. Check who may read it, and try again."
                )

        for folder in (self.data, self.params):
            deque(os.walk(folder, onerror=refuse), 0)

    def relative(self, path: Path) -> str:
        """A path as messages and manifests name it: from the workspace, with forward slashes."""
        return Path(path).relative_to(self.root).as_posix()


def found(said: str | Path = "") -> Workspace:
    """The workspace that is said or, without one, the nearest folder from the working folder upwards that is one."""
    here = Path.cwd()
    for folder in () if said else (here, *here.parents):
        if (folder / "data").is_dir() and (folder / "params").is_dir():
            return Workspace(folder)
    if not said:
        raise InputError(f"Neither {here} nor a folder above it has data and params. Say which one: workspace='DIR'.")
    return Workspace(Path(said))


def enter(said: str | Path = "") -> str:
    """Make the workspace (``found``) the working folder, so that paths are relative to it; return where it is."""
    os.chdir(found(said).root)
    return str(Path.cwd())


@dataclass
class InputReader:
    """Reads a workspace's files as text and remembers the SHA-256 of each by its relative path.

    ``problems`` are tables of the cells that could not be read in what was made of the texts. ``own_words`` are what
    the workspace's settings say for no value, once they are read.
    """

    workspace: Workspace
    hashes: dict[str, str] = field(default_factory=dict)
    problems: "list[pd.DataFrame]" = field(default_factory=list)
    own_words: Mapping[str, str] = field(default_factory=dict)

    def text(self, path: Path, what_to_do: str = "Add it, or name the right workspace.") -> str:
        """The file's text. Raises ``InputError`` where it is missing or not UTF-8: nothing is ever mangled."""
        return decode(self.raw(path, what_to_do), self.workspace.relative(path))

    def raw(self, path: Path, what_to_do: str = "Add it, or name the right workspace.") -> bytes:
        """The file's bytes. Raises ``InputError`` where it is missing or cannot be opened."""
        name = self.workspace.relative(path)
        raw = read_whole(self.workspace.inside(path), name, what_to_do)
        self.hashes[name] = fingerprint(raw)
        return raw

    def table(self, path: Path, columns: list[str], optional: tuple = (), *, needed: bool = True) -> "pd.DataFrame":
        """A CSV file as a frame of texts with file and row (as a spreadsheet counts: headings are row 1).

        A file that is not ``needed`` and not there reads like one with headings alone.
        """
        text = self.text(path) if needed or os.path.lexists(path) else ",".join(columns)
        return read_table(text, self.workspace.relative(path), columns, optional)


def append_rows(place: Workspace, name: str, columns: list[str], rows: Iterable[Mapping]) -> int:
    """Add rows, by column, at the end of a table, in the order of its headings; how many are new.

    A row that is there already is not added, and every byte before stays as it is. A table that is not there begins
    with ``columns``. Raises ``InputError`` for one that cannot be read, ``OSError`` where it cannot be written.
    """
    path = place.root / name
    real = place.inside(path)
    raw = InputReader(place).raw(path) if os.path.lexists(path) else csv_text([columns]).encode()
    heading, *known = [[cell.strip() for cell in cells] for cells in read_records(decode(raw, name), name)]
    new = [cells for row in rows if (cells := [str(row.get(each, "")) for each in heading]) not in known]
    end = b"\r\n" if b"\r\n" in raw else b"\n"
    if new:
        write_whole(real, raw + (b"" if raw.endswith(b"\n") else end) + csv_text(new).encode().replace(b"\n", end))
    return len(new)


def decode(raw: bytes, name: str) -> str:
    """Decode UTF-8, with or without a byte order mark; refuse anything else by name and line.

    Refused are characters that nobody can see too, and two versions of a text in one.
    """
    kind = "'CSV UTF-8'" if name.endswith(".csv") else "UTF-8"
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        seen = bytes(raw[error.start : error.start + 1]).decode("cp1252", "replace")
        raise InputError(
            f"{name} line {line}: is not UTF-8 (a byte there would be '{seen}' in Windows-1252). "
            f"Save the file again as {kind}, so that £ and curly quotes arrive as they were typed."
        ) from None
    if "\x00" in text:
        raise InputError(f"{name} holds null characters: it is not a text file. Save it as {kind}.")
    if marks := re.search(r"^(?:<{7}|>{7}) .*", text, re.MULTILINE):
        line = text.count("\n", 0, marks.start()) + 1
        raise InputError(
            f"{name} line {line}: '{marks[0][:40]}' parts two versions of the file that were never made one. "
            "Keep what is right and take such lines out."
        )
    found = re.search(UNSEEN, text)
    if found:
        before = io.StringIO(f"{text[: found.start()]}.", newline="")
        place = f"row {sum(1 for _ in csv.reader(before))}" if kind == "'CSV UTF-8'" else f"line {len([*before])}"
        raise InputError(
            f"{name} {place}: holds the character U+{ord(found[0]):04X}, which nobody can see. Take it out, or type "
            "that text again."
        )
    return text


def read_table(text: str, name: str, columns: list[str], optional: tuple = ()) -> "pd.DataFrame":
    """Parse CSV text into a frame of stripped texts, one column for each of ``columns`` and ``optional``.

    Blank rows are left out, and the rows keep their numbers. Raises ``InputError`` for a column that is missing,
    unknown or given twice, and for rows with cells beyond the headings.
    """
    records = [[cell.strip() for cell in cells] for cells in read_records(text, name)]
    heading = list(records[0]) if records else []
    width = len(heading)
    while heading and not heading[-1]:
        heading.pop()
    if not heading:
        raise InputError(f"{name} has no headings in its first row. Expected {', '.join(columns)}.")
    if len(heading) == 1 and re.search("[;\t]", heading[0]):
        raise InputError(f"{name} has semicolons or tabs between its cells. Save it as 'CSV UTF-8', with commas.")
    _check_heading(name, heading, columns, optional)
    rows = [(number, cells) for number, cells in enumerate(records[1:], start=2) if any(cells)]
    _check_widths(name, rows, len(heading), width)
    # Loaded when needed: pandas takes a third of a second, and a run makes its workspace and starts its kernel before.
    import pandas as pd

    filled = [(cells + [""] * len(heading))[: len(heading)] for _, cells in rows]
    frame = pd.DataFrame(filled, columns=heading, dtype="str")
    frame = frame.reindex(columns=[*columns, *optional], fill_value="")
    return frame.assign(file=name, row=pd.Series([number for number, _ in rows], dtype="int64"))


def read_records(text: str, name: str) -> list[list[str]]:
    """The rows of a CSV text as lists of cells; raises ``InputError`` with the row that cannot be read."""
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        place = f"{name} row {len(records) + 1}"
        raise InputError(f"{place}: cannot be read as CSV: {error}. Look for a quote that is not closed.") from None
    return records


def _check_heading(name, heading, columns, optional):
    known = [*columns, *optional]
    problems = []
    for column in (column for column in columns if column not in heading):
        near = difflib.get_close_matches(column, [found for found in heading if found not in known], n=1)
        hint = f" Its headings are: {', '.join(heading)}."
        if near:
            hint = f" '{near[0]}' stands there: rename it.{unseen(near[0])}"
        problems.append(f"{name} lacks the column '{column}'.{hint}")
    for column in (column for column in heading if column not in known):
        if not any(f"'{column}' stands there" in problem for problem in problems):
            problems.append(f"{name} has the column '{column}', which nothing reads. Expected {', '.join(known)}.")
    problems += [f"{name} has the column '{column}' twice." for column in known if heading.count(column) > 1]
    if problems:
        raise InputError(problems)


def _check_widths(name, rows, headings, width):
    """Refuse rows with more cells than the heading row, empty ones too: 1,544 without quotes is two cells."""
    problems = [
        f"{name} row {number}: has {len(cells)} cells under {headings} headings. "
        "Put quotes around a text that holds a comma."
        for number, cells in rows
        if len(cells) > width or any(cells[headings:])
    ]
    if problems:
        raise InputError(problems)
