"""Commentary: one Markdown file per indicator and month, named by the code's slug."""

import math
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from mpr_lib.book.plain_yaml import read_yaml
from mpr_lib.book.workspace import MONTHS, InputReader, Workspace
from mpr_lib.errors import InputError, MonthTextError, shown
from mpr_lib.rules.codes import slug
from mpr_lib.rules.months import read_month

COLUMNS = ["indicator_code", "text", "role", "date", "state", "file"]
FRONT_MATTER = ("role", "date", "state", "public")
_FORMS = {
    "date": ("[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date such as 2018-06-21"),
    "state": ("draft|approved", "draft or approved"),
    "public": ("True|False", "true or false"),
}

WITHHELD = "The comment on this indicator is not published."
"""What stands in a public edition for a comment that is not in it; there is nothing to approve in that."""


def read_commentary(reader: InputReader, month: pd.Period, codes) -> pd.DataFrame:
    """The comments of one month: indicator_code, text (Markdown), role, date, state, file.

    A file whose name is no indicator's slug keeps its name as the code, and an expectation reports it. A file
    without words is no comment. Raises ``InputError`` for slugs that two codes share and for faulty front matter.
    """
    by_slug = _codes_by_slug(codes)
    rows = []
    for path in sorted(reader.workspace.commentary_folder(month).glob("*.md")):
        name = reader.workspace.relative(path)
        fields, body = split_front_matter(reader.text(path), name)
        if body:
            rows.append({"indicator_code": by_slug.get(path.stem, path.stem), "text": body, "file": name, **fields})
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str").fillna("")


def with_approval(commentary: pd.DataFrame, settings, known: Mapping[str, str]) -> pd.DataFrame:
    """The comments with ``unapproved``: why each does not count as approved (``words.UNAPPROVED``), or nothing.

    ``known`` is what annexes know of comments by code, APPROVED or CHANGED: it goes before what a file says, but a
    draft stays a draft. ``mark`` is the same where it is to be published with the comment.
    """
    said, otherwise = commentary["state"].str.upper(), "NOT_APPROVED" if "comments" in settings.approval else "APPROVED"
    pairs = zip(commentary["indicator_code"], said, strict=True)
    found = [state if state == "DRAFT" else known.get(code, state or otherwise) for code, state in pairs]
    state = pd.Series(found, commentary.index, dtype="str")
    unapproved = state.mask((state == "APPROVED") | (commentary["text"] == WITHHELD), "")
    return commentary.assign(unapproved=unapproved, mark=unapproved if settings.publish_unapproved != "allow" else "")


@dataclass(frozen=True)
class Comment:
    """One comment's file: its words, the version of its bytes (empty: no file), its month, and its front matter."""

    text: str = ""
    version: str = ""
    month: pd.Period | None = None
    role: str = ""
    date: str = ""
    state: str = ""
    public: str = ""


def comment_file(workspace: Workspace, month: pd.Period, code: str) -> Path:
    """Where the comment on an indicator stands."""
    return workspace.commentary_folder(month) / f"{slug(code)}.md"


def read_comment(workspace: Workspace, month: pd.Period, code: str) -> Comment:
    """The comment as its file has it now, an empty one where there is none. Raises ``InputError`` for faulty files."""
    path = comment_file(workspace, month, code)
    if not os.path.lexists(path):
        return Comment(month=month)
    reader, name = InputReader(workspace), workspace.relative(path)
    fields, text = split_front_matter(reader.text(path), name)
    return Comment(text, reader.hashes[name], month, **fields)


def comments_over_time(workspace: Workspace, code: str, until: pd.Period) -> Iterator[Comment]:
    """The comments on an indicator up to a month, the newest first; a file that cannot be read is passed over."""
    for path in sorted((workspace.data / "commentary").glob(f"{MONTHS}/{slug(code)}.md"), reverse=True):
        try:
            comment = read_comment(workspace, read_month(path.parent.name), code)
        except (InputError, MonthTextError):
            continue
        if comment.text and comment.month <= until:
            yield comment


def comment_before(workspace: Workspace, code: str, month: pd.Period) -> Comment | None:
    """The newest comment of the months before, which a comment must not be a copy of; None if there is none."""
    return next(comments_over_time(workspace, code, month - 1), None)


def same_words(text: str, other: str) -> bool:
    """Whether two comments say the same, word for word: capitals and white space say nothing."""
    return text.lower().split() == other.lower().split()


def split_front_matter(text: str, name: str) -> tuple[dict, str]:
    """Part the optional front matter (role, date, state, public) from the comment.

    >>> split_front_matter("---\\nrole: Head of HR\\n---\\nFewer days.", "cp-5-4.md")
    ({'role': 'Head of HR'}, 'Fewer days.')
    """
    text = text.replace("\r\n", "\n")
    if not re.match(r"---[ \t]*\n", text):
        return {}, text.strip()
    found = re.match(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|$)(.*)", text, re.DOTALL)
    if not found:
        raise InputError(
            f"{name} begins with --- and has no second ---. Add it after role:, date:, state: and public:."
        )
    fields = read_yaml(found[1] or "", name, first_line=2) or {}
    if not isinstance(fields, dict):
        raise InputError(
            f"{name}: the lines between --- and --- cannot be read. Expected role:, date:, state: or public:."
        )
    given = {key: value for key, value in fields.items() if value is not None or key not in FRONT_MATTER}
    return {key: _front_matter(key, value, name) for key, value in given.items()}, found[2].strip()


def _front_matter(key, value, name):
    if key not in FRONT_MATTER:
        raise InputError(f"{name} has {shown(key)} between --- and ---. Expected {', '.join(FRONT_MATTER)}.")
    if isinstance(value, list | dict):
        raise InputError(f"{name}, '{key}': found {shown(value)}. Expected one text.")
    form, expected = _FORMS.get(key, (r"(?s).*", ""))
    if not re.fullmatch(form, str(value)):
        raise InputError(f"{name}, '{key}': found {shown(str(value))}. Expected {expected}.")
    return str(value)


def with_front_matter(raw: bytes, words: str, changes: Mapping) -> bytes:
    """A comment's new bytes: front matter with its changes (None: taken out), in its own line ends, then the words."""
    before = raw.decode("utf-8-sig").replace("\r\n", "\n")
    found = re.match(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|$)", before, re.DOTALL)
    head = (found and found[1]) or ""
    for key in (key for key in FRONT_MATTER if key in changes):
        head = _set_line(head, key, changes[key])
    # Words that begin with a line --- would be taken for front matter, so they get one, with an empty line in it.
    if head or words.startswith("---"):
        words = "---\n" + (head or "\n") + f"---\n{words}"
    return f"{words}\n".replace("\n", "\r\n" if b"\r\n" in raw else "\n").encode()


def _set_line(head, key, value):
    """The lines of the front matter with a key's own put in its place, added, or taken out where it has no value."""
    line = yaml.safe_dump({key: value}, allow_unicode=True, width=math.inf) if value else ""
    head, there = re.subn(rf"(?m)^{key}[ \t]*:.*\n(?:[ \t].*\n)*", lambda _: line, head)
    return head if there else head + line


def _codes_by_slug(codes):
    by_slug: dict[str, str] = {}
    clashes = []
    for code in dict.fromkeys(codes):
        if by_slug.setdefault(slug(code), code) != code:
            clashes.append(
                f"data/indicators.csv: '{by_slug[slug(code)]}' and '{code}' would share the file name {slug(code)}.md. "
                "Change one of the codes."
            )
    if clashes:
        raise InputError(clashes)
    return by_slug
