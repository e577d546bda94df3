"""Leaks: texts that a public edition must not hold, looked for in what is about to be published."""

import html
import json
import re
from pathlib import Path

from mpr_lib.errors import RunError, first_five

_SEARCHED = {".html", ".ipynb", ".csv", ".json"}
_SOURCES = {".md", ".csv", ".yml", ".ipynb"}


def is_telling(text: str) -> bool:
    """Whether a text found elsewhere must mean what is withheld: a code with letters and digits, or several words.

    >>> [is_telling(text) for text in ("CP 3.9", "3.9", "Repairs", "Repairs done in time")]
    [True, False, False, True]
    """
    return bool(re.search(r"[^\W\d]", text)) and bool(re.search(r"\d", text) or " " in text.strip())


def refuse_leaks(texts: dict[str, str], sources: Path, folder: Path, month: str) -> None:
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
