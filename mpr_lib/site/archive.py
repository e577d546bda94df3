"""Pages: the archive as one page, where every indicator is followed from month to month, and as a feed.

The page asks nothing of any other place, and the feed names no host unless it is told where it is served.
"""

from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import pandas as pd
from jinja2 import FileSystemLoader

from mpr_lib import words
from mpr_lib.book.settings import Brand
from mpr_lib.report import rendering
from mpr_lib.report.document import faces, script_hash, style
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.months import month_label
from mpr_lib.rules.outcome import OUTCOMES
from mpr_lib.site.published import FILES, PublishedMonth

TEMPLATES = Path(__file__).parent / "templates"
_SECTIONS = {"CORPORATE": "Corporate indicators", "PARTNERSHIP": "Partnership indicators"}
_SEARCHED = ("indicator_code", "short_name", "aim", "department", "scrutiny_committee", "managed_by")
_ATOM = "http://www.w3.org/2005/Atom"


def site_html(months: list[PublishedMonth]) -> str:
    """The archive as one self-contained page; ``months`` newest first."""
    script, css = ((TEMPLATES / "site" / name).read_text(encoding="utf-8") for name in ("site.js", "site.css"))
    looks, brand = months[0].looks, months[0].report.get("brand", {})
    names, shorts = looks.names(words.OUTCOMES), looks.names(words.OUTCOMES_SHORT, short=True)
    colours = {"colour": Brand().colour, "text": Brand().text, **brand} if brand else {}
    ours = FileSystemLoader([TEMPLATES, rendering.TEMPLATES])
    made = rendering.environment(tuple(looks.signs.items())).overlay(loader=ours)
    return made.get_template("site/page.html.j2").render(
        report=months[0].report,
        months=[_month(each, names, looks) for each in months],
        rows=indicator_rows(months, shorts),
        outcomes=[(code, shorts[code]) for code in OUTCOMES],
        style="\n".join((faces(), style(colours), rendering.asset("html/page.css"), css)),
        script=script,
        script_hash=script_hash(script),
    )


def indicator_rows(months: list[PublishedMonth], names: dict[str, str]) -> list[dict]:
    """A row for every indicator that any month has, by section and code: its newest name, its outcome in each month."""
    newest: dict[str, dict] = {}
    for each in reversed(months):
        newest |= each.by_code
    ordered = sorted(newest.values(), key=lambda row: (row["section"], natural_key(row["indicator_code"])))
    return [
        {
            "code": row["indicator_code"],
            "name": row["short_name"],
            "words": " ".join(row.get(name, "") for name in _SEARCHED).lower(),
            "outcome": months[0].by_code.get(row["indicator_code"], {}).get("expected_outcome", ""),
            "cells": [_cell(each, row["indicator_code"], names) for each in months],
        }
        for row in ordered
    ]


def _cell(each, code, names):
    row = each.by_code.get(code)
    if row is None:
        return {"outcome": "", "text": "Not in this report"}
    outcome = row["expected_outcome"]
    said = words.value_words(row["value_text"], row["no_value_reason"])
    return {"outcome": outcome, "text": names[outcome], "value": said, "href": each.address(code)}


def _month(each, names, looks):
    when = datetime.fromisoformat(each.report["generated"])
    return {
        "about": each,
        "short": f"{pd.Period(each.month, freq='M'):%b %Y}",
        "generated_label": f"{when.day} {month_label(pd.Period(when, freq='M'))} {when:%H:%M}",
        "sentence": each.sentence(looks),
        "counts": [_counts(found, label, names) for key, label in _SECTIONS.items() if (found := each.counts(key))],
        "files": [
            {"href": f"{each.month}/{name}", "label": FILES[name], "size": _size(size)}
            for name, size in each.sizes.items()
        ],
    }


def _counts(found, label, names):
    items = [{"outcome": code, "label": names[code], "count": found[code]} for code in OUTCOMES if found[code]]
    return {"kind": "counts", "label": label, "total": found.total(), "items": items}


def _size(count):
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"


def feed_xml(months: list[PublishedMonth], site_url: str = "") -> str:
    """An Atom feed, the newest month first. An entry keeps its id when the month is published again, corrected.

    A time of generation is local and says no zone; Atom wants one, so it is given as UTC.
    """
    report = months[0].report
    base = f"{site_url.rstrip('/')}/" if site_url else ""
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": report["language"]})
    name = f"{report['council']}: {report['title']}" if report["council"] else report["title"]
    _text(feed, "id", _id(report["council"], report["title"]))
    _text(feed, "title", name)
    _text(feed, "updated", max(_time(each) for each in months))
    _text(SubElement(feed, "author"), "name", report["publisher"] or report["council"] or report["title"])
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{base}index.html"})
    if base:
        SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{base}feed.xml"})
    for each in months:
        _entry(feed, each, base)
    indent(feed, "")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def _entry(feed, each, base):
    report = each.report
    entry = SubElement(feed, "entry")
    _text(entry, "id", _id(report["council"], report["title"], each.month))
    version = "" if report["version"] == "V1.0" else f", {report['version']}"
    _text(entry, "title", f"{report['title']} {each.label}{version}")
    _text(entry, "updated", _time(each))
    for kind, name in (("text/html", "report.html"), ("application/pdf", "report.pdf")):
        if name in each.sizes:
            relation = "alternate" if kind == "text/html" else "enclosure"
            link = {"rel": relation, "type": kind, "href": f"{base}{each.month}/{name}"}
            SubElement(entry, "link", link | ({"length": str(each.sizes[name])} if relation == "enclosure" else {}))
    _text(entry, "summary", each.sentence(each.looks))


def _id(*parts):
    """An id that is the same on every machine and in every edition of the feed."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, 'monthly-performance-report/' + '/'.join(parts))}"


def _time(each):
    text = each.report["generated"][:19]
    return f"{text}Z" if len(text) == 19 else f"{text[:16]}:00Z"


def _text(parent, name, text):
    SubElement(parent, name).text = text
