"""Saving: comments, judgements and drafts, written whole or not at all, and never over what others wrote meanwhile."""

import csv
import io
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from secrets import token_hex

import pandas as pd

from mpr_lib.book.commentary import Comment, comment_file, read_comment, with_front_matter
from mpr_lib.book.tables import JUDGEMENTS, Cells
from mpr_lib.book.workspace import Workspace, decode, read_table
from mpr_lib.errors import UNSEEN, InputError, MonthTextError, MprError
from mpr_lib.files import csv_text, fingerprint, read_whole, refuse_links, write_whole
from mpr_lib.rules.codes import slug
from mpr_lib.rules.months import month_label, read_month
from mpr_lib.rules.outcome import JUDGED


class ChangedMeanwhile(MprError):
    """What was to be saved was written by somebody else since it was read. ``now`` is how it stands."""

    def __init__(self, what: str, now: "Comment | Judgement"):
        self.now = now
        super().__init__(f"{what} was changed by somebody else meanwhile. Nothing was overwritten.")


class NotWritten(MprError):
    """A file could not be written, and is as it was."""


def plain(text: str) -> str:
    """Words as they are saved: one kind of line end, no unseen or broken characters, nothing empty around them.

    >>> plain(" Fewer days.\\r\\n\\r\\nMore work. \\n")
    'Fewer days.\\n\\nMore work.'
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    # Word ends a line within a paragraph with \v, and a page with \f.
    return re.sub(UNSEEN, "", re.sub(r"\r\n|[\r\v\f\x85]", "\n", text)).strip()


def write(path: Path, content: bytes | str) -> None:
    """Write a file whole. Raises ``NotWritten`` in words for the writer, with the file as it was."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise NotWritten(
            f"{path.name} could not be saved: {error.strerror}. It is as it was; what you typed is kept as a draft."
        ) from error


# Comments.


def save_comment(
    workspace: Workspace, month: pd.Period, code: str, text: str, base: str, **fields: str | date | None
) -> Comment:
    """Save a comment over the version ``base`` (empty: there was no file), and return it as it now stands.

    ``fields`` are front matter to set, or with None to take out; what else stands there is kept as it is. Raises
    ``ChangedMeanwhile``, having changed nothing, if the file is not the one that ``base`` names, and ``InputError`` for
    a text without words.
    """
    path, words = comment_file(workspace, month, code), plain(text)
    if not words:
        name = workspace.relative(path)
        raise InputError(f"There are no words to save. To have no comment on {code}, delete {name}.")
    workspace.inside(path)
    with workspace.one_writer():
        now = read_comment(workspace, month, code)
        if now.version != base:
            raise ChangedMeanwhile(f"The comment on {code}", now)
        said = {
            key: re.sub(r"\s+", " ", plain(each)) if isinstance(each, str) else each for key, each in fields.items()
        }
        write(path, with_front_matter(read_whole(path, path.name) if now.version else b"", words, said))
        return read_comment(workspace, month, code)


# Judgements: one row of data/judgements.csv written or taken out, every other byte of the file left as it is.


@dataclass(frozen=True)
class Judgement:
    """One row of data/judgements.csv as texts, and the version of its bytes, empty where there is no row."""

    expected_outcome: str = ""
    reason: str = ""
    role: str = ""
    date: str = ""
    until: str = ""
    version: str = ""


def read_judgement(workspace: Workspace, month: pd.Period, code: str) -> Judgement:
    """The last judgement recorded for an indicator in this very month."""
    return _Row(workspace, month, code).judgement


def record_judgement(workspace: Workspace, month: pd.Period, code: str, judgement: Judgement) -> Judgement:
    """Write a judgement over the version it names, or add it; return it as it now stands.

    Raises ``InputError`` without outcome, reason, role or date, and ``ChangedMeanwhile`` if the row is another by now.
    """
    made = _checked(code, month, judgement)
    with workspace.one_writer():
        _Row(workspace, month, code).replace(judgement.version, made)
        return read_judgement(workspace, month, code)


def withdraw_judgement(workspace: Workspace, month: pd.Period, code: str, version: str) -> None:
    """Take the month's judgement out, so that the rating speaks again."""
    with workspace.one_writer():
        row = _Row(workspace, month, code)
        if row.place is None:
            raise InputError(
                f"{code} has no judgement of {month_label(month)} to withdraw. One from an earlier month that still "
                "stands is ended by its 'until' in data/judgements.csv."
            )
        row.replace(version, None)


class _Row:
    """The last row on an indicator and month in data/judgements.csv, and the text that each row of it takes up."""

    def __init__(self, workspace, month, code):
        self.path, self.month, self.code = workspace.data / "judgements.csv", month, code
        name = workspace.relative(self.path)
        raw = read_whole(workspace.inside(self.path), name, f"Add it with the headings {', '.join(JUDGEMENTS)}.")
        frame = read_table(decode(raw, name), name, JUDGEMENTS)
        self.texts = _texts_of_rows(raw.decode())
        self.place, self.judgement = None, Judgement()
        own = (frame["indicator_code"] == code) & (Cells(frame).typed("month") == month)
        for row in frame[own].tail(1).to_dict("records"):
            self.place = row["row"] - 1
            version = fingerprint(self.texts[self.place].encode())
            self.judgement = Judgement(**{name: row[name] for name in JUDGEMENTS[2:]}, version=version)

    def replace(self, version, judgement):
        """Write a judgement in the row's place, or none."""
        if self.judgement.version != version:
            raise ChangedMeanwhile(f"The judgement on {self.code}", self.judgement)
        line_end = "\r\n" if self.texts[0].endswith("\r\n") else "\n"
        if self.place is None:
            self.place = len(self.texts)
            self.texts[-1] += "" if self.texts[-1].endswith(("\n", "\r")) else line_end
            self.texts.append("")
        self.texts[self.place] = ""
        if judgement:
            values = {"indicator_code": self.code, "month": str(self.month), **vars(judgement)}
            heading = next(csv.reader([self.texts[0].lstrip("\ufeff")]))
            cells = [plain(values.get(name.strip(), "")).replace("\n", " ") for name in heading]
            self.texts[self.place] = csv_text([cells]).replace("\n", line_end)
        write(self.path, "".join(self.texts))


def _texts_of_rows(text):
    """The text that each row takes up, the headings first; a blank line is a row too."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines)
    ends = [reader.line_num for _ in reader]
    return ["".join(lines[start:end]) for start, end in pairwise([0, *ends])]


def _checked(code, month, judgement):
    """The judgement with its last month as the file has it; ``InputError`` for one that lacks something."""
    if judgement.expected_outcome not in JUDGED:
        raise InputError(f"Choose the expected outcome of {code}: one of {', '.join(JUDGED)}.")
    missing = [name for name in ("reason", "role", "date") if not plain(getattr(judgement, name))]
    if missing:
        raise InputError(
            f"The judgement on {code} lacks its {' and its '.join(missing)}. It needs a reason, the role of whoever "
            "makes it, and a date."
        )
    if not judgement.until.strip():
        return judgement
    try:
        until = read_month(judgement.until)
    except MonthTextError as error:
        raise InputError(f"Until which month the judgement stands: {error}") from None
    if until < month:
        raise InputError(f"The judgement on {code} ends in {until}, before it begins in {month_label(month)}.")
    return replace(judgement, until=str(until))


# Drafts: every word that was typed and not saved, in a file of its own until it is.


@dataclass(frozen=True)
class Draft:
    """Words that were typed and not saved: ``name`` tells drafts of one indicator apart."""

    name: str
    text: str
    kept: datetime


class Drafts:
    """One desk's drafts of a month, in outputs/.drafts/MONTH; ``desk`` keeps them apart from other desks' drafts."""

    def __init__(self, workspace: Workspace, month: pd.Period, desk: str):
        self.folder = workspace.beside_reports(".drafts", str(month))
        self.desk = desk

    def keep(self, code: str, text: str, saved: str) -> None:
        """Keep what is typed now, unless it says what is saved already."""
        if plain(text) == plain(saved):
            self.drop(code)
        else:
            self._put(self._path(code), text)

    def set_aside(self, code: str, text: str) -> None:
        """Keep words that the writer has put another text in the place of."""
        if plain(text):
            self._put(self._path(code, token_hex(4)), text)

    def _put(self, path, text):
        refuse_links(path)
        write(path, plain(text))

    def read(self, code: str, name: str = "") -> Draft | None:
        """A draft on an indicator, this desk's own if none is named. An empty one says that the words were deleted."""
        path = self._path(code, name)
        try:
            refuse_links(path)
            text, changed = read_whole(path, path.name).decode(), path.stat().st_mtime
        except (MprError, FileNotFoundError):
            return None
        return Draft(name or self.desk, text, datetime.fromtimestamp(changed))

    def others(self, code: str, saved: str) -> list[Draft]:
        """Other drafts on an indicator, the newest first, without those that say nothing new."""
        own = self.read(code)
        known = [[], saved.split(), own.text.split() if own else []]
        names = [path.name.split(".")[-2] for path in self.folder.glob(f"{slug(code)}.*.md")]
        # A program that copies folders about may have left names of its own.
        found = [self.read(code, name) for name in names if name != self.desk and name.isalnum()]
        drafts = [each for each in found if each and each.text.split() not in known]
        return sorted(drafts, key=lambda draft: draft.kept, reverse=True)

    def drop(self, code: str, name: str = "") -> None:
        """Forget a draft, this desk's own if none is named."""
        self._path(code, name).unlink(missing_ok=True)

    def _path(self, code, name=""):
        name = name or self.desk
        if not name.isalnum():
            raise ValueError(f"'{name}' is no draft's name")
        return self.folder / f"{slug(code)}.{name}.md"
