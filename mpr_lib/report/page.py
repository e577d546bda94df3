"""The page: blocks as HTML, alone in a notebook's output or together as one document."""

import base64
import hashlib

from mpr_lib.report.rendering import asset, render


def part_html(part) -> str:
    """One part as JupyterLab shows it, with the report's own style."""
    return render("html/part.html.j2", part=part, style=asset("html/style.css"))


def page_html(document: dict) -> str:
    """The whole document as one self-contained page: nothing is asked of any other place."""
    script, style = asset("html/script.js"), asset("html/style.css") + asset("html/page.css")
    return render(
        "html/page.html.j2",
        document=document,
        contents=contents(document),
        style=style,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        filters=filters(document),
    )


SHORT_TITLES = {
    "key": "Key",
    "exceptions": "Exceptions",
    "corporate": "All indicators",
    "detail": "Detail",
    "partnership": "Partnership",
    "finance": "Finance",
    "quality": "Data quality",
    "about": "About",
}
"""What the bar at the top of the page calls the sections, which has little room."""


def contents(document: dict) -> list[dict]:
    """The sections that are there, each with its detail pages."""
    return [
        {
            "id": section["id"],
            "title": section["title"],
            "short_title": SHORT_TITLES.get(section["id"], section["title"]),
            "articles": [block for block in section["blocks"] if block["kind"] == "article"],
        }
        for section in document["sections"]
        if section["id"] != "cover"
    ]


FILTERS = {
    "outcome": "Expected outcome",
    "department": "Department",
    "committee": "Scrutiny committee",
    "aim": "Aim",
    "managed_by": "Managed by",
}


def filters(document: dict) -> list[dict]:
    """What the indicator tables of the corporate section can be filtered by: name, label and options in page order."""
    section = next((each for each in document["sections"] if each["id"] == "corporate"), {"blocks": []})
    rows = [row for block in section["blocks"] if block["kind"] == "table" for row in block["rows"]]
    found = []
    for name, label in FILTERS.items():
        options = {}
        for row in rows:
            for value in _values(row, name):
                options.setdefault(value, row["cells"]["outcome"]["text"] if name == "outcome" else value)
        if len(options) > 1:
            found.append(
                {"name": name, "label": label, "options": [{"value": v, "text": t} for v, t in options.items()]}
            )
    return found


def _values(row, name):
    text = row.get(name, "")
    return [part.strip() for part in text.split(";") if part.strip()] if name == "managed_by" else [text] * bool(text)
