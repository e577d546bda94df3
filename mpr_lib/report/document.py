"""The document: an executed notebook read into sections of blocks, which both exporters lay out."""

from mpr_lib.errors import RunError
from mpr_lib.report import blocks
from mpr_lib.report.parts import MIME
from mpr_lib.report.pictures import picture_source
from mpr_lib.report.prose import plain_text, read_prose
from mpr_lib.rules.codes import slug

HIDDEN_TAGS = {"parameters", "injected-parameters", "hidden"}


def read_document(notebook) -> dict:
    """Read an executed report notebook.

    A level-2 heading in Markdown opens a section, other Markdown is prose, parts give their blocks, pictures and
    tables of an analyst's own cells come along; code is never shown. Raises ``RunError`` for a notebook that
    failed, was not run, or holds no cover.
    """
    about, sections = {}, []
    for number, cell in enumerate(notebook.cells, start=1):
        if HIDDEN_TAGS & set(cell.get("metadata", {}).get("tags", [])):
            continue
        if cell.cell_type == "markdown":
            _read_markdown(cell.source, sections)
        for output in cell.get("outputs", []):
            _refuse_error(output, number)
            part = output.get("data", {}).get(MIME)
            if part:
                about.update(part.get("document", {}))
                _open_section(part["section"], sections)
            _current(sections)["blocks"] += part["blocks"] if part else _foreign(output, cell, number)
    if not about:
        raise RunError("The notebook holds no report: run its cells first, report.cover() among them.")
    return {**about, "sections": [section for section in sections if section["blocks"] or section["title"]]}


def _read_markdown(source, sections):
    """Read a Markdown cell; one that begins with the notebook's own title speaks to who opens the notebook alone."""
    written = read_prose(source)
    if written and written[0].get("level") == 1:
        return
    for block in written:
        level = block.get("level") if block["type"] == "heading" else None
        if level == 2:
            title = plain_text([block])
            sections.append({"id": slug(title), "title": title, "blocks": [], "named": False})
        elif level:
            _current(sections)["blocks"].append(blocks.heading(min(level, 5), plain_text([block])))
        else:
            _add_prose(_current(sections)["blocks"], block)


def _add_prose(into, block):
    if into and into[-1]["kind"] == "prose":
        into[-1]["prose"].append(block)
    else:
        into.append(blocks.prose([block]))


def _current(sections):
    if not sections:
        sections.append({"id": "cover", "title": "", "blocks": [], "named": False})
    return sections[-1]


def _open_section(name, sections):
    """Let a part give its section's id; a second part with another name opens a section of its own."""
    section = _current(sections)
    if not name or section["id"] == name:
        return
    if section["named"]:
        sections.append({"id": name, "title": name.capitalize(), "blocks": [], "named": True})
    else:
        section.update(id=name, named=True)


def _refuse_error(output, number):
    if output.get("output_type") == "error":
        raise RunError(
            f"Cell {number} of the notebook failed: {output.get('ename', 'error')}: {output.get('evalue', '')}. "
            "A report with a failed cell is not converted."
        )


def _foreign(output, cell, number):
    """The blocks of an analyst's own output: a picture, a table or printed text."""
    data = output.get("data", {})
    if "image/png" in data:
        alt = cell.get("metadata", {}).get("alt", "")
        if not alt:
            raise RunError(
                f"Cell {number} of the notebook shows a picture without a text alternative. Show it with "
                "mpr_lib.report.picture(figure, alt='…'), or add \"alt\" to the cell's metadata."
            )
        return [blocks.prose([{"type": "image", "src": picture_source(data["image/png"]), "alt": alt}])]
    text = data.get("text/markdown")
    if text:
        return [blocks.prose(read_prose(_joined(text)))]
    text = data.get("text/plain") or (output.get("text") if output.get("name") == "stdout" else "")
    return [blocks.prose([{"type": "code", "text": _joined(text).rstrip()}])] if text else []


def _joined(text):
    return "".join(text)
