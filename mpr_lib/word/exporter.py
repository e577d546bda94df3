"""The report in Word: the blocks of the page as headings, paragraphs, pictures and real tables; ``mpr-docx``."""

import json
import re
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import typst
from markupsafe import Markup
from traitlets import Unicode

from mpr_lib.book import Book
from mpr_lib.errors import RunError
from mpr_lib.files import read_whole, repacked
from mpr_lib.report.blocks import columns
from mpr_lib.report.exporters import ReportExporter
from mpr_lib.report.exporters.pdf import fonts
from mpr_lib.report.exporters.pdf_layout import (
    RUNNING_TEXT,
    claim,
    picture_as_svg,
    set_depths,
    under,
    with_below,
    without_room,
)
from mpr_lib.report.palette import LIGHT
from mpr_lib.report.prose import plain_text
from mpr_lib.word.styles import W, as_xml, begun

MM, TWIP, PPI = 36_000, 1440 / 25.4, 288
"""Word's units in a millimetre, of pages and pictures and of tables; and a picture's dots in an inch."""
WIDEST = {"gauge": 78, "trend": 92, "spark": 20, "logo": 40}
"""How wide drawings may be, in millimetres, where the page has room for more."""
LETTER, EDGES, NAME = 1.65, 3.5, 60
"""Millimetres of a letter in a table, of a cell's edges, and of a column that reads well."""
LONG = 500
"""Characters below a row from which it may go on on the next page."""
OURS = re.compile(r".*, version [\d.]+, .*\. Page \d+ of \d+", re.DOTALL)
"""A footer that stands in a template because it was a report, with that report's month."""
OUTCOMES = {code: f"Report {code.replace('_', ' ').title()}" for code in ("AT_RISK", "SOME_SLIPPAGE", "ON_COURSE")}


class MprDocxExporter(ReportExporter):
    """Convert a report notebook to Word: ``jupyter nbconvert --to mpr-docx report.ipynb``."""

    export_from_notebook = "Monthly Performance Report (Word)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    file_extension = ".docx"
    word_template = Unicode("", help="A Word document whose styles, page, header and footer are taken").tag(config=True)

    def made(self, document: dict) -> bytes:
        """The Word document's bytes."""
        name = self.word_template
        return render_docx(document, read_whole(Path(name), name) if name else b"")


def word_form(book: Book) -> dict:
    """The name of the Word document in a set, and what makes it of a report's document; refused where it cannot be."""
    template = book.annexes["word"]
    begun(template, {}, book.settings.language)
    return {"report.docx": lambda document: render_docx(document, template)}


def render_docx(document: dict, template: bytes = b"") -> bytes:
    """A report's document in Word, in the page's order and words; the same bytes for the same document and template.

    Raises ``RunError`` for a figure without a text alternative and where python-docx is not installed.
    """
    document = _kept(document, set())
    made, styles = begun(template, document.get("look", {}), document["lang"])
    page = made.sections[0]
    if not template:
        page.page_width, page.page_height = 210 * MM, 297 * MM
        page.left_margin = page.right_margin = 18 * MM
        page.top_margin, page.bottom_margin = 16 * MM, 18 * MM
        page.header_distance = page.footer_distance = 9 * MM
    sides = page.left_margin + page.right_margin
    rooms = (page.page_width - sides) / MM, (page.page_height - sides) / MM
    _laid_out(document["sections"], rooms)
    shelf = _Shelf(made, styles, document, rooms[0])
    entries = [entry for section in document["sections"] for entry in _entries(section)]
    look = {"outcomes": OUTCOMES, "wash": LIGHT["wash"][1:]}
    made.element.body[:0] = as_xml("document", document=document, shelf=shelf, entries=entries, **look)
    footer = page.footer._element
    if not (said := "".join(footer.xpath(".//w:t/text()")).strip()) or OURS.fullmatch(said):
        footer[:] = [as_xml("footer", document=document, style=styles["footer"])]
    _describe(made.core_properties, document)
    written = BytesIO()
    made.save(written)
    return repacked(written.getvalue())


def _describe(about, document):
    """Title, author and times, the report's own, and nothing of a template's."""
    about._element[:] = []
    about.title, about.language, about.revision = document["title"][:255], document["lang"], 1
    about.author = about.last_modified_by = document["council"][:255]
    about.created = about.modified = datetime.fromisoformat(document["generated"]).replace(tzinfo=None)


_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _kept(value, targets, key=""):
    """A copy without the characters that XML cannot hold, each id a target of its own, its pictures as drawings."""
    if isinstance(value, str):
        value = _UNKEPT.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
        return claim(value, targets) if key == "id" else value
    if isinstance(value, list):
        return [_kept(each, targets) for each in value]
    if not isinstance(value, dict):
        return value
    value = picture_as_svg(value) if value.get("type") == "image" else value
    if "svg" in value and not value["alt"].strip():
        raise RunError("A picture has no text alternative, so it cannot be put into Word. Give the figure an `alt`.")
    return {name: _kept(each, targets, name) for name, each in value.items()}


def _laid_out(sections, rooms):
    """Give headings their depth and new pages, and tables their widths, in place."""
    for number, section in enumerate(sections):
        shown = section["blocks"]
        set_depths(shown, 1)
        flows = number and all(block["kind"] in RUNNING_TEXT for block in shown)
        section["page"] = bool(section["title"]) and not flows
        for before, block in pairwise([{"kind": ""}, *shown]):
            block["page"] = before["kind"] == "article"
        below = {key for block in shown if block["kind"] == "table" for key in without_room(_arranged(block))}
        for block in list(_tables(shown)):
            made = with_below(_arranged(block), below)
            block.update(made, rows=[_row(row, made) for row in made["rows"]])
            block["widths"] = _widths(block, rooms[block["landscape"]])


def _tables(value):
    """Every table inside; one that somebody wrote in a comment becomes one like the others."""
    if isinstance(value, dict) and "header" in value:
        head, *rows = [[{"type": "paragraph", "children": cell} for cell in row]
                       for row in (value.pop("header"), *value["rows"])]  # fmt: skip
        named = columns({str(place): plain_text([cell]) for place, cell in enumerate(head)})
        cells = [{str(place): {"text": "", "prose": [cell]} for place, cell in enumerate(row)} for row in rows]
        value.update(caption="", columns=named, rows=[{"kind": "plain", "cells": each} for each in cells])
    if isinstance(value, dict) and "columns" in value:
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _tables(each)


def _arranged(table):
    """The table with the column first that heads its rows."""
    return table | {"columns": sorted(table["columns"], key=lambda each: each["key"] != table.get("heads", ""))}


def _row(row, table):
    """A row with all its cells, and what stands below it: facts with their headings, and what people wrote."""
    under = [(each, row["cells"][each["key"]]) for each in table["below"] if each["key"] in row["cells"]]
    facts = [(each["label"], cell) for each, cell in under if each["kind"] != "prose" and cell["text"] not in ("", "–")]
    prose = [cell | {"prose": _Shelf.led(each["label"], cell["prose"])} if "prose" in cell else cell
             for each, cell in under if each["kind"] == "prose"]  # fmt: skip
    cells = {each["key"]: {"text": ""} for each in table["columns"]} | row["cells"]
    long = any(len(plain_text(cell.get("prose", ()))) > LONG for cell in prose)
    return row | {"cells": cells, "facts": facts, "written": prose, "long": long,
                  "under": bool(facts or prose or row.get("told"))}  # fmt: skip


def _widths(table, total):
    """How wide each column is, in twips: no word is broken if it can be helped, and room goes to long texts."""
    least, good, rows = [], [], [row for row in table["rows"] if row["kind"] != "group"]
    for column in table["columns"]:
        cells = [row["cells"][column["key"]] for row in rows]
        drawn = (WIDEST["spark"] + EDGES) * any("svg" in each for each in cells)
        texts = [" ".join([plain_text(each.get("prose", ())) or each["text"], *each.get("marks", ()),
                           "judged" * ("judged" in each)]) for each in cells if "svg" not in each]  # fmt: skip
        words = [word for text in [column["label"], *texts] for word in text.split()]
        word = max(drawn, max([len(column["label"]) / 3, *map(len, words)]) * LETTER + EDGES)
        whole = max([word, *(len(text) * LETTER + EDGES for text in texts)])
        least.append(whole if column["kind"] in ("code", "number") and whole < NAME / 2 else word)
        good.append(max(least[-1], min(whole, NAME)))
    takers = [width >= NAME for width in good]
    if sum(least) >= total:
        made = [width * total / sum(least) for width in least]
    elif sum(good) >= total:
        share = (total - sum(least)) / (sum(good) - sum(least))
        made = [narrow + (wide - narrow) * share for narrow, wide in zip(least, good, strict=True)]
    else:
        spare = (total - sum(good)) / max(1, sum(takers))
        made = [width + spare * takes for width, takes in zip(good, takers, strict=True)]
    return [round(width * TWIP) for width in made]


def _entries(section):
    """What the contents list of a section: level, words and id."""
    articles = [block for block in section["blocks"] if block["kind"] == "article"]
    shown = [(2, f"{each['code']} {each['title']}", each["id"]) for each in articles]
    return [(1, section["title"], section["id"]), *shown] if section["title"] else []


def _pictures(document):
    """Every drawing of the document as PNG, by its SVG."""
    found = list(dict.fromkeys(under("svg", document)))
    each = b'#for svg in json(bytes(sys.inputs.svgs)) { page(image(bytes(svg), format: "svg")) }'
    if not found:
        return {}
    made = typst.compile(
        b"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n" + each, format="png", ppi=PPI,
        font_paths=fonts(), ignore_system_fonts=True, sys_inputs={"svgs": json.dumps(found)},
    )  # fmt: skip
    return dict(zip(found, made if isinstance(made, list) else [made], strict=True))


class _Shelf:
    """What the template asks for while it is filled: styles, places, addresses, pictures, numbers, pages."""

    def __init__(self, made, styles, document, room):
        self.made, self.styles, self.room, self.pictures, self.shown = made, styles, room, _pictures(document), 0
        self.places = {id: place for place, id in enumerate(filter(None, under("id", document["sections"])), start=1)}

    def style(self, name):
        return self.styles[name.lower()] if name.lower() in self.styles else self.styles["normal"]

    def deeper(self, name, depth):
        return f"{name} {depth}" if f"{name} {depth}".lower() in self.styles else name

    def name(self, id):
        """A bookmark's name, which Word wants in letters, figures and 40 characters."""
        return f"r{self.places[id]}_{re.sub(r'[^a-z0-9]', '_', id.lower())}"[:40]

    def target(self, href):
        """The bookmark or the address that a link leads to; empty where it leads nowhere."""
        if href.startswith("#"):
            return self.name(href[1:]) if href[1:] in self.places else ""
        if not re.match(r"(https?://|mailto:)", href):
            return ""
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        return self.made.part.relate_to(quote(href, safe="/:?#[]@!$&'()*+,;=%~"), kind, is_external=True)

    def picture(self, block, role):
        """A drawing's part, and its size."""
        key, image = self.made.part.get_or_add_image(BytesIO(self.pictures[block["svg"]]))
        natural = image.px_width / PPI * 25.4
        wide = min(WIDEST.get(role, natural), self.room)
        self.shown += 1
        high = round(wide * MM * image.px_height / image.px_width)
        return {"key": key, "wide": round(wide * MM), "high": high, "number": self.shown}

    def restarted(self, style):
        """A numbering like that of a style, which begins anew; none where the style has none."""
        ids = self.made.styles.element.xpath(f"w:style[@w:styleId='{self.style(style)}']//w:numId/@w:val")
        if not ids:
            return None
        numbering = self.made.part.numbering_part.element
        made = numbering.add_num(numbering.num_having_numId(int(ids[0])).abstractNumId.val)
        made.add_lvlOverride(0).add_startOverride(1)
        return made.numId

    @staticmethod
    def led(words, nodes):
        """What somebody wrote, with words before it."""
        first = {"type": "strong", "children": [{"type": "text", "text": f"{words}: "}]}
        if nodes and nodes[0]["type"] == "paragraph":
            return [nodes[0] | {"children": [first, *nodes[0]["children"]]}, *nodes[1:]]
        return [{"type": "paragraph", "children": [first]}, *nodes]

    def page(self, turned):
        """The end of a run of pages, upright or turned round."""
        made = deepcopy(self.made.element.body[-1])
        size = made.find(f"{W}pgSz")
        if turned:
            across = {"w": size.get(f"{W}h"), "h": size.get(f"{W}w"), "orient": "landscape"}
            for name, value in across.items():
                size.set(f"{W}{name}", value)
        return Markup(made.xml)

    @staticmethod
    def unknown(kind):
        raise RunError(f"Word has no way to show a block of kind '{kind}'.")
