"""The document: what the exporters read from an executed notebook, and the page made of it."""

import base64
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

import pandas as pd

from mpr_lib import words
from mpr_lib.columns import SHOWN, TABLES
from mpr_lib.errors import ParameterError, RunError, cell_place
from mpr_lib.files import fingerprint
from mpr_lib.report import additions, blocks
from mpr_lib.report.palette import theme_css
from mpr_lib.report.prose import abbreviated, plain_text, read_prose
from mpr_lib.report.rendering import TEMPLATES, asset, render
from mpr_lib.rules.codes import slug

MIME = "application/vnd.mpr.part+json"


@dataclass(frozen=True)
class Part:
    """One section's blocks. Jupyter shows its HTML; the exporters read its JSON. An absent one leaves no heading.

    ``method`` names the report's method that made it, so that it can be made again for some of the indicators.
    """

    section: str
    blocks: list[dict]
    document: dict = field(default_factory=dict)
    absent: bool = False
    method: str = ""

    @property
    def data(self) -> dict:
        said = {"mpr": 1, "section": self.section, "blocks": self.blocks, "document": self.document}
        said["method"] = self.method
        return said | ({"absent": True} if self.absent else {})

    def _repr_mimebundle_(self, include=None, exclude=None):
        shown = f"{len(self.blocks)} blocks, shown by JupyterLab and by the mpr-html and mpr-pdf exporters"
        return {MIME: self.data, "text/html": part_html(self), "text/plain": f"{self.section}: {shown}"}


def picture(figure, alt: str, caption: str = "") -> Part:
    """Show a matplotlib figure (or seaborn axes) in the report, HTML and PDF alike; or a still of plotly's or altair's.

    ``alt`` says what it shows; without it a ``ParameterError`` asks for one. A matplotlib figure is closed.
    """
    return Part("", additions.picture(figure, alt, caption))


def table(shown, caption: str) -> Part:
    """Show a frame, a series, a Styler or a great_tables GT in the report as a table of its own, HTML and PDF alike.

    ``ParameterError`` says what cannot be shown, and that a caption is missing.
    """
    if not caption.strip():
        raise ParameterError("table() needs a caption: what the table shows, for those who come upon it.")
    try:
        return Part("", additions.table(shown, caption))
    except additions.Unshowable as error:
        raise ParameterError(f"table() was given {error}.") from None


def show_frames() -> None:
    """Have a notebook show each bare frame as the report will, as long as it has room for it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell and shell.display_formatter:
        for kind in (pd.DataFrame, pd.Series):
            shell.display_formatter.mimebundle_formatter.for_type(kind, _shown_frame)


def _shown_frame(frame):
    try:
        part = Part("", additions.table(frame))
        return {MIME: part.data, "text/html": part_html(part)}
    except additions.Unshowable:
        return {}  # pandas' own form will do in the notebook; the report refuses it


HIDDEN_TAGS = {"parameters", "injected-parameters", "hidden"}


def settle(notebook) -> list[str]:
    """Put parts in the place of what an analyst's cells show, in place; return what readers will not see of it.

    Tables get their ids, and those without a caption the heading just above. Nothing is settled twice. Raises
    ``RunError`` with the cell for what cannot be published as it is.
    """
    notes, heading = [], ""
    for place, cell, number in _shown_cells(notebook):
        if cell.cell_type == "markdown":
            levels = [each for each in read_prose(cell.source) if each["type"] == "heading" and each["level"] > 1]
            heading = plain_text(levels[-1:]) or heading
        for order, output in enumerate(cell.get("outputs", [])):
            try:
                for block in _own_tables(output, cell.get("metadata", {}).get("alt", "")):
                    block["id"] = f"cell-{number}-{order}"
                    if not block["caption"] and not heading:
                        raise additions.Unshowable(additions.CAPTION)
                    heading, block["caption"] = heading if block["caption"] else "", block["caption"] or heading
                    if block.pop("dropped", False):
                        notes.append(f"The table '{block['caption']}' of {place} is published without its colours.")
            except additions.Unshowable as error:
                raise RunError(f"{_begun(place)} shows {error}.") from None
    return notes


def _own_tables(output, alt):
    """The tables of an analyst's own output, in whose place a part is put, unless it is printed text."""
    if MIME not in output.get("data", {}) and output.get("output_type") != "error":
        shown = additions.shown_blocks(output, alt)
        if output.get("output_type") != "stream":
            output.update(data=dict(Part("", shown)._repr_mimebundle_()), metadata={})
    part = output.get("data", {}).get(MIME, {"section": "none"})
    return [block for block in part["blocks"] if block["kind"] == "table"] if part["section"] == "" else []


def _shown_cells(notebook):
    """Each cell that is not hidden, with its place in words and its number, as in the notebook before it was run."""
    cells = [cell for cell in notebook.cells if "injected-parameters" not in cell.get("metadata", {}).get("tags", [])]
    for index, cell in enumerate(cells):
        if not HIDDEN_TAGS & set(cell.get("metadata", {}).get("tags", [])):
            yield cell_place(cells, index), cell, index + 1


def read_document(notebook, remade: Callable[[dict], dict] | None = None) -> dict:
    """Read an executed report notebook.

    A level-2 heading in Markdown opens a section, other Markdown is prose, parts give their blocks, pictures and
    tables of an analyst's own cells come along; code is never shown. ``remade`` gives a part in the place of each, and
    leaves an analyst's own out. Raises ``RunError`` for a notebook that failed, was not run, or holds no cover.
    """
    settle(notebook)
    about, sections = {}, [_section("cover", "")]
    for place, cell, _ in _shown_cells(notebook):
        if cell.cell_type == "markdown":
            _read_markdown(cell.source, sections, place)
        for output in cell.get("outputs", []):
            _refuse_error(output, place)
            part = output.get("data", {}).get(MIME)
            if remade:
                part = remade(part) if part else {"section": "", "blocks": [], "absent": sections[-1]["absent"]}
            if part:
                about.update(part.get("document", {}))
                _open_section(part["section"], sections)
                sections[-1]["absent"] = part.get("absent", False)
            sections[-1]["blocks"] += part["blocks"] if part else additions.shown_blocks(output, "")
    marks = about.pop("marks", {})
    if not about:
        raise RunError("The notebook holds no report: run its cells first, report.cover() among them.")
    # A heading of an analyst's own may stand alone, one of a part's may not. What introduces an absent one goes too.
    for each in sections:
        if each.pop("absent") and all(block["kind"] == "prose" for block in each["blocks"]):
            each["blocks"] = []
    shown = [each for each in sections if each["blocks"] or (each["title"] and not each["named"])]
    return {**about, "sections": [{**each, "blocks": marked(each["blocks"], marks)} for each in shown]}


def marked(shown: list[dict], marks: dict[str, list[dict]]) -> list[dict]:
    """Blocks with ``Quality.marks`` on their indicators: sentences on an article, chips beside a row's figure.

    They come when the document is read, so that no section has to wait for the checks.
    """
    return [_marked(block, marks) for block in shown]


def _marked(block, marks):
    if block["kind"] == "article" and block["code"] in marks:
        told = [block.get("sentence", ""), *(str(child.get("text", "")) for child in block.get("children", ()))]
        says = dict.fromkeys(mark["says"] for mark in marks[block["code"]])
        # What the card begins a sentence with itself is not said beside it again.
        return {**block, "marks": [each for each in says if not any(text.startswith(each[:-1]) for text in told)]}
    if block["kind"] != "table" or block["size"] == "glance":
        return block  # the first screen has its own marks, and room for no more
    return {**block, "rows": [_with_chips(row, marks.get(row.get("code"), ())) for row in block["rows"]]}


def _with_chips(row, marks):
    chips = list(dict.fromkeys(mark["chip"] for mark in marks if mark["chip"]))
    place = next((key for key in ("value", "name") if key in row["cells"]), None)
    if not chips or place is None:
        return row
    cell = row["cells"][place]
    return {**row, "cells": {**row["cells"], place: {**cell, "marks": [*cell.get("marks", ()), *chips]}}}


def _section(id, title, named=False):
    return {"id": id, "title": title, "blocks": [], "named": named, "absent": False}


def _read_markdown(source, sections, place):
    """Read a Markdown cell; one that begins with the notebook's own title speaks to who opens the notebook alone."""
    try:
        written = read_prose(source, additions.formula)
    except additions.Unshowable as error:
        raise RunError(f"{_begun(place)} shows {error}.") from None
    if written and written[0].get("level") == 1:
        return
    for are_headings, run in groupby(written, key=lambda block: block["type"] == "heading"):
        if not are_headings:
            sections[-1]["blocks"].append(blocks.prose(list(run)))
            continue
        for block in run:
            title = plain_text([block])
            if title and block["level"] == 2:
                sections.append(_section(slug(title), title))
            elif title:
                sections[-1]["blocks"].append(blocks.heading(min(block["level"], 5), title))


def _open_section(name, sections):
    """Let a part give its section's id; a second part with another name opens a section of its own."""
    section = sections[-1]
    if not name:
        return
    if section["named"] and section["id"] != name:
        sections.append(_section(name, name.capitalize(), named=True))
    else:
        section.update(id=name, named=True)


def _begun(place):
    """A cell's place where a sentence begins."""
    return words.capitalised(place) + "," * (", under" in place)


def _refuse_error(output, place):
    if output.get("output_type") == "error":
        raise RunError(
            f"{_begun(place)} failed: {output.get('ename', 'error')}: {output.get('evalue', '')}. "
            "A report with a failed cell is not converted."
        )


FACES = {"mpr-sans-400.woff2": "400", "mpr-sans-600.woff2": "500 900"}


def part_html(part) -> str:
    """One part as JupyterLab shows it, with the report's own style.

    The style is nested in a selector that outranks JupyterLab's own rules for tables, lists and links in outputs. The
    cover brings the typeface for the whole notebook.
    """
    face = faces() if any(block["kind"] == "cover" for block in part.blocks) else ""
    ours = f"{face}{theme_css()}\n:is(.mpr-out, #mpr-out) {{\n{layout(_beside_comments(part.blocks))}}}"
    return render("html/part.html.j2", part=part, style=ours)


def page_html(document: dict) -> str:
    """The whole document as one self-contained page: nothing is asked of any other place."""
    script, document = asset("html/script.js") + asset("html/scrolls.js"), abbreviated(document)
    look, shown = document.get("look", {}), [block for each in document["sections"] for block in each["blocks"]]
    return render(
        "html/page.html.j2",
        signs=tuple(look.get("signs", {}).items()),
        document=document,
        contents=contents(document),
        filter=[block for block in shown if block["kind"] == "filter"][:1],
        style="\n".join((faces(), style(look, shown), asset("html/page.css"))),
        script=script,
        script_hash=script_hash(script),
    )


def script_hash(script: str) -> str:
    """What a page's security policy knows its one script by."""
    return base64.b64encode(bytes.fromhex(fingerprint(script.encode()))).decode()


def style(look: dict | None = None, shown: list[dict] | None = None) -> str:
    """The style of the blocks: the palette, and how they are laid out with it; ``look`` may give a council's colour.

    ``shown`` are the blocks, among which a table with comments may have columns that are not the usual ones.
    """
    return f"{theme_css(look)}\n{layout(_beside_comments(shown or []))}"


def _beside_comments(shown):
    """The columns before the comments, in the first table of indicators that has these."""
    tables = (block["columns"] for block in shown if block["kind"] == "table" and block["size"] == "wide")
    found = ([each["key"] for each in columns] for columns in tables if columns and columns[-1]["kind"] == "prose")
    return tuple(next((keys for keys in found if set(keys) <= set(SHOWN)), TABLES["exceptions"])[:-1])


@cache
def layout(beside_comments: tuple) -> str:
    """How blocks are laid out, with what the table of columns says about widths."""
    shares = " ".join(SHOWN[key].width for key in beside_comments if key != "name")
    least = "".join(
        f'.mpr-indicators:not(.mpr-commented) thead th[data-key="{key}"] {{ min-width: {column.least}; }}\n'
        for key, column in SHOWN.items()
        if column.least
    )
    of = "".join(f'.mpr [data-share="{share}"] {{ --share: {share}; }}\n' for share in range(101))
    sheets = asset("html/style.css") + asset("html/glance.css")
    return f".mpr-commented {{ --columns: {shares}; }}\n{least}{of}{sheets}"


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


def contents(document: dict) -> list[dict]:
    """The sections that are there, each with its detail pages."""
    return [
        {
            "id": section["id"],
            "title": section["title"],
            "short_title": words.SHORT_TITLES.get(section["id"], section["title"]),
            "articles": [block for block in section["blocks"] if block["kind"] == "article"],
        }
        for section in document["sections"]
        if section["id"] != "cover"
    ]
