"""Published: the months that readers find in ``outputs``, as their own files say what they are."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path

import pandas as pd

from mpr_lib.book.settings import OutcomeLooks
from mpr_lib.errors import InputError, RunError
from mpr_lib.files import read_whole
from mpr_lib.rules.codes import slug
from mpr_lib.rules.months import month_label
from mpr_lib.rules.outcome import EXCEPTIONS, by_judgement
from mpr_lib.run.console import MONTH
from mpr_lib.words import counted, day_words, lead_sentence, version_number

FILES = {
    "report.html": "Report",
    "report.pdf": "Report as PDF",
    "report.docx": "Report as Word document",
    "scorecard.csv": "Scorecard, CSV",
    "values.csv": "All values, CSV",
    "points.csv": "Points of process charts, CSV",
    "records.csv": "Records of the indicators, CSV",
    "scorecard.xlsx": "All data, Excel",
    "datapackage.json": "Description of the data",
    "quality.html": "Data quality, all findings",
    "quality.json": "Data quality, JSON",
    "report.ipynb": "Notebook",
    "manifest.json": "Manifest",
}
"""What readers are offered, in this order."""


@dataclass(frozen=True)
class PublishedMonth:
    """One published month: its manifest, its scorecard as texts, and the sizes of its files."""

    month: str
    manifest: dict
    scorecard: pd.DataFrame
    sizes: dict[str, int]
    folder: str
    """Where its files lie, from the archive's page."""

    @property
    def report(self) -> dict:
        """What the report calls itself; months of earlier versions do not say."""
        usual = {"council": "", "title": "Monthly Performance Report", "language": "en-GB", "version": "V1.0"}
        return usual | {"publisher": "", "generated": f"{self.month}-01T00:00:00"} | self.manifest.get("report", {})

    @property
    def committees(self) -> dict[str, str]:
        """The page of each committee's edition, by the committee's name."""
        return {name: f"{self.folder}/{own}/report.html" for name, own in self.manifest.get("committees", {}).items()}

    @property
    def meetings(self) -> list[str]:
        """The meetings about the month that its set names, each with how many days after the month's last it is."""
        named = [(each["committee"] or "Committee", each["date"]) for each in self.manifest.get("meetings", [])]
        return [f"{name} on {day_words(day)}, after {self.after(day)}" for name, day in named]

    def after(self, day) -> str:
        """How many days after the month's last a day is: '21 days'."""
        last = pd.Period(self.month, freq="M").end_time
        return counted((pd.Timestamp(day).normalize() - last.normalize()).days, "day")

    @property
    def generated(self) -> datetime:
        return datetime.fromisoformat(self.report["generated"]).replace(tzinfo=None)

    @property
    def version(self) -> str:
        return version_number(self.report["version"])

    @property
    def label(self) -> str:
        """The month for people."""
        return month_label(pd.Period(self.month, freq="M"))

    @property
    def looks(self) -> OutcomeLooks:
        """What the report calls the outcomes, and their shapes. The archive's page follows the newest month's."""
        return OutcomeLooks(**self.report.get("outcomes", {}))

    @cached_property
    def judged(self) -> set[str]:
        """Codes of the indicators whose outcome stands by judgement."""
        return set(self.scorecard.loc[by_judgement(self.scorecard), "indicator_code"])

    @cached_property
    def by_code(self) -> dict[str, dict]:
        return {row["indicator_code"]: row for row in self.scorecard.to_dict("records")}

    def sentence(self, looks: OutcomeLooks) -> str:
        """What the month says at a glance: the report's own first sentence."""
        corporate = self.scorecard[self.scorecard["section"] != "PARTNERSHIP"]
        return lead_sentence(self.scorecard if corporate.empty else corporate, looks)

    def address(self, code: str) -> str:
        """Where this month's report shows an indicator: its detail page, or its row in the table."""
        row = self.by_code[code]
        table = "partnership-" if row["section"] == "PARTNERSHIP" else "corporate-"
        detailed = row["expected_outcome"] in EXCEPTIONS
        return f"{self.folder}/report.html#{'' if detailed else table}{slug(code)}"


def published_months(outputs: Path, folders: Mapping[str, tuple]) -> list[PublishedMonth]:
    """Every published month, the newest first; ``folders`` are as of ``mpr_lib.site.command.build_site``."""
    names = sorted((path.name for path in outputs.glob("*") if MONTH.fullmatch(path.name)), reverse=True)
    there = [name for name in names if (outputs / name / "manifest.json").is_file()]
    return [_read(outputs, name, *folders.get(name, (name, None))) for name in there]


def _read(outputs, month, place, sizes):
    # The link is followed once, so that everything read belongs to one set.
    folder = Path(os.path.realpath(outputs / month))
    try:
        manifest, table = (read_whole(folder / name, f"{month}/{name}") for name in ("manifest.json", "scorecard.csv"))
        manifest, scorecard = json.loads(manifest), pd.read_csv(BytesIO(table), dtype="str", keep_default_na=False)
        scorecard = scorecard.fillna("").apply(lambda column: column.str.lstrip(" "))
        there = sizes or {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()}
        sizes = {name: there[name] for name in FILES if name in there}
        if "expected_outcome" not in scorecard:
            raise KeyError("expected_outcome")
    except (InputError, OSError, ValueError, KeyError) as error:
        raise RunError(
            f"{outputs.name}/{month} cannot be read: {type(error).__name__}: {error}. "
            f"Run the month again: mpr run {month}"
        ) from None
    return PublishedMonth(month, manifest, scorecard, sizes, place)
