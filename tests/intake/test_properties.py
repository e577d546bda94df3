"""Whatever stands in a cell: a figure, a reason, or an error that names the cell. Nothing is lost on the way."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mpr_lib.book import Workspace, read_book
from mpr_lib.errors import InputError
from mpr_lib.intake.headings import find_layout, read_mapping
from mpr_lib.intake.importing import write_return
from mpr_lib.intake.opening import open_file
from mpr_lib.intake.rows import Indicators, SheetReader
from mpr_lib.intake.spreadsheet import Sheet, as_text
from mpr_lib.rules.months import FROM_APRIL
from tests.helpers import attempt
from tests.intake.workbooks import HEADINGS, JUNE, invented, ods, planned

CODES = {"A 1": "number", "A 1.10": "%", "A 1.1": "number", "Q": "days QUARTERLY"}
CELLS = (
    st.text(max_size=12)
    | st.floats()
    | st.integers()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.none()
    | st.sampled_from(["83%", "TBC", "1,544", "Jun-18", "Q1 2018/19", "Code", *CODES])
)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    import pandas as pd

    workspace = Workspace(invented(tmp_path_factory.mktemp("known"), CODES))
    rows = [(code, unit.split()[0], "QUARTERLY" if "Q" in unit else "") for code, unit in CODES.items()]
    frame = pd.DataFrame(rows, columns=["indicator_code", "unit", "frequency"])
    mapping = read_mapping(workspace)
    return mapping, Indicators(frame, mapping, FROM_APRIL, {})


@given(rows=st.lists(st.lists(CELLS, max_size=6), max_size=8), wide=st.booleans())
@settings(max_examples=80)
def test_any_cell_is_a_figure_or_is_passed_over_by_name(known, rows, wide):
    mapping, indicators = known
    head = ["Code", "Jun-18", "May-18", "Q1 2018/19"] if wide else HEADINGS
    sheet = Sheet("june.xlsx", "June", [["title"], head, *rows])
    layout = find_layout(sheet, mapping, FROM_APRIL)
    found = list(SheetReader(layout, mapping, indicators, JUNE).read())
    assert all(item.where.startswith("june.xlsx, sheet 'June', ") for item in found)
    if not wide:
        named = {item.where.rpartition("w ")[2].rpartition(" ")[2].lstrip("ABCD") for item in found}
        filled = {str(at) for at, row in enumerate(sheet.rows[2:], start=3) if any(map(as_text, row))}
        repeated = {str(at) for at, row in enumerate(sheet.rows, start=1) if row[:1] and mapping.role(str(row[0]))}
        assert filled - named <= repeated


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda raw: b"PK\x03\x04" + raw))
@settings(max_examples=80)
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
@example("Code,Month,Value\nA 1,2018-06,5".encode("utf-16-le"))
def test_any_bytes_are_a_file_or_refused_by_name(raw):
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".csv", ".xlsx", ".xls", ".ods"):
            path = Path(folder, f"june{suffix}")
            path.write_bytes(raw)
            found, refusal = attempt(open_file, path, InputError)
            assert found or refusal.startswith(f"june{suffix}: ")


@given(places=st.lists(st.integers(0, 5000), min_size=1, max_size=6), bytes_=st.binary(min_size=6, max_size=6))
@settings(max_examples=30)
def test_an_old_workbook_with_wrong_bytes_is_a_file_or_refused(places, bytes_):
    raw = bytearray((Path(__file__).parent / "files/return.xls").read_bytes())
    for place, byte in zip(places, bytes_, strict=False):
        raw[place] = byte
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "june.xls")
        path.write_bytes(raw)
        found, refusal = attempt(open_file, path, InputError)
        assert found or refusal.startswith("june.xls")


NUMBER = 'office:value-type="float" office:value="5"'
TAGS = ["table", "table-row", "table-cell", "table-column", "table-source", "covered-table-cell", "p", "s", "style"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(TAGS), st.sampled_from(["", 'table:formula="of:=A1"', NUMBER, 'office:value-type="float"'])
        )
    )
)
@settings(max_examples=30)
def test_the_parts_of_an_ods_workbook_in_any_order(tags):
    inside = "".join(f"<table:{tag} {attributes}>1" for tag, attributes in tags)
    inside += "".join(f"</table:{tag}>" for tag, _ in reversed(tags))
    with tempfile.TemporaryDirectory() as folder:
        found, refusal = attempt(open_file, ods(Path(folder, "june.ods"), [], before=inside), InputError)
        assert found or refusal.startswith("june.ods")


NOTES = st.text(st.characters(codec="utf-8"), max_size=15)
FIGURES = st.sampled_from(["83%", "TBC", "N/A", "-", "1,544", "Proxy 1.66", "Not due", "0", "7 days", ""]) | st.text(
    max_size=6
)


@given(
    st.lists(st.tuples(st.sampled_from(list(CODES)), st.sampled_from(["2018-05", "Jun-18", "1/4/18"]), FIGURES, NOTES))
)
@settings(max_examples=30)
def test_what_is_imported_is_in_the_book(rows):
    with tempfile.TemporaryDirectory() as folder:
        workspace = invented(Path(folder, "workspace"), CODES)
        (workspace / "params/2018-06.yml").write_text("month: 2018-06\n")
        text = io.StringIO(newline="")
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([HEADINGS, *rows])
        path = Path(folder, "june.csv")
        path.write_bytes(text.getvalue().encode("utf-8", "replace"))
        plan, refusal = attempt(lambda file: planned(workspace, file), path, InputError)
        assert plan or refusal.startswith("june.csv")
        if not plan or plan.count("refused") or not plan.to_write:
            return
        write_return(Workspace(workspace), plan)
        values = read_book(Workspace(workspace), JUNE).values
        kept = {(row.indicator_code, row.month, row.value_text, row.note) for row in values.itertuples()}
        assert kept == {(line.indicator_code, line.month, line.is_now, line.note) for line in plan.to_write}
        assert planned(workspace, path).to_write == []
