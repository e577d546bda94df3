"""The public edition: a copy of a workspace without what is not public, and a look for what is kept out of it."""

import html
import json
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import yaml

from mpr_lib.book import Workspace, read_book, scorecard_of
from mpr_lib.book.commentary import comment_file, split_front_matter
from mpr_lib.book.settings import ReportSettings, read_settings, read_yaml
from mpr_lib.book.tables import INDICATORS, INDICATORS_OPTIONAL, Cells, officers
from mpr_lib.book.workspace import InputReader, read_records
from mpr_lib.errors import InputError, RunError, first_five
from mpr_lib.files import csv_text
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
    files = (path for path in sorted(folder.rglob("*")) if not path.is_relative_to(sources))
    published = [_plain(path) for path in files if path.suffix in _SEARCHED]
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


def make_public(place: Workspace, month: str, target: Path) -> tuple[Workspace, Callable[[Path], None]]:
    """Copy the workspace to ``target`` without what is not public; return it, and what refuses a folder with leaks."""
    slugs, texts, with_officers = _withheld(place)
    for name in ("data", "params", "notebooks"):
        if (place.root / name).is_dir():
            shutil.copytree(place.root / name, target / name, ignore=shutil.ignore_patterns(".*"))
    filtered = Workspace(target)
    for path in sorted(filtered.data.rglob("*.csv")):
        _leave_out_rows(filtered, path, slugs, with_officers)
    for path in filter(Path.is_file, (filtered.report_settings, filtered.expectations)):
        _leave_out_codes(filtered, path, slugs)
    hidden = {path for path in sorted(filtered.data.rglob("*.md")) if not _is_public(filtered, path, slugs)}
    for path in hidden:
        path.unlink()
    if hidden:
        _stand_in(filtered, month, hidden)
    return filtered, partial(refuse_leaks, texts, target, month)


def _withheld(place):
    """The slugs of what is kept out, the texts that nothing published may hold, and whether officers are named."""
    reader = InputReader(place)
    settings = read_settings(ReportSettings, reader.text(place.report_settings), "params/report.yml")
    indicators = reader.table(place.data / "indicators.csv", INDICATORS, INDICATORS_OPTIONAL)
    cells = Cells(indicators)
    hidden = indicators[~cells.typed("public")]
    for cell in cells.problems().itertuples():
        at = f"{cell.file} row {cell.row}, column public ({cell.indicator_code})"
        raise InputError(f"{at}: cannot read '{cell.found}'. {cell.expected}")
    texts = dict.fromkeys(hidden["indicator_code"], "an indicator that is not public")
    texts |= dict.fromkeys(
        [*hidden["short_name"], *hidden["public_title"]], "the name of an indicator that is not public"
    )
    if not settings.public.officers:
        contacts = {contact.name for contact in settings.contacts}
        names = {name for cell in indicators["managed_by"] for name in officers(cell)}
        texts |= dict.fromkeys(sorted(names - contacts), "an officer's name")
    shown = {*indicators["short_name"].drop(hidden.index), *indicators["public_title"].drop(hidden.index)}
    kept = {text: what for text, what in texts.items() if is_telling(text) and text not in shown}
    return set(hidden["indicator_code"].map(slug)), kept, settings.public.officers


def _leave_out_codes(filtered, path, slugs):
    """Take codes out of the lists of indicator_codes in settings; what is for none but them goes altogether."""
    given = read_yaml(InputReader(filtered).text(path), filtered.relative(path))
    left = _without_codes(given, slugs)
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


def _leave_out_rows(filtered, path, slugs, with_officers):
    """Empty the rows of indicators that are not public and the cells of officers' names, in any table that has them."""
    records = read_records(InputReader(filtered).text(path), filtered.relative(path))
    heading = [cell.strip() for cell in records[0]] if records else []
    if not {"indicator_code", "managed_by"} & set(heading):
        return
    for cells in records[1:]:
        row = dict(zip(heading, map(str.strip, cells), strict=False))
        if slug(row.get("indicator_code", "")) in slugs:
            cells[:] = [""] * len(cells)
        elif not with_officers and row.get("managed_by"):
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
            path.write_text(f"{NO_COMMENT}\n", encoding="utf-8", newline="\n")
