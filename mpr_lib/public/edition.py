"""The public edition: a copy of a workspace without what is not public, and a look for what is kept out of it."""

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

from mpr_lib.annexes import brought
from mpr_lib.book import Workspace, read_book, scorecard_of
from mpr_lib.book.commentary import WITHHELD, comment_file, split_front_matter
from mpr_lib.book.plain_yaml import read_yaml
from mpr_lib.book.settings import read_report_settings
from mpr_lib.book.tables import INDICATORS, INDICATORS_OPTIONAL, Cells
from mpr_lib.book.workspace import MONTHS, PUBLIC, InputReader, read_records
from mpr_lib.errors import InputError, RunError, first_five
from mpr_lib.files import csv_text, fingerprint, read_whole
from mpr_lib.public.leaks import (
    Withheld,
    as_read,
    found_in,
    indicator_texts,
    of_markup,
    officer_texts,
    readings,
    strings,
)
from mpr_lib.report.prose import plain_text, read_prose
from mpr_lib.rules.codes import slug
from mpr_lib.rules.outcome import is_exception
from mpr_lib.words import joined

MATCHES = ["indicator_code", "file", "words", "fingerprint", "role", "date"]
"""The columns of data/public_matches.csv: which words that may name what is withheld mean something else."""
MOST_LINES = 20
"""So many lines to add a message shows."""


@dataclass(frozen=True)
class Kept:
    """What is kept out of a workspace's public edition: indicators' ``slugs``, officers where they are not ``named``.

    ``texts`` are what must not be named, ``shown`` names that are in the edition and may hold one of them.
    """

    slugs: set[str]
    named: bool
    texts: list[Withheld]
    shown: list[str]

    def strong(self, text: str) -> list[Withheld]:
        """What a text names beyond doubt."""
        return [each for each, _ in found_in(text, (each for each in self.texts if each.is_strong), self.shown)]

    def weak(self, text: str) -> list[tuple[Withheld, str]]:
        """What a text may name, and in which words."""
        return found_in(text, (each for each in self.texts if not each.is_strong), self.shown)


def refuse_leaks(kept: Kept, sources: Path, month: str, folder: Path) -> None:
    """Raise ``RunError`` if anything that a set in ``folder`` says names what is withheld.

    Somebody may have named it in another indicator's comment, a note or a changed notebook; ``sources``, the edition's
    own workspace, is searched to say where. Names of files are read too; pictures are not.
    """
    found: dict[Withheld, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_relative_to(sources):
            name = path.relative_to(folder).as_posix()
            for each in kept.strong(f"{name}\n{readings(path)}"):
                found.setdefault(each, name)
    if found:
        places = {each: _places(each, kept, sources, name) for each, name in found.items()}
        lines = [f"'{each.text}' ({each.what}) stands in {place}." for each, place in places.items()]
        raise RunError(
            f"The public edition of {month} would name what is kept out of it, so it was not published.\n"
            f"{first_five(lines)}\nWord that text otherwise, or mark it public: false too."
        )


def _places(each, kept, sources, published):
    named = dict.fromkeys(place for place, _, text in _pieces(sources) if each in kept.strong(text))
    return joined(list(named)[:5]) or f"the report ({published})"


def refuse_doubts(kept: Kept, place: Workspace, sources: Path, month: str) -> None:
    """Raise ``RunError`` if what people wrote may name what is withheld and nobody has confirmed that it does not.

    ``sources`` is the edition's own workspace. A confirmation is a row of data/public_matches.csv; it holds for the
    words in a text as it is now, which its fingerprint tells.
    """
    confirmed = _confirmed(place)
    said, lines = [], []
    for at, file, text in _pieces(sources, month):
        for each, words in kept.weak(text):
            row = (each.code, file, words, fingerprint(as_read(text).encode())[:16])
            if row not in confirmed:
                said.append(f"{at}: '{words}' may be {each.what} ('{each.text}').")
                lines.append(csv_text([[*row, "", ""]]).strip())
    if said:
        more = f"\n… and {len(lines) - MOST_LINES} more." if len(lines) > MOST_LINES else ""
        raise RunError(
            f"The public edition of {month} may name what is kept out of it, so it was not published.\n"
            f"{first_five(said)}\nWord it otherwise. What means something else is confirmed in "
            "data/public_matches.csv, each with your role and the date behind it:\n"
            + "\n".join([",".join(MATCHES), *dict.fromkeys(lines[:MOST_LINES])])
            + more
        )


def _confirmed(place):
    """What is confirmed, as code, file, words and fingerprint: the rows that somebody signed."""
    path = place.data / "public_matches.csv"
    if not os.path.lexists(path):
        return set()
    name = place.relative(path)
    heading, *rows = read_records(InputReader(place).text(path), name) or [[]]
    if [cell.strip() for cell in heading] != MATCHES:
        raise InputError(f"{name} has the headings {', '.join(heading)}. Expected {', '.join(MATCHES)}.")
    signed = [[cell.strip() for cell in row] for row in rows if len(row) == len(MATCHES) and all(row[-2:])]
    return {(code, file, as_read(words), mark) for code, file, words, mark, *_ in signed}


def _pieces(sources, month=""):
    """What people wrote in a workspace: place, file and text; with ``month`` what a report of that month may show."""
    settings = [f"params/{month}.yml", "params/report.yml", "params/expectations.yml"] if month else ["params/*.yml"]
    comments = f"data/commentary/{month or '*'}/*.md"
    for pattern in ("data/**/*.csv", comments, *settings, "notebooks/monthly_report.ipynb"):
        for path in sorted(sources.glob(pattern)):
            name = path.relative_to(sources).as_posix()
            text = read_whole(path, name).decode("utf-8-sig")
            for at, said in _PARTS[path.suffix](name, text):
                if re.search(r"[^\W\d_]", said):
                    yield at, name, said


def _cells(name, text):
    records = read_records(text, name)
    for number, cells in enumerate(records[1:], start=2):
        for heading, cell in zip(records[0], cells, strict=False):
            yield f"{name} row {number}, column {heading}", cell


def _comment(name, text):
    _, comment = split_front_matter(text, name)
    yield name, f"{text}\n{plain_text(read_prose(comment))}"


def _notebook(name, text):
    for number, cell in enumerate(json.loads(text).get("cells", []), start=1):
        yield f"{name} cell {number}", "".join(cell.get("source", ""))


def _settings(name, text):
    for said in strings(read_yaml(text, name)):
        yield f"{name} ('{said[:40]}')", said


_PARTS = {".csv": _cells, ".md": _comment, ".ipynb": _notebook, ".yml": _settings}


def refuse_archive(place: Workspace, texts: dict[str, str]) -> None:
    """Raise ``RunError`` if the archive's files, by name, would name what is withheld now, of months before that."""
    kept = _kept(place)
    found = {each: name for name, text in texts.items() for each in kept.strong(of_markup(text))}
    if found:
        sets = sorted((place.outputs / "public").glob(f"{MONTHS}/scorecard.csv"))
        telling = [path.parent.name for path in sets if set(found) & set(kept.strong(readings(path)))]
        named = joined([f"'{each.text}' ({each.what})" for each in list(found)[:5]])
        raise RunError(
            f"The archive of the public edition would name {named}, so it is as it was. "
            f"{joined(telling) or 'An earlier month'} was published before that was withheld. "
            + " ".join(f"Publish it again: mpr run {month} --public." for month in telling[:1])
        )


NO_OFFICER = "Not published"


def make_public(place: Workspace, month: str, target: Path) -> tuple[Workspace, Callable[[Path], None]]:
    """Copy the workspace to ``target`` without what is not public; return it, and what refuses a folder with leaks."""
    kept = _kept(place)
    reader = InputReader(place)

    def copied(path, copy):
        Path(copy).write_bytes(reader.raw(Path(path)))

    for name in ("data", "params", "notebooks"):
        if (place.root / name).is_dir():
            ignored = shutil.ignore_patterns(".*", "public_matches.csv")
            shutil.copytree(place.root / name, target / name, copy_function=copied, ignore=ignored)
    filtered = Workspace(target)
    (target / PUBLIC).touch()
    for path in (path for pattern in _private_paths(reader) for path in sorted(target.glob(pattern))):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in sorted(filtered.data.rglob("*.csv")):
        _leave_out_rows(filtered, path, kept)
    for path in filter(Path.is_file, (filtered.report_settings, filtered.expectations)):
        _leave_out_codes(filtered, path, kept.slugs)
    hidden = {path for path in sorted(filtered.data.rglob("*.md")) if not _is_public(filtered, path, kept.slugs)}
    for path in hidden:
        path.unlink()
    if hidden:
        _stand_in(filtered, month, hidden)
    refuse_doubts(kept, place, target, month)
    return filtered, partial(refuse_leaks, kept, target, month)


def _private_paths(reader):
    """Patterns of the annexes' files that the edition leaves out: all that its settings do not name."""
    also = read_report_settings(reader).public.also
    return [pattern for name, paths in brought("private").items() if name not in also for pattern in paths]


def _kept(place):
    reader = InputReader(place)
    settings = read_report_settings(reader)
    indicators = reader.table(place.data / "indicators.csv", INDICATORS, INDICATORS_OPTIONAL)
    cells = Cells(indicators)
    is_hidden = ~cells.typed("public")
    for cell in cells.problems().itertuples():
        at = f"{cell.file} row {cell.row}, column public ({cell.indicator_code})"
        raise InputError(f"{at}: cannot read '{cell.found}'. {cell.expected}")
    hidden, shown = indicators[is_hidden], indicators[~is_hidden]
    names = {text for column in ("indicator_code", "short_name", "public_title") for text in shown[column] if text}
    texts = [each for row in hidden.itertuples()
             for each in indicator_texts(row.indicator_code, row.short_name, row.public_title)]  # fmt: skip
    if not settings.public.officers:
        contacts = {as_read(contact.name) for contact in settings.contacts}
        found = (each for cell in indicators["managed_by"].unique() for each in officer_texts(cell, contacts))
        texts += found
    read = {as_read(name) for name in names}
    kept = [each for each in dict.fromkeys(texts) if as_read(each.text) not in read]
    return Kept(set(hidden["indicator_code"].map(slug)), settings.public.officers, kept, sorted(names))


def _leave_out_codes(filtered, path, slugs):
    """Take codes out of the lists of indicator_codes in settings; what is for none but them goes altogether."""
    given = read_yaml(InputReader(filtered).text(path), filtered.relative(path))
    left = _without_codes(given, slugs)
    if isinstance(left, dict) and "subscribers" in (left.get("notify") or ()):
        # Addresses name officers, and no report shows them.
        left = {name: part for name, part in left.items() if name != "notify"}
    if left != given:
        text = yaml.safe_dump(left, allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8", newline="\n")


def _without_codes(value, slugs):
    if isinstance(value, dict):
        return {name: _without_codes(part, slugs) for name, part in value.items()}
    if not isinstance(value, list):
        return value
    left = []
    for each in value:
        codes = each.get("indicator_codes") if isinstance(each, dict) else None
        kept = [code for code in codes or [] if slug(str(code)) not in slugs]
        if kept or not codes:
            left.append({**each, "indicator_codes": kept} if codes else each)
    return left


def _leave_out_rows(filtered, path, kept):
    """Empty the rows of indicators that are not public and the cells of officers' names, in any table that has them."""
    records = read_records(InputReader(filtered).text(path), filtered.relative(path))
    heading = [cell.strip() for cell in records[0]] if records else []
    if not {"indicator_code", "managed_by"} & set(heading):
        return
    for cells in records[1:]:
        row = dict(zip(heading, map(str.strip, cells), strict=False))
        if slug(row.get("indicator_code", "")) in kept.slugs:
            cells[:] = [""] * len(cells)
        elif not kept.named and row.get("managed_by"):
            cells[heading.index("managed_by")] = NO_OFFICER
    path.write_text(csv_text(records), encoding="utf-8", newline="\n")


def _is_public(filtered, path, slugs):
    fields, _ = split_front_matter(InputReader(filtered).text(path), filtered.relative(path))
    return path.stem not in slugs and fields.get("public") != "False"


def _stand_in(filtered, month, hidden):
    """Say of an exception whose comment is withheld that it is not published: not that nobody wrote one."""
    book = read_book(filtered, month)
    scorecard = scorecard_of(book)
    for code in scorecard.loc[is_exception(scorecard), "indicator_code"]:
        path = comment_file(filtered, book.month, code)
        if path in hidden:
            path.write_text(f"{WITHHELD}\n", encoding="utf-8", newline="\n")
