"""Additions: what an analyst's own cells show, made blocks like the report's own, or refused with what to do.

Frames come as parts from the notebook's kernel; Stylers, great_tables and other tables are read from their HTML.
"""

import base64
import io
import re
from collections.abc import Sequence
from datetime import datetime
from numbers import Number

import pandas as pd

from mpr_lib import words
from mpr_lib.errors import MprError, ParameterError
from mpr_lib.report import blocks
from mpr_lib.report.prose import read_prose
from mpr_lib.report.rendering import tidy_svg

MOST_ROWS, MOST_COLUMNS = 200, 16
"""The longest and the widest table that a reader is shown."""
NUMBER = re.compile(r"[-−+(]*\s?[£$€]?\s?[-−]?\d[\d,. ]*(e[-+]\d+)?\s?(%|pp|[kmb]n?)?\)?", re.IGNORECASE)
MISSING = {"", "nan", "NaN", "NaT", "<NA>", "None", "-", "–", "—"}
CAPTION = (
    "a table without a caption. Type frame.attrs['caption'] = '…' before it, show it with "
    "mpr_lib.report.table(frame, '…'), or put a Markdown heading just above it"
)


class Unshowable(MprError):
    """What cannot be published as it is: what it is, and what to do."""


def picture(figure, alt: str, caption: str = "") -> list[dict]:
    """Blocks of a drawing: a matplotlib figure or seaborn axes, which is closed, or a still of plotly's or altair's.

    ``alt`` says what it shows; without it, or where no still can be made, a ``ParameterError`` asks for it.
    """
    if not alt.strip():
        raise ParameterError("picture() needs alt: a sentence on what the picture shows, for those who do not see it.")
    if hasattr(figure, "to_image") or hasattr(figure, "to_json"):
        said = [blocks.text(caption)] if caption else []
        return [blocks.prose([image("svg+xml", _still(figure), alt)]), *said]
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    figure = getattr(figure, "figure", figure)
    with mpl.rc_context({"svg.hashsalt": "mpr"}):
        svg = _svg(figure)
    # The kernel would show it a second time, without alt.
    plt.close(figure)
    return [blocks.figure(tidy_svg(svg), alt, "picture", caption)]


def _svg(figure, **options) -> str:
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight", **options)
    return drawn.getvalue()


def _still(chart) -> bytes:
    drawn = io.StringIO()
    try:
        if hasattr(chart, "to_image"):
            return chart.to_image(format="svg")
        chart.save(drawn, format="svg")
    except Exception as error:  # noqa: BLE001 - each library has errors of its own for what is not installed
        library, why = type(chart).__module__.split(".")[0], str(error).strip().splitlines()[0].rstrip(",.")
        raise ParameterError(
            f"{library} cannot make a still of this chart here: {why}. Install what it asks for (kaleido for plotly, "
            "vl-convert-python for altair), or draw the figures with matplotlib or seaborn."
        ) from None
    return drawn.getvalue().encode()


def image(kind: str, raw: bytes, alt: str) -> dict:
    """A picture for prose; ``kind`` is png, jpeg or svg+xml."""
    return {"type": "image", "src": f"data:image/{kind};base64,{base64.b64encode(raw).decode()}", "alt": alt}


def formula(source: str, alone: bool = True) -> dict:
    """A formula in LaTeX as a picture with its source as text alternative; ``Unshowable`` where it cannot be drawn."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    source = " ".join(source.replace(r"\displaystyle", "").strip().strip("$").split())
    if not alone:
        raise Unshowable(f"the formula ${source}$ within a line. Give it a paragraph of its own, between $$ and $$")
    with mpl.rc_context({"svg.hashsalt": "mpr", "svg.fonttype": "path", "mathtext.fontset": "stixsans"}):
        figure = Figure(figsize=(0.1, 0.1))
        figure.text(0, 0, f"${source}$", fontsize=14)
        try:
            drawn = _svg(figure, pad_inches=0.05)
        except ValueError as error:
            why = str(error).strip().splitlines()[-1]
            raise Unshowable(
                f"the formula $${source}$$, which cannot be drawn ({why}). Write it in the part of LaTeX that "
                "matplotlib's mathtext knows, say it in words, or put in a picture of it"
            ) from None
    return image("svg+xml", tidy_svg(drawn).encode(), f"Formula: {source}")


def table(shown, caption: str = "") -> list[dict]:
    """Blocks of a frame, a series, or of what has a table as its HTML, such as a Styler: the table, and notes below it.

    Missing values are dashes. ``caption`` goes before what the table says of itself. Raises ``Unshowable``.
    """
    if isinstance(shown, pd.Series):
        shown = shown.to_frame("" if shown.name is None else shown.name).__finalize__(shown)
    if isinstance(shown, pd.DataFrame):
        return [_table(caption or str(shown.attrs.get("caption", "")), *_of_frame(shown))]
    html = shown._repr_html_() if hasattr(shown, "_repr_html_") else None
    if not html:
        raise Unshowable(f"{_name(repr(shown), [])}, which is no table. Give table() a DataFrame, a Styler or a GT")
    return read_table(html, caption)


def _table(caption, heads, rows, **extras):
    """A table of columns' headings, each a list from the top one down, and of rows of texts; None is missing.

    A column whose texts are all numbers is aligned to its end, except the first, which heads the rows.
    """
    if not heads or not rows or len(rows) > MOST_ROWS or len(heads) > MOST_COLUMNS:
        raise Unshowable(
            f"a table of {len(rows)} rows and {len(heads)} columns. A page has room for 1 to {MOST_ROWS} and 1 to "
            f"{MOST_COLUMNS}: show a part of it, such as table(frame.head(20), '…')"
        )
    most, columns = max(map(len, heads)), []
    for place, stack in enumerate(heads):
        texts = [row[place] for row in rows if isinstance(row, list) and row[place] is not None]
        number = place and texts and all(NUMBER.fullmatch(text) for text in texts)
        made = blocks.column(f"c{place}", ": ".join(stack), "number" if number else "text")
        columns.append(made | ({"short": stack[-1]} if len(stack) > 1 else {}))
    padded = [[*[""] * (most - len(stack)), *stack] for stack in heads]
    above = [_spans([stack[: level + 1] for stack in padded]) for level in range(most - 1)]
    cells = [
        blocks.group_row({"c0": row[0] or "–"}) if isinstance(row, tuple)
        else blocks.row({f"c{place}": _cell(text) for place, text in enumerate(row)})
        for row in rows
    ]  # fmt: skip
    extras |= {"above": above} if above else {}
    return blocks.table("", caption, columns, cells, "narrow" if len(heads) <= 3 else "wide", **extras)


def _spans(stacks):
    """Headings of one level with how many columns each spans: neighbours under the same headings share one."""
    made: list[dict] = []
    for place, stack in enumerate(stacks):
        if place and stack == stacks[place - 1]:
            made[-1]["span"] += 1
        else:
            made.append({"label": stack[-1], "span": 1})
    return made


def _cell(text):
    return blocks.cell("–", missing=True) if text is None else blocks.cell(text)


def _of_frame(frame):
    index = [] if isinstance(frame.index, pd.RangeIndex) and frame.index.name is None else range(frame.index.nlevels)
    parts = [(pd.Series(frame.index.get_level_values(level)), [frame.index.names[level]]) for level in index]
    top = [] if frame.columns.nlevels > 1 or frame.columns.name is None else [frame.columns.name]
    parts += [
        (frame.iloc[:, place], [*top, *(label if isinstance(label, tuple) else [label])])
        for place, label in enumerate(frame.columns)
    ]
    if len(frame) > MOST_ROWS or len(parts) > MOST_COLUMNS:
        return [[""]] * len(parts), [[None]] * len(frame)
    heads = [[said for name in names if name is not None and (said := _said(name))] or [""] for _, names in parts]
    return heads, [list(row) for row in zip(*(_texts(column) for column, _ in parts), strict=True)]


def _texts(column):
    known = [each for each in column if not _missing(each)]
    if known and all(isinstance(each, Number) and not _is_bool(each) for each in known):
        numbers = iter(_numbers(known))
        return [None if _missing(each) else next(numbers) for each in column]
    return [None if _missing(each) else _said(each) or None for each in column]


def _missing(value):
    return pd.api.types.is_scalar(value) and pd.isna(value)


def _is_bool(value):
    return isinstance(value, bool) or type(value).__name__ == "bool"


def _numbers(values: Sequence) -> list[str]:
    """Numbers of a column with as many decimals as the one that needs most, up to pandas' display.precision.

    Thousands are parted where one number has five figures, so that years stay as they are.
    """
    own, most = pd.get_option("display.float_format"), pd.get_option("display.precision")
    if own and any(isinstance(value, float) for value in values):
        return [str(own(value)) for value in values]
    decimals = next(d for d in range(most + 1) if d == most or all(round(v, d) == round(v, most) for v in values))
    comma = "," if any(abs(value) >= 10_000 for value in values) else ""
    # Half of the last decimal below nought is nought, without a sign.
    texts = [f"{value:z{comma}.{decimals}f}".replace("inf", "∞") for value in values]
    little = [not text.strip("0.") and value != 0 for text, value in zip(texts, values, strict=True)]
    return [f"{v:.{most}g}" if tiny else text for text, v, tiny in zip(texts, values, little, strict=True)]


def _said(value) -> str:
    """One value in the report's words."""
    if _is_bool(value):
        return "Yes" if value else "No"
    if isinstance(value, Number):
        return _numbers([value])[0]
    if isinstance(value, pd.Period) and value.freqstr == "M":
        return words.month_words(value)
    if isinstance(value, datetime):
        return words.day_words(value) + f" {value:%H:%M}" * bool(value.hour or value.minute)
    said = " ".join(str(value).split())
    if ADDRESS.search(said) or REPR.fullmatch(said):
        raise Unshowable(f"a table with {said} in a cell. Put words or a number in its place")
    return said


NO_TEXT = ("img", "svg", "math", "table", "iframe", "object", "canvas", "input", "select", "video")


def read_table(html: str, caption: str = "") -> list[dict]:
    """Blocks of the one table of some HTML: its caption, spanned headings, texts and notes, nothing of its looks.

    Raises ``Unshowable`` for what is more or less than one table of texts.
    """
    # Loaded when needed: few notebooks hold tables of others.
    from bs4 import BeautifulSoup

    tree = BeautifulSoup(html, "html.parser")
    looks = "".join(each.get_text() for each in tree.find_all("style") if "#T_" in each.get_text())
    for each in tree.find_all(["style", "script", "template"]):
        each.decompose()
    found = tree.find("table")
    if found is None or "dataframe" in (found.get("class") or ()):
        raise Unshowable("HTML" if found is None else f"a frame as HTML. Show {FRAME}")
    looks += " ".join(str(each["style"]) for each in found.select("tbody [style]"))
    if within := found.find(NO_TEXT):
        raise Unshowable(f"a table with <{within.name}> in a cell. Only words can stand there: show it as a picture")
    own = found.caption.extract() if found.caption else None
    beside = found.select("tfoot tr")
    notes = [_words(row) for row in beside]
    titles = [row for row in found.select("thead > tr") if row.find("td") and not row.find("th")]
    said = ": ".join(filter(None, [_words(own) if own else "", *map(_words, titles)]))
    rows = [row for row in found.find_all("tr") if all(row is not each for each in (*beside, *titles))]
    inside = found.select("thead > tr")
    above = [row for row in rows if any(row is each for each in inside)] or rows[
        : bool(rows and not rows[0].find("td"))
    ]
    top, body = _grid(above, heads=True), _grid(rows[len(above) :])
    _name_above(above, top)
    width = max(map(len, top), default=0)
    if not width or any(len(row) != width for row in [*top, *body] if isinstance(row, list)):
        raise Unshowable("a table without headings, or with rows of another width than they. Show the frame itself")
    found.extract()
    if _words(tree):
        raise Unshowable(f"HTML with words beside its table ('{_words(tree)[:40]}'). Put them into Markdown")
    heads = [_stack([row[place] for row in top]) for place in range(width)]
    counted = [str(number) for number in range(len(body))]
    if heads[0] == [""] and width > 1 and [row[0] for row in body] == counted:
        heads, body = heads[1:], [row[1:] for row in body]
    texts = [[None if text in MISSING else text for text in row] if isinstance(row, list) else row for row in body]
    extras = {"dropped": True} if re.search("color|background", looks) else {}
    return [_table(caption or said, heads, texts, **extras), *(blocks.text(note) for note in notes if note)]


def _words(tag) -> str:
    for each in tag.find_all(["br", "p", "div", "li"]):
        each.insert_after(" ")
    return " ".join(tag.get_text().split())


def _span(cell, name):
    return min(int(given), 500) if (given := str(cell.get(name, "1")).strip()).isdecimal() and int(given) else 1


def _grid(rows, heads: bool = False) -> list:
    """Lists of the texts of rows, repeated in every place that a cell spans; a cell across a row is a tuple of one."""
    made: list = []
    hanging: dict[int, tuple[int, str]] = {}
    for row in rows:
        texts: list[str] = []
        cells = list(row.find_all(["td", "th"], recursive=False))
        alone = len(cells) == 1 and not hanging and _span(cells[0], "colspan") > 1
        while cells or len(texts) in hanging:
            place = len(texts)
            if place in hanging:
                left, text = hanging.pop(place)
                hanging |= {place: (left - 1, text)} if left > 1 else {}
                texts.append(text)
                continue
            cell = cells.pop(0)
            wide, high, text = _span(cell, "colspan"), _span(cell, "rowspan"), _words(cell)
            hanging |= {place + more: (high, text) for more in range(wide)}
            if high == 1:
                texts += [text] * wide
                hanging = {at: each for at, each in hanging.items() if not place <= at < place + wide}
        made.append((texts[0],) if alone and not heads else texts)
    return made


def _name_above(rows, grid):
    """Put a Styler's name of its columns above them; it stands beside them, where the index's heading is."""
    for place, row in enumerate(rows):
        name = row.find("th", class_="index_name")
        if name is not None and row.find("th", class_="col_heading"):
            inner = len(row.select("th.index_name, th.blank"))
            said, grid[place][:inner] = _words(name), [""] * inner
            grid.insert(place, [""] * inner + [said] * (len(grid[place]) - inner))
            return


def _stack(texts):
    kept = [text for text in texts if text and not text.startswith("Unnamed: ")]
    return [text for place, text in enumerate(kept) if not place or text != kept[place - 1]] or [""]


ADDRESS = re.compile(r"<[^<>]*\b0x[0-9a-f]{6,}[^<>]*>", re.IGNORECASE)
REPR = re.compile(r"[\[(]*<[A-Za-z_].*>[\])]*", re.DOTALL)
FRAME = "the rows that readers need, with mpr_lib.report.table(frame.head(20), '…')"
STILL = "Show a still of it, with mpr_lib.report.picture(chart, alt='…')"
KINDS = {
    "widget": ("a widget", "Show what it says as a table or a picture"),
    "plotly": ("a plotly chart", STILL),
    "vega": ("an altair chart", STILL),
}


def _name(plain, kinds, html=""):
    told = " ".join([*kinds, *re.findall(r"plotly|vega", html)])
    known = next((KINDS[kind] for kind in KINDS if kind in told), None)
    if known:
        return ". ".join(known)
    found = re.match(r"[\[(]*<?([\w.]+)", plain)
    kind = found[1].rsplit(".", 1)[-1] if found else ""
    return f"an object of type {kind}" if kind else "something without words"


def shown_blocks(output, alt: str) -> list[dict]:
    """The blocks of an output that is no part; ``alt`` is the text alternative that the cell's metadata give.

    Raises ``Unshowable`` for what has no form on a page.
    """
    data = {kind: "".join(text) if isinstance(text, list) else text for kind, text in output.get("data", {}).items()}
    plain, html = data.get("text/plain", ""), data.get("text/html", "")
    for kind in ("svg+xml", "png", "jpeg"):
        if raw := data.get(f"image/{kind}"):
            if not alt:
                raise Unshowable(
                    "a picture without a text alternative. Show it with mpr_lib.report.picture(figure, alt='…'), or "
                    'add "alt" to the cell\'s metadata'
                )
            return [blocks.prose([image(kind, raw.encode() if kind == "svg+xml" else base64.b64decode(raw), alt)])]
    if "<table" in html:
        return read_table(html)
    if "text/latex" in data:
        return [blocks.prose([formula(data["text/latex"])])]
    if "text/markdown" in data:
        return [blocks.prose(read_prose(data["text/markdown"], formula))]
    rich = [kind for kind in data if kind != "text/plain"]
    if rich or REPR.fullmatch(plain.strip()):
        what = _name(plain, rich, html)
        todo = (
            ". Show what it holds with table() or picture(), or end the line with a semicolon so that it is not shown"
        )
        raise Unshowable(what + todo * (". " not in what))
    text = plain or ("".join(output.get("text", "")) if output.get("name") == "stdout" else "")
    if ADDRESS.search(text):
        said = ADDRESS.findall(text)[0]
        raise Unshowable(f"{said}, an address in this run's memory. Print what it holds instead")
    return [blocks.prose([{"type": "code", "text": text.rstrip()}])] if text.strip() else []
