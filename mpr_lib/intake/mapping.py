"""The mapping: which headings mean what, from the package's own list and the workspace's data/imports.yml."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from mpr_lib.book.settings import Strict, read_settings
from mpr_lib.book.workspace import Workspace
from mpr_lib.errors import InputError

ROLES = ("indicator_code", "month", "year", "value", "note")
IGNORED = "ignored"
_DEFAULTS = Path(__file__).with_name("headings.yml")


class Headings(Strict):
    indicator_code: list[str] = Field([])
    month: list[str] = Field([])
    year: list[str] = Field([])
    value: list[str] = Field([])
    note: list[str] = Field([])


class ImportSettings(Strict):
    """data/imports.yml: headings by what they hold, headings to pass over, and other ways of writing codes."""

    headings: Headings = Field(Headings())
    ignored: list[str] = Field([])
    codes: dict[str, list[str]] = Field({})


@dataclass(frozen=True)
class Mapping:
    """What each heading means (a role, or ``ignored``), by its plain form; other writings of codes."""

    roles: dict[str, str]
    names: dict[str, str]
    codes: dict[str, list[str]]

    def role(self, heading: str) -> str | None:
        """What a heading means; None for one that is not known."""
        return self.roles.get(plain(heading))

    def near(self, heading: str) -> str:
        """The known heading of a role that looks most like this one, or an empty text."""
        wanted = [known for known, role in self.roles.items() if role in ROLES]
        found = difflib.get_close_matches(plain(heading), wanted, n=1, cutoff=0.75)
        return self.names[found[0]] if found else ""


def read_mapping(workspace: Workspace) -> Mapping:
    """The package's mapping with the workspace's over it. Raises ``InputError`` for what imports.yml cannot mean."""
    path, file = workspace.data / "imports.yml", "data/imports.yml"
    roles, names = {}, {}
    _add(_read(_DEFAULTS, _DEFAULTS.name), roles, names)
    if not path.is_file():
        return Mapping(roles, names, {})
    own = _read(path, file)
    twice = _twice(own)
    if twice:
        raise InputError(f"{file} gives '{twice}' two meanings. Leave it under one of them.")
    _add(own, roles, names)
    return Mapping(roles, names, own.codes)


def plain(heading: str) -> str:
    """A heading without what officers vary: capitals, spaces, punctuation and curly quotes.

    >>> plain("Month\u2019s  Value:"), plain("indicator_code"), plain("PI-Code *")
    ('months value', 'indicator code', 'pi code')
    """
    text = re.sub(r"['’‘`]", "", str(heading).lower())
    return " ".join(re.sub(r"[^\w%£]|_", " ", text).split())


def _read(path, file):
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{file} is not UTF-8. Save it as UTF-8.") from None
    return read_settings(ImportSettings, text, file)


def _meanings(settings):
    for role in ROLES:
        yield from ((heading, role) for heading in getattr(settings.headings, role))
    yield from ((heading, IGNORED) for heading in settings.ignored)


def _twice(settings) -> str:
    known = {}
    for heading, role in _meanings(settings):
        if known.setdefault(plain(heading), role) != role:
            return heading
    return ""


def _add(settings, roles, names):
    for heading, role in _meanings(settings):
        roles[plain(heading)] = role
        names[plain(heading)] = heading
