"""The archive: the months that readers find in ``outputs``, as one page that follows each indicator, and as a feed.

Months say themselves what they are. The page asks nothing of any other place, and the feed names no host unless it is
told where it is served.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from mpr_lib import words
from mpr_lib.book.settings import Brand, OutcomeLooks
from mpr_lib.book.workspace import MONTH
from mpr_lib.errors import InputError, RunError
from mpr_lib.files import read_whole
from mpr_lib.report.document import faces, script_hash, style
from mpr_lib.report.rendering import asset, render
from mpr_lib.report.sections.cells import counts_block
from mpr_lib.rules.codes import natural_key, slug
from mpr_lib.rules.months import month_label
from mpr_lib.rules.outcome import EXCEPTIONS, by_judgement

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
        return [f"{name} on {words.day_words(day)}, after {self.after(day)}" for name, day in named]

    def after(self, day) -> str:
        """How many days after the month's last a day is: '21 days'."""
        last = pd.Period(self.month, freq="M").end_time
        return words.counted((pd.Timestamp(day).normalize() - last.normalize()).days, "day")

    @property
    def generated(self) -> datetime:
        return datetime.fromisoformat(self.report["generated"]).replace(tzinfo=None)

    @property
    def version(self) -> str:
        return words.version_number(self.report["version"])

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
        return words.lead_sentence(self.scorecard if corporate.empty else corporate, looks)

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


TEMPLATES = Path(__file__).parent / "templates"
_SECTIONS = {"CORPORATE": "Corporate indicators", "PARTNERSHIP": "Partnership indicators"}
_SEARCHED = ("indicator_code", "short_name", "aim", "department", "scrutiny_committee", "managed_by")


def site_html(months: list[PublishedMonth]) -> str:
    """The archive as one self-contained page; ``months`` newest first."""
    script, css = ((TEMPLATES / "site" / name).read_text(encoding="utf-8") for name in ("site.js", "site.css"))
    script += asset("html/scrolls.js")
    looks, brand = months[0].looks, months[0].report.get("brand", {})
    shorts = looks.names(words.OUTCOMES_SHORT, short=True)
    colours = {"colour": Brand().colour, "text": Brand().text, **brand} if brand else {}
    return _render(
        "page.html",
        months[0],
        months=[_month(each, looks) for each in months],
        rows=indicator_rows(months, shorts),
        outcomes=shorts.items(),
        lags=any(each.meetings for each in months),
        style="\n".join((faces(), style(colours), asset("html/page.css"), css)),
        script=script,
        script_hash=script_hash(script),
    )


def indicator_rows(months: list[PublishedMonth], names: dict[str, str]) -> list[dict]:
    """A row for every indicator that any month has, by section and code: its newest name, its outcome in each month."""
    newest = pd.concat([each.scorecard for each in months]).drop_duplicates("indicator_code").fillna("")
    rows = sorted(newest.to_dict("records"), key=lambda row: (row["section"], natural_key(row["indicator_code"])))
    return [
        {
            "code": row["indicator_code"],
            "name": row["short_name"],
            "words": " ".join(row.get(name, "") for name in _SEARCHED).lower(),
            "cells": [_cell(each, row["indicator_code"], names) for each in months],
        }
        for row in rows
    ]


def _cell(each, code, names):
    row = each.by_code.get(code)
    if row is None:
        return {"outcome": "", "text": "Not in this report"}
    outcome = row["expected_outcome"]
    said = words.value_words(row["value_text"], row["no_value_reason"], row.get("unit", ""))
    judged = code in each.judged
    return {"outcome": outcome, "text": names[outcome], "judged": judged, "value": said, "href": each.address(code)}


def _month(each, looks):
    rows = words.worded(each.scorecard, looks)
    parts = {label: rows[rows["section"] == key] for key, label in _SECTIONS.items()}
    return {
        "about": each,
        "short": f"{pd.Period(each.month, freq='M'):%b %Y}",
        "generated_label": f"{words.day_words(each.generated)} {each.generated:%H:%M}",
        "version": each.version,
        "sentence": each.sentence(looks),
        "said": [
            words.counts_words(found, label.lower().removesuffix("s")) for label, found in parts.items() if len(found)
        ],
        "counts": [counts_block(label, found) for label, found in parts.items() if len(found)],
        "files": [(f"{each.folder}/{name}", FILES[name], _size(size)) for name, size in each.sizes.items()],
    }


def _size(count):
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"


def feed_xml(months: list[PublishedMonth], site_url: str = "") -> str:
    """An Atom feed, the newest month first. An entry keeps its id when the month is published again, corrected.

    A time of generation is local and says no zone; Atom wants one, so it is given as UTC.
    """
    base = f"{site_url.rstrip('/')}/" if site_url else ""
    return _render("feed.xml", months[0], months=months, base=base, id=_id) + "\n"


def _id(*parts):
    """An id that is the same on every machine and in every edition of the feed."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, 'monthly-performance-report/' + '/'.join(parts))}"


def _render(template, newest, **context):
    """One of the archive's templates, which shows outcomes in the newest month's shapes."""
    signs = tuple(newest.looks.signs.items())
    return render(f"site/{template}.j2", signs, TEMPLATES, report=newest.report, **context)
