"""Pages: the archive as one page, where every indicator is followed from month to month, and as a feed.

The page asks nothing of any other place, and the feed names no host unless it is told where it is served.
"""

from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from mpr_lib import words
from mpr_lib.book.settings import Brand
from mpr_lib.report import rendering
from mpr_lib.report.document import faces, script_hash, style
from mpr_lib.report.rendering import asset
from mpr_lib.report.sections.cells import counts_block
from mpr_lib.rules.codes import natural_key
from mpr_lib.site.published import FILES, PublishedMonth

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
        style="\n".join((faces(), style(colours), rendering.asset("html/page.css"), css)),
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
    return rendering.render(f"site/{template}.j2", signs, TEMPLATES, report=newest.report, **context)
