"""The page: blocks as HTML, alone in a notebook's output or together as one document."""

import base64
import hashlib
from functools import cache

from mpr_lib.report.abbreviated import abbreviated
from mpr_lib.report.palette import branded, theme_css
from mpr_lib.report.rendering import TEMPLATES, asset, render

FACES = {"mpr-sans-400.woff2": "400", "mpr-sans-600.woff2": "500 900"}


def part_html(part) -> str:
    """One part as JupyterLab shows it, with the report's own style.

    The style is nested in a selector that outranks JupyterLab's own rules for tables, lists and links in outputs. The
    cover brings the typeface for the whole notebook.
    """
    face = faces() if any(block["kind"] == "cover" for block in part.blocks) else ""
    ours = f"{face}{theme_css()}\n:is(.mpr-out, #mpr-out) {{\n{asset('html/style.css')}}}"
    return render("html/part.html.j2", part=part, style=ours)


def page_html(document: dict) -> str:
    """The whole document as one self-contained page: nothing is asked of any other place."""
    script, document = asset("html/script.js"), abbreviated(document)
    look = document.get("look", {})
    return render(
        "html/page.html.j2",
        signs=tuple(look.get("signs", {}).items()),
        document=document,
        contents=contents(document),
        style="\n".join((faces(), style(look), asset("html/page.css"))),
        script=script,
        script_hash=script_hash(script),
        filters=filters(document),
    )


def script_hash(script: str) -> str:
    """What a page's security policy knows its one script by."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def style(look: dict | None = None) -> str:
    """The style of the blocks: the palette, and how they are laid out with it; ``look`` may give a council's colour."""
    own = branded(look["colour"], look["text"]) if look and "colour" in look else ()
    return f"{theme_css(*own)}\n{asset('html/style.css')}"


@cache
def faces() -> str:
    """The page's typeface, inside the page."""
    rules = (
        f'@font-face {{ font-family: "MPR Sans"; font-weight: {weight}; font-display: swap; '
        f'src: url("data:font/woff2;base64,{_encoded(name)}") format("woff2"); }}'
        for name, weight in FACES.items()
    )
    return "\n".join(rules)


def _encoded(name):
    return base64.b64encode((TEMPLATES / "html" / "fonts" / name).read_bytes()).decode()


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
