"""Audit: a sample of printed figures for somebody to work out again, and their results beside what was printed."""

import io
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from mpr_lib import words
from mpr_lib.errors import InputError, ValueTextError
from mpr_lib.files import fingerprint, packaged, put_text, read_whole, repacked
from mpr_lib.report import blocks
from mpr_lib.report.document import page_html
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.outcome import FROM_RATING
from mpr_lib.rules.rating import RATINGS
from mpr_lib.rules.values import read_target
from mpr_lib.trace.thread import Threads

_WORDS = packaged("trace/audit.yml")
SHEET, HELP, TASKS, RULES = (_WORDS[name] for name in ("sheet", "help", "tasks", "rules"))
HEADINGS = {key: heading for key, (heading, _) in _WORDS["columns"].items()}
WIDTHS = [width for _, width in _WORDS["columns"].values()]


class Figure(NamedTuple):
    """A printed figure to be worked out again. ``accepted`` are the words that say it, for what is no number."""

    code: str
    kind: str
    task: str
    cells: str
    rule: str
    printed: str
    accepted: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()


STRATA = ("red", "judged", "computed", "revised")
"""What is in every sample that is large enough, if there is any."""


def figures(threads: Threads) -> list[Figure]:
    """Every figure that a report prints of its indicators and that can be worked out again, in order of code."""
    return [figure for row in threads.report.rows.values() for figure in _figures(threads, row)]


def _figures(threads, row):
    places: dict[str, list] = defaultdict(list)
    for step in threads.of(row.indicator_code):
        places[step.name] += map(str, step.places)
    received, target = places["received"], places["target"]
    named = f"{row.indicator_code} {row.short_name}, {words.month_words(row.latest_month)}"

    def made(task, at, printed, accepted=(), rule="", **strata):
        kind = "value" if task in ("received", "sum", "computed") else task
        cells, held = "\n".join(dict.fromkeys(at)), tuple(name for name, holds in strata.items() if holds)
        said = f"{TASKS[task].format(ways=_WAYS)}: {named}"
        return Figure(row.indicator_code, kind, said, cells, rule or RULES[task], printed, accepted, held)

    if row.value == row.value:
        task = "sum" if row.accumulate else "computed" if row.computed_from else "received"
        rule = RULES[task].format(inputs=row.computed_from)
        is_made = task != "received"
        yield made(task, received, row.value_text, rule=rule, computed=is_made, revised=row.is_revised)
    if row.target_text:
        rule, moves = threads.target_rule(row), row.profile not in ("FLAT", "STATED")
        yield made("target", target, row.target_text, rule=rule, computed=moves)
    if row.rating in RATINGS[:3]:
        rule, said, at = threads.rating_rule(row)[0], words.RATINGS[row.rating], received + target + places["rating"]
        rule = f"{rule} {words.POLARITIES[row.polarity]}."
        yield made("rating", at, said, (said, row.rating), rule, red=row.rating == "RED")
    if row.judged:
        said = (row.expected_outcome, row.outcome_label, row.outcome_short)
        yield made("outcome", places["outcome"], row.outcome_label, said, judged=True)


_WAYS = words.joined([f"{words.RATINGS[each]} ({words.IN_SENTENCES[FROM_RATING[each]]})" for each in RATINGS[:3]], "or")


def sample(population: list[Figure], size: int, seed: int) -> list[Figure]:
    """So many of the figures, by a seed: first one of each of ``STRATA``, if there is any. In order of code."""
    drawn = sorted(population, key=lambda each: fingerprint(f"{seed} {each.code} {each.kind}".encode()))
    taken: list[Figure] = []
    for stratum in STRATA:
        taken += [each for each in drawn if stratum in each.strata and each not in taken][:1]
    taken = (taken + [each for each in drawn if each not in taken])[:size]
    return sorted(taken, key=lambda each: (natural_key(each.code), population.index(each)))


def _rows(month, taken):
    return [[each.code, each.kind, str(month), each.task, each.cells, each.rule, "", ""] for each in taken]


def workbook(report, taken: list[Figure], title: str) -> bytes:
    """The sheet as a workbook, the same bytes each time; every cell is text, so that results stay as they are typed."""
    made = Workbook()
    sheet = made.active
    sheet.title = SHEET
    lines = [[title], [HELP], HEADINGS.values(), *_rows(report.month, taken)]
    for number, texts in enumerate(lines, start=1):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(number, column)
            cell.number_format, cell.font = "@", Font(name="Arial", size=11, bold=number in (1, 3))
            cell.alignment = Alignment(vertical="top", wrap_text=number > 2)
            if text:
                put_text(cell, text)
    for column, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes, sheet.print_title_rows = "C4", "3:3"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    made.properties.title, made.properties.creator = title, report.settings.council
    written = io.BytesIO()
    made.save(written)
    times, never = rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z"
    return repacked(written.getvalue(), lambda name, part: re.sub(times, never, part))


def sheet_page(report, taken: list[Figure], title: str) -> str:
    """The sheet as a page to be printed and written on."""
    rows = [[each.replace("\n", "; ") or "…" * 8 for each in row] for row in _rows(report.month, taken)]
    table = blocks.plain_table("audit", title, HEADINGS, rows, "wide")
    section = {"id": "audit", "title": SHEET, "blocks": [blocks.text(HELP), table]}
    return page_html({**report.document, "title": title, "sections": [section]})


def read_results(path: Path) -> list[dict[str, str]]:
    """The rows of a filled sheet, by ``HEADINGS``' keys, with row; raises ``InputError`` for what is no such sheet."""
    # Loaded when needed: a sheet is written far more often than it is read.
    from python_calamine import CalamineWorkbook

    expected = f"Expected the workbook that 'mpr audit' made, with its sheet '{SHEET}'."
    raw = read_whole(path, path.name, "Name the filled sheet.")
    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except BaseException as error:
        # The reader has an error class for each format; some faults come as panics.
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise InputError(f"{path.name} cannot be read. {expected}") from None
    texts = [
        [words.figure_words(each) if isinstance(each, float) else str(each).strip() for each in row] for row in rows
    ]
    headings = list(HEADINGS.values())
    top = next((number for number, row in enumerate(texts, start=1) if row[: len(headings)] == headings), None)
    if top is None:
        raise InputError(f"{path.name} lacks the headings {', '.join(headings)}. {expected}")
    filled = ((number, row) for number, row in enumerate(texts[top:], start=top + 1) if row[0])
    return [{"row": str(number), **dict(zip(HEADINGS, row, strict=False))} for number, row in filled]


def compared(rows: list[dict[str, str]], population: list[Figure]) -> list[str]:
    """A line for each row of a filled sheet whose result is not what is printed, or that has none."""
    printed = {(each.code, each.kind): each for each in population}
    found = [(row, printed.get((row["code"], row["kind"]))) for row in rows]
    told = [(row, difference(each, row["result"]) if each else "is no figure of this report") for row, each in found]
    return [f"row {row['row']}: {row['code']} {row['kind']}: {said}." for row, said in told if said]


def difference(figure: Figure, result: str) -> str:
    """What is said of a result that is not the printed figure; empty where it is, within the printed decimals.

    >>> figure = Figure("A", "value", "", "", "", "1.19")
    >>> difference(figure, "1.194"), difference(figure, "1.2")
    ('', "'1.2' is not the printed 1.19")
    """
    if not result:
        return "has no result"
    other = f"'{result}' is not the printed {figure.printed}"
    if figure.accepted:
        return "" if result.casefold() in map(str.casefold, figure.accepted) else other
    try:
        one, two = (read_target(re.sub("(?i)proxy", "", text).strip()) for text in (figure.printed, result))
    except ValueTextError:
        return f"'{result}' cannot be read as a figure"
    if one is None or two is None:
        return other
    digits = re.search(r"[\d,]+(?:\.(\d+))?", figure.printed)
    shown = float(digits[0].replace(",", ""))
    # Of £2.0 million a tenth is 100,000.
    unit = (abs(one[0]) / shown if shown else 1) * 10 ** -len(digits[1] or "")
    return "" if all(abs(a - b) <= unit * (0.5 + 1e-9) for a, b in zip(one[:2], two[:2], strict=True)) else other
