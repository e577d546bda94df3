"""Drafts: every word that was typed and not saved, in a file of its own until it is."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

import pandas as pd

from mpr_lib.book import Workspace
from mpr_lib.desk.saving import plain, write_whole
from mpr_lib.rules.codes import slug


@dataclass(frozen=True)
class Draft:
    """Words that were typed and not saved: ``name`` tells drafts of one indicator apart."""

    name: str
    text: str
    kept: datetime


class Drafts:
    """One desk's drafts of a month, in outputs/.drafts/MONTH; ``desk`` keeps them apart from other desks' drafts."""

    def __init__(self, workspace: Workspace, month: pd.Period, desk: str = ""):
        self.folder = workspace.outputs / ".drafts" / str(month)
        self.desk = desk or token_hex(4)

    def keep(self, code: str, text: str, saved: str) -> None:
        """Keep what is typed now, unless it says what is saved already."""
        if plain(text) == plain(saved):
            self.drop(code)
        else:
            write_whole(self._path(code, self.desk), plain(text).encode())

    def set_aside(self, code: str, text: str) -> None:
        """Keep words that the writer has put another text in the place of."""
        if plain(text):
            write_whole(self._path(code, token_hex(4)), plain(text).encode())

    def own(self, code: str) -> Draft | None:
        """What this desk keeps of an indicator; an empty text is a draft too: somebody has deleted the words."""
        return self._read(self._path(code, self.desk))

    def others(self, code: str, saved: str) -> list[Draft]:
        """Other drafts on an indicator, the newest first, without those that say nothing new."""
        own = self.own(code)
        known = [saved.split(), own.text.split() if own else []]
        found = [self._read(path) for path in self.folder.glob(f"{slug(code)}.*.md") if path.name[0] != "."]
        drafts = [draft for draft in found if draft and draft.text and draft.name != self.desk]
        drafts = [draft for draft in drafts if draft.text.split() not in known]
        return sorted(drafts, key=lambda draft: draft.kept, reverse=True)

    def drop(self, code: str, name: str = "") -> None:
        """Forget a draft, this desk's own if none is named."""
        self._path(code, name or self.desk).unlink(missing_ok=True)

    def codes(self, codes) -> set[str]:
        """Which of the codes this desk keeps words about."""
        return {code for code in codes if self._path(code, self.desk).exists()}

    def _path(self, code, name):
        if not name.isalnum():
            raise ValueError(f"'{name}' is no draft's name")
        return self.folder / f"{slug(code)}.{name}.md"

    def _read(self, path: Path):
        try:
            text, changed = path.read_text(encoding="utf-8"), path.stat().st_mtime
        except FileNotFoundError:
            return None
        return Draft(path.name.split(".")[-2], text, datetime.fromtimestamp(changed))
