"""``mpr trace``: from what is printed of an indicator to the cell, the row and the rule that it comes from."""

import csv
import hashlib
import io
import json

import pytest
from typer.testing import CliRunner

from mpr_lib.book import Workspace, read_book
from mpr_lib.errors import InputError
from mpr_lib.report.report import Material
from mpr_lib.run import cli
from mpr_lib.trace.thread import Threads, code_of, published_state
from mpr_lib.words import UNAPPROVED
from tests.helpers import REPOSITORY, SMALL, needs, small_workspace
from tests.trace.test_sources import DIGEST, HEADINGS, NOTED


def mpr(*arguments):
    found = CliRunner().invoke(cli.app, [*map(str, arguments)])
    return found.exit_code, found.stdout, found.stderr


def steps(folder, code="3.1", month="2018-05"):
    threads = Threads(Material(read_book(Workspace(folder), month)))
    return threads.of(code)


def step(folder, name, code="3.1"):
    return next(each for each in steps(folder, code) if each.name == name)


def test_the_council_s_own_days_of_sickness():
    """What the seed's workspace says: typed by hand, a stated target, no judgement."""
    exit_code, out, _ = mpr("trace", "cp-5-4", "--month", "2018-05", "--workspace", REPOSITORY)
    assert exit_code == 0
    lines = [line.strip() for line in out.splitlines()]
    returned, row = next((name, number) for name in ("data/returns/2018-05.csv",)
                         for number, line in enumerate((REPOSITORY / name).read_text().splitlines(), start=1)
                         if line.startswith("CP 5.4,2018-05"))  # fmt: skip
    assert "'1.19' was received with the return of May 2018." in " ".join(lines)
    assert f"- {returned}, row {row}" in lines
    assert "1.10: stated for the month, with 7.20 for the year 2018/19." in lines
    assert "- data/commentary/2018-05/cp-5-4.md" in lines
    assert lines[0].startswith("CP 5.4 ")
    assert "At risk of missing target: it follows from the rating." in lines


def test_a_judgement_and_a_computed_target(tmp_path):
    out = mpr("trace", "CP 3.6", "2018-05", "--workspace", REPOSITORY)[1]
    assert "733,333: 4,400,000 × 2 / 12, rounded down to a whole number (month 2 of 2018/19, LINEAR)." in out
    assert "by judgement: On course in the published May 2018 report" in out
    assert "data/judgements.csv, row " in out


def test_an_imported_figure_leads_to_its_cell_and_to_the_kept_file(tmp_path):
    raw = b"Code,Month,Value\n3.1,2018-05,97%\n"
    digest = hashlib.sha256(raw).hexdigest()
    noted = f"{HEADINGS}3.1,2018-05,97%,may.csv,{digest},,C2,97%,2018-06-04\n"
    kept = f"data/received/{digest}.csv"
    folder = small_workspace(tmp_path, {"data/returns/2018-05.sources.csv": noted, kept: raw})
    found = step(folder, "received")
    assert found.said[-1] == "It was imported on 4 June 2018 from may.csv, cell C2, which shows '97%'."
    assert [str(place) for place in found.places] == [
        "data/returns/2018-05.csv, row 2", "data/returns/2018-05.sources.csv, row 2", "may.csv, cell C2",
        f"{kept}, cell C2",
    ]  # fmt: skip
    (folder / kept).write_bytes(b"3.1,2018-05,98%\n")
    assert "not those that were imported" in str(step(folder, "received").places[-1])


def test_a_figure_that_was_changed_by_hand_since_says_so(tmp_path):
    may = SMALL["data/returns/2018-05.csv"].replace("97%", "99%")
    folder = small_workspace(tmp_path, {**NOTED, "data/returns/2018-05.csv": may})
    assert step(folder, "received").said[-1] == (
        "It was changed by hand afterwards: =may.xlsx, sheet 'May', cell C2 was imported as '97%'."
    )


def test_a_figure_without_a_source_was_typed_by_hand(tmp_path):
    folder = small_workspace(tmp_path)
    assert step(folder, "received").said[-1].startswith("No source is noted: it was typed by hand")


def test_a_sum_has_each_of_its_months_and_revisions_are_told(tmp_path):
    described = SMALL["data/indicators.csv"].splitlines()
    described = [f"{line},{end}" for line, end in zip(described, ("accumulate", "", "true"), strict=True)]
    may = SMALL["data/returns/2018-05.csv"] + "3.10,2018-04,95,Counted twice\n"
    folder = small_workspace(
        tmp_path, {"data/indicators.csv": "\n".join(described) + "\n", "data/returns/2018-05.csv": may}
    )
    received = [each for each in steps(folder, "3.10") if each.name == "received"]
    assert [str(each.places[0]) for each in received] == [
        "data/returns/2018-05.csv, row 4", "data/returns/2018-05.csv, row 3",
    ]  # fmt: skip
    assert step(folder, "sum", "3.10").said == ["95 + 210 = 305"]
    assert step(folder, "revisions", "3.10").said == [
        "April 2018: '90' became '95' with the return of May 2018 (Counted twice)."
    ]


@needs("computed")
def test_a_computed_figure_leads_to_its_formula_and_to_what_was_received(tmp_path):
    described = SMALL["data/indicators.csv"]
    row = next(line for line in described.splitlines() if line.startswith("3.10"))
    more = [row.replace("3.10", code).replace("CUMULATIVE", "SNAPSHOT") for code in ("4.1", "4.2")]
    formulas = 'indicator_code,formula\n4.1,[3.10] * 2\n4.2,"sum_of_quarter([3.10]) + [4.1]"\n'
    march = "indicator_code,month,value,note\n3.10,2018-03,1200,\n"
    folder = small_workspace(tmp_path, {
        "data/indicators.csv": "\n".join([described.strip(), *more, ""]), "data/computed.csv": formulas,
        "data/returns/2018-03.csv": march,
    })  # fmt: skip
    found = step(folder, "received", "4.1")
    assert found.said == ["It is computed from 3.10 × 2."]
    assert [str(place) for place in found.places] == ["data/computed.csv, row 2", "data/returns/2018-05.csv, row 3"]
    assert [str(place) for place in step(folder, "received", "4.2").places] == [
        "data/computed.csv, row 3", "data/returns/2018-03.csv, row 2", "data/returns/2018-04.csv, row 3",
        "data/returns/2018-05.csv, row 3",
    ]  # fmt: skip


def test_a_month_without_a_figure_has_a_thread_too(tmp_path):
    nothing = "indicator_code,month,value,note\n3.10,2018-05,TBC,\n"
    folder = small_workspace(
        tmp_path,
        {"data/returns/2018-04.csv": nothing.replace("2018-05", "2018-04"), "data/returns/2018-05.csv": nothing},
    )
    assert step(folder, "received").said == ["None was received: none was supplied."]
    assert step(folder, "received", "3.10").said[0] == "'TBC' was received with the return of May 2018."


@pytest.mark.parametrize("typed", ["CP 5.4", "cp-5-4", "CP5.4", "cp 5.4", " Cp 5.4"])
def test_a_code_may_be_typed_in_many_ways(typed):
    assert code_of(typed, ["CP 5.4", "CP 5.40", "CP 54"]) == "CP 5.4"


def test_a_target_that_was_changed_within_the_year_has_its_own_row_and_reason(tmp_path):
    first, *rows = SMALL["data/targets.csv"].splitlines()
    later = '3.10,2018,"2,400","2,400",LINEAR,,,,,2018-05,More crews'
    lines = [f"{first},reported_from,reason", *(f"{row},," for row in rows), later]
    folder = small_workspace(tmp_path, {"data/targets.csv": "\n".join(lines) + "\n"})
    found = step(folder, "target", "3.10")
    assert found.said == [
        "400: 2,400 × 2 / 12, rounded down to a whole number (month 2 of 2018/19, LINEAR).",
        "It stands from the report of May 2018: More crews",
    ]
    assert list(map(str, found.places)) == ["data/targets.csv, row 4"]


@needs("approvals")
def test_who_approved_it_is_told_and_what_is_a_draft(tmp_path):
    from mpr_lib.approvals.approvals import of_comment, of_figures

    draft = {"data/commentary/2018-05/3-1.md": "---\nstate: draft\n---\nLamps.\n",
             "data/commentary/2018-05/3-10.md": "Holes.\n"}  # fmt: skip
    folder = small_workspace(tmp_path, draft)
    figures = of_figures(read_book(Workspace(folder), "2018-05"))["3.10"]
    marks = [("comment", of_comment("Holes.")), ("figures", figures)]
    rows = [f"{what},3.10,2018-05,{mark},Head of Roads,2018-06-04" for what, mark in marks]
    headings = "what,indicator_code,month,fingerprint,role,date"
    (folder / "data/approvals.csv").write_text("\n".join([headings, *rows]) + "\n")
    who = "approved: Head of Roads, 4 June 2018."
    assert step(folder, "version", "3.10").said == [f"Comment {who}", f"Figures {who}", "Version 1.0."]
    assert step(folder, "comment", "3.1").said == ["Nobody has signed it.", UNAPPROVED["DRAFT"]]
    assert step(folder, "comment", "3.10").said[0] == "Nobody has signed it."


def test_a_code_that_nobody_has_is_met_with_the_nearest():
    with pytest.raises(InputError, match=r"^'CP 5\.44' is no indicator of this report\. .* Did you mean 'CP 5\.4'\?$"):
        code_of("CP 5.44", ["CP 5.4", "CP 1.1"])
    exit_code, _, err = mpr("trace", "CP 99", "--month", "2018-05", "--workspace", REPOSITORY)
    assert (exit_code, err[:37]) == (1, "'CP 99' is no indicator of this repor")


def test_json_has_the_same_steps_with_files_and_rows(tmp_path):
    folder = small_workspace(tmp_path / "workspace", NOTED)
    exit_code, out, _ = mpr("trace", "3.1", "--month", "2018-05", "--workspace", folder, "--json")
    found = json.loads(out)
    assert (exit_code, found["indicator_code"], found["reporting_month"]) == (0, "3.1", "2018-05")
    received = next(each for each in found["steps"] if each["name"] == "received")
    assert received["places"][0] == {"file": "data/returns/2018-05.csv", "row": 2}
    assert received["places"][2] == {"file": "=may.xlsx", "sheet": "May", "cell": "C2", "sha256": DIGEST}


def test_a_page_is_written_where_it_is_asked_for(tmp_path):
    folder = small_workspace(tmp_path / "workspace", NOTED)
    exit_code, _, err = mpr("trace", "3.1", "2018-05", "--workspace", folder, "--html", tmp_path / "thread.html")
    page = (tmp_path / "thread.html").read_text(encoding="utf-8")
    assert (exit_code, err) == (0, f"Wrote {tmp_path / 'thread.html'}.\n")
    assert "cell C2" in page
    assert "report.html" not in page


def test_what_was_published_from_other_data_is_said(published, tmp_path):
    workspace = published.parents[1]
    out = mpr("trace", "CP 5.4", "2018-05", "--workspace", workspace)[1]
    assert "What is published in outputs/2018-05 was made from these very data" in out
    folder = small_workspace(tmp_path / "workspace")
    (folder / "outputs/2018-05").mkdir(parents=True)
    (folder / "outputs/2018-05/manifest.json").write_text('{"data_hash": "ab"}')
    assert "was made from other data than stand here now" in mpr("trace", "3.1", "2018-05", "--workspace", folder)[1]


@pytest.mark.parametrize("raw", ['{"data_hash": ', "{}", "[]"])
def test_a_set_whose_manifest_is_damaged_is_not_said_to_be_missing(tmp_path, raw):
    folder = small_workspace(tmp_path)
    (folder / "outputs/2018-05").mkdir(parents=True)
    (folder / "outputs/2018-05/manifest.json").write_text(raw)
    said = "outputs/2018-05/manifest.json cannot be read, so it does not say from which data the set was made."
    assert published_state(read_book(Workspace(folder), "2018-05")) == (None, said)


def test_every_figure_of_the_demo_s_newest_return_is_what_its_file_holds(tmp_path):
    new_workspace = pytest.importorskip("mpr_lib.start.new_workspace")
    folder = tmp_path / "demo"
    new_workspace.make_demo(folder)
    threads = Threads(Material(read_book(Workspace(folder), new_workspace.LAST)))
    returned = f"data/returns/{new_workspace.LAST}.csv"
    rows = [row for row in threads.book.returns.itertuples() if row.file == returned and row.value_text]
    assert len(rows) > 30
    for row in rows:
        source, _ = threads.source_of(row)
        text = (folder / f"data/received/{source.sha256}.csv").read_text(encoding="utf-8")
        cells = list(csv.reader(io.StringIO(text)))
        held = [cells[int(cell[1:]) - 1]["ABCDEF".index(cell[0])] for cell in source.cell.split(", ")]
        assert (" of ".join(held), source.value) == (source.text, row.value_text)
        assert cells[int(source.cell.split(", ")[0][1:]) - 1][0] == row.indicator_code
        assert source.text == row.value_text or row.computed_from
