"""The page: every published month, and every indicator's expected outcome month by month."""

import base64
import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

import pandas as pd
from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from mpr_lib import words
from mpr_lib.book.settings import Brand, OutcomeLooks
from mpr_lib.report.document import faces, style
from mpr_lib.report.rendering import asset, environment
from mpr_lib.report.sections.cover import lead_sentence
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.outcome import OUTCOMES
from mpr_lib.site.published import FILES, PublishedMonth

TEMPLATES = Path(__file__).parent / "templates"
_SECTIONS = {"CORPORATE": "Corporate indicators", "PARTNERSHIP": "Partnership indicators"}
_SEARCHED = ("indicator_code", "short_name", "aim", "department", "scrutiny_committee", "managed_by")


def site_html(months: list[PublishedMonth]) -> str:
    """The archive as one self-contained page; ``months`` newest first. Nothing is asked of any other place."""
    script = (TEMPLATES / "site/site.js").read_text(encoding="utf-8")
    newest = months[0]
    looks, brand = outcome_looks(newest), newest.report.get("brand", {})
    names = looks.names(words.OUTCOMES), looks.names(words.OUTCOMES_SHORT, short=True)
    colours = {"colour": Brand().colour, "text": Brand().text, **brand} if brand else {}
    template = _environment(tuple(looks.signs.items())).get_template("site/page.html.j2")
    return template.render(
        report=newest.report,
        newest=month_label(newest.month),
        months=[_month(each, names[0], looks) for each in months],
        columns=[{"label": month_label(each.month), "short": _short_label(each.month)} for each in months],
        rows=indicator_rows(months, names[1]),
        outcomes=[(code, names[1][code]) for code in OUTCOMES],
        style="\n".join((faces(), style(colours), asset("html/page.css"), _site_css())),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )  # fmt: skip


def outcome_looks(month: PublishedMonth) -> OutcomeLooks:
    """What a month's report calls the outcomes, and their shapes. The archive follows the newest month's."""
    return OutcomeLooks(**month.report.get("outcomes", {}))


def indicator_rows(months: list[PublishedMonth], names: dict[str, str]) -> list[dict]:
    """A row for every indicator that any month has, by section and code: its newest name, its outcome in each month."""
    newest = {}
    for each in reversed(months):
        newest |= each.by_code
    ordered = sorted(newest.values(), key=lambda row: (row["section"], natural_key(row["indicator_code"])))
    return [
        {
            "code": row["indicator_code"],
            "name": row["short_name"],
            "words": " ".join(row.get(name, "") for name in _SEARCHED).lower(),
            "outcome": (months[0].by_code.get(row["indicator_code"]) or {"expected_outcome": ""})["expected_outcome"],
            "cells": [_cell(each, row["indicator_code"], names) for each in months],
        }
        for row in ordered
    ]


def month_label(month: str) -> str:
    """A month for people.

    >>> month_label("2018-05")
    'May 2018'
    """
    return words.month_words(pd.Period(month, freq="M"))


def sentence(month: PublishedMonth, looks: OutcomeLooks) -> str:
    """What the month says at a glance: the report's own first sentence."""
    corporate = [row for row in month.rows if row["section"] != "PARTNERSHIP"]
    return lead_sentence(pd.DataFrame(corporate or month.rows, columns=["expected_outcome"]), looks)


def time_label(text: str) -> str:
    """A time of generation for people.

    >>> time_label("2018-06-21T11:59:00")
    '21 June 2018 11:59'
    """
    when = datetime.fromisoformat(text)
    return f"{when.day} {month_label(f'{when:%Y-%m}')} {when:%H:%M}"


def _month(each, names, looks):
    report = each.report
    return {
        "month": each.month,
        "label": month_label(each.month),
        "version": report["version"],
        "generated": report["generated"],
        "generated_label": time_label(report["generated"]),
        "sentence": sentence(each, looks),
        "counts": [_counts(each, section, names) for section in _SECTIONS if each.counts(section)],
        "findings": each.manifest.get("findings", {}),
        "files": [
            {"href": f"{each.month}/{name}", "label": FILES[name], "size": _size(size)}
            for name, size in each.sizes.items()
        ],
    }


def _counts(each, section, names):
    found = each.counts(section)
    items = [{"outcome": code, "label": names[code], "count": found[code]} for code in OUTCOMES if found[code]]
    return {"kind": "counts", "label": _SECTIONS[section], "total": found.total(), "items": items}


def _cell(each, code, names):
    row = each.by_code.get(code)
    if row is None:
        return {"outcome": "", "text": "Not in this report"}
    outcome = row["expected_outcome"]
    said = words.value_words(row["value_text"], row["no_value_reason"])
    return {"outcome": outcome, "text": names[outcome], "value": said, "href": each.address(code)}


def _size(count):
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"


def _short_label(month):
    return f"{pd.Period(month, freq='M'):%b %Y}"


def _site_css():
    return (TEMPLATES / "site/site.css").read_text(encoding="utf-8")


@cache
def _environment(signs: tuple) -> Environment:
    """The report's templates and this page's own, with the same filters."""
    made = environment(signs)
    return made.overlay(loader=ChoiceLoader([FileSystemLoader(TEMPLATES), made.loader]))
