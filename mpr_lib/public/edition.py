"""The public edition: a copy of a workspace without what is not public, and a look for what is kept out of it."""

import csv
import html
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

from mpr_lib.book import Workspace, read_book, scorecard_of
from mpr_lib.book.commentary import split_front_matter
from mpr_lib.book.settings import ReportSettings, read_settings, read_yaml
from mpr_lib.book.tables import INDICATORS, INDICATORS_OPTIONAL, officers, read_flag
from mpr_lib.book.workspace import InputReader, read_records
from mpr_lib.errors import InputError, RunError, ValueTextError, first_five
from mpr_lib.rules.codes import slug
from mpr_lib.rules.outcome import is_exception

_SEARCHED = {".html", ".ipynb", ".csv", ".json"}
_SOURCES = {".md", ".csv", ".yml", ".ipynb"}


def is_telling(text: str) -> bool:
    """Whether a text found elsewhere must mean what is withheld: a code with letters and digits, or several words.

    >>> [is_telling(text) for text in ("CP 3.9", "3.9", "Repairs", "Repairs done in time")]
    [True, False, False, True]
    """
    return bool(re.search(r"[^\W\d]", text)) and bool(re.search(r"\d", text) or " " in text.strip())


def refuse_leaks(texts: dict[str, str], sources: Path, month: str, folder: Path) -> None:
    """Raise ``RunError`` if a file in ``folder`` holds one of the texts, which are given with what each is.

    Somebody may have named it in another indicator's comment, a note or a changed notebook; ``sources`` is searched to
    say where. The PDF has the page's texts, and the workbook the CSV files', so they are not read again.
    """
    published = [_plain(path) for path in sorted(folder.iterdir()) if path.suffix in _SEARCHED]
    found = [text for text in texts if any(_pattern(text).search(content) for content in published)]
    if found:
        lines = [f"'{text}' ({texts[text]}) stands in {_places(text, sources)}." for text in found]
        raise RunError(
            f"The public edition of {month} would name what is kept out of it, so it was not published.\n"
            f"{first_five(lines)}\nWord that text otherwise, or mark it public: false too."
        )


def _plain(path):
    """A file's text without what HTML and JSON write otherwise, so that a name is found however it is written."""
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".ipynb", ".json"):
        text = "\n".join(_strings(json.loads(text)))
    return re.sub(r"\s+", " ", html.unescape(text))


def _strings(value):
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *_strings(item))]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    return [str(value)]


def _pattern(text):
    """The text as words of their own: CP 1 is not in CP 1.1 or CP 10."""
    words = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"(?<![\w.]){words}(?!\w|\.\d)", re.IGNORECASE)


def _places(text, sources):
    files = [path for path in sorted(sources.rglob("*.*")) if path.suffix in _SOURCES]
    named = [path for path in files if _pattern(text).search(path.read_text("utf-8"))]
    return ", ".join(path.relative_to(sources).as_posix() for path in named) or "the report"


NO_COMMENT = "The comment on this indicator is not published."
NO_OFFICER = "Not published"


@dataclass(frozen=True)
class Withheld:
    """What is kept out: indicators' slugs and, with what each is, the texts that nothing published may hold."""

    slugs: frozenset[str]
    texts: dict[str, str]
    officers: bool


def make_public(place: Workspace, month: str, target: Path) -> tuple[Workspace, Callable[[Path], None]]:
    """Copy the workspace to ``target`` without what is not public; return it, and what refuses a folder with leaks."""
    withheld = _withheld(place)
    for name in ("data", "params", "notebooks"):
        if (place.root / name).is_dir():
            shutil.copytree(place.root / name, target / name, ignore=shutil.ignore_patterns(".*"))
    filtered = Workspace(target)
    for path in sorted(filtered.data.rglob("*.csv")):
        _leave_out_rows(filtered, path, withheld)
    for path in (filtered.report_settings, filtered.expectations):
        _leave_out_codes(filtered, path, withheld)
    hidden = {path for path in sorted(filtered.data.rglob("*.md")) if not _is_public(filtered, path, withheld)}
    for path in hidden:
        path.unlink()
    _stand_in(filtered, month, hidden)
    return filtered, partial(refuse_leaks, withheld.texts, target, month)


def _withheld(place):
    reader = InputReader(place)
    settings = read_settings(ReportSettings, reader.text(place.report_settings), "params/report.yml")
    indicators = reader.table(place.data / "indicators.csv", INDICATORS, INDICATORS_OPTIONAL)
    hidden = indicators[[not _flag(row) for row in indicators.itertuples()]]
    texts = dict.fromkeys(hidden["indicator_code"], "an indicator that is not public")
    texts |= dict.fromkeys(hidden["short_name"], "the name of an indicator that is not public")
    if not settings.public.officers:
        contacts = {contact.name for contact in settings.contacts}
        names = {name for cell in indicators["managed_by"] for name in officers(cell)}
        texts |= dict.fromkeys(sorted(names - contacts), "an officer's name")
    shown = set(indicators["short_name"].drop(hidden.index))
    kept = {text: what for text, what in texts.items() if is_telling(text) and text not in shown}
    return Withheld(frozenset(hidden["indicator_code"].map(slug)), kept, not settings.public.officers)


def _flag(row):
    try:
        return not row.public or read_flag(row.public)
    except ValueTextError as error:
        place = f"{row.file} row {row.row}, column public ({row.indicator_code})"
        raise InputError(f"{place}: {error}") from None


def _leave_out_codes(filtered, path, withheld):
    """Take codes out of the lists of indicator_codes in settings; what is for none but them goes altogether."""
    if not path.is_file():
        return
    given = read_yaml(InputReader(filtered).text(path), filtered.relative(path))
    parts = given if isinstance(given, dict) else {"": given}
    changed = {name: _without_codes(value, withheld) for name, value in parts.items()}
    if changed != parts:
        text = yaml.safe_dump(changed.get("", changed), allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8", newline="\n")


def _without_codes(value, withheld):
    if not isinstance(value, list):
        return value
    left = []
    for each in value:
        codes = each.get("indicator_codes") if isinstance(each, dict) else None
        kept = [code for code in codes or [] if slug(str(code)) not in withheld.slugs]
        if kept or not codes:
            left.append({**each, "indicator_codes": kept} if codes else each)
    return left


def _leave_out_rows(filtered, path, withheld):
    """Empty the rows of indicators that are not public and the cells of officers' names, in any table that has them."""
    records = read_records(InputReader(filtered).text(path), filtered.relative(path))
    heading = [cell.strip() for cell in records[0]] if records else []
    code = heading.index("indicator_code") if "indicator_code" in heading else None
    officer = heading.index("managed_by") if withheld.officers and "managed_by" in heading else None
    if code is None and officer is None:
        return
    for cells in records[1:]:
        if code is not None and len(cells) > code and slug(cells[code].strip()) in withheld.slugs:
            cells[:] = [""] * len(cells)
        elif officer is not None and len(cells) > officer:
            cells[officer] = NO_OFFICER if cells[officer].strip() else ""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(records)


def _is_public(filtered, path, withheld):
    fields, _ = split_front_matter(InputReader(filtered).text(path), filtered.relative(path))
    return path.stem not in withheld.slugs and fields.get("public") != "False"


def _stand_in(filtered, month, hidden):
    """Say of an exception whose comment is withheld that it is not published: not that nobody wrote one."""
    folder = filtered.root / "data" / "commentary" / month
    names = {path.stem for path in hidden if path.parent == folder}
    if not names:
        return
    scorecard = scorecard_of(read_book(filtered, month))
    for code in scorecard.loc[is_exception(scorecard), "indicator_code"]:
        if slug(code) in names:
            (folder / f"{slug(code)}.md").write_text(f"{NO_COMMENT}\n", encoding="utf-8", newline="\n")
