"""``mpr import`` and ``mpr template``: what they print, what they write, and their exit codes."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mpr_lib.run import cli
from tests.intake.workbooks import HEADINGS, invented, text_file

ROOT = Path(cli.__file__).parents[2]


@pytest.fixture
def workspace(tmp_path):
    known = {"returns/2018-06__csv": "indicator_code,month,value,note\nA,2018-06,5,\n"}
    return invented(tmp_path / "workspace", {"A": "number", "B": "%"}, **known)


def mpr(workspace, *arguments):
    found = CliRunner().invoke(cli.app, [*map(str, arguments), "--workspace", str(workspace)])
    return found.exit_code, found.stdout, found.stderr


def test_what_was_understood_is_shown_and_not_written(workspace, tmp_path):
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["a", "Jun-18", "6", ""], ["B", "Jun-18", "83%", ""]])
    exit_code, out, err = mpr(workspace, "import", path, "--month", "2018-06")
    assert (exit_code, err) == (0, "")
    assert out == (
        "status\tindicator_code\tmonth\twas\tis\twhere\treason\n"
        "new\tB\t2018-06\t\t83%\tjune.csv, cell C3\t\n"
        "changed\tA\t2018-06\t5\t6\tjune.csv, cell C2\t\n"
        "june.csv: read as UTF-8, commas between cells.\n"
        "June 2018: 1 new, 1 changed, 0 same, 0 left out, 0 refused.\n"
        "Nothing was written yet. To write data/returns/2018-06.csv, add --write.\n"
    )
    assert (workspace / "data/returns/2018-06.csv").read_text().endswith("A,2018-06,5,\n")


def test_a_new_figure_has_the_one_before_it_beside_it(workspace, tmp_path):
    path = text_file(tmp_path / "july.csv", [HEADINGS, ["A", "Jul-18", "500", ""], ["A", "Sep-18", "7", ""]])
    _, out, _ = mpr(workspace, "import", path, "--month", "2018-09")
    assert "new\tA\t2018-07\t\t500\tjuly.csv, cell C2\tAfter 5 in June 2018.\n" in out


def test_a_workspaces_own_words_for_no_value_are_taken(workspace, tmp_path):
    settings = workspace / "params/report.yml"
    settings.write_text(settings.read_text() + "no_value_words:\n  NA: NOT_APPLICABLE\n  Annual KPI: NOT_DUE\n")
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["a", "Jun-18", "NA", ""], ["B", "Jun-18", "annual kpi", ""]])
    assert mpr(workspace, "import", path, "--month", "2018-06")[:2] == (
        0,
        "status\tindicator_code\tmonth\twas\tis\twhere\treason\n"
        "new\tB\t2018-06\t\tannual kpi\tjune.csv, cell C3\t\n"
        "changed\tA\t2018-06\t5\tNA\tjune.csv, cell C2\t\n"
        "june.csv: read as UTF-8, commas between cells.\n"
        "June 2018: 1 new, 1 changed, 0 same, 0 left out, 0 refused.\n"
        "Nothing was written yet. To write data/returns/2018-06.csv, add --write.\n",
    )


def test_a_confirmed_figure_stays_so_until_it_changes(workspace, tmp_path):
    june = workspace / "data/returns/2018-06.csv"
    june.write_text("indicator_code,month,value,note,confirmed\nA,2018-06,5,,true\nB,2018-06,83%,,true\n")
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["A", "Jun-18", "6", ""], ["B", "Jun-18", "83%", ""]])
    assert mpr(workspace, "import", path, "--month", "2018-06", "--write")[0] == 0
    assert june.read_text().splitlines()[1:] == ["A,2018-06,6,,", "B,2018-06,83%,,true"]


def test_write_writes_and_a_second_time_finds_nothing_to_do(workspace, tmp_path):
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["B", "Jun-18", "83%", ""]])
    exit_code, out, _ = mpr(workspace, "import", path, "--month", "2018-06", "--write")
    assert (exit_code, out.splitlines()[-1]) == (0, "Written to data/returns/2018-06.csv.")
    assert (workspace / "data/returns/2018-06.csv").read_text().endswith("A,2018-06,5,\nB,2018-06,83%,\n")
    exit_code, out, _ = mpr(workspace, "import", "2018-06", path, "--write")
    assert (exit_code, out.splitlines()[-2:]) == (
        0,
        [
            "June 2018: 0 new, 0 changed, 1 same, 0 left out, 0 refused.",
            "Nothing to write: the returns up to data/returns/2018-06.csv say all of it already.",
        ],
    )


def test_a_return_of_another_month_that_is_in_already_is_not_said_to_be_in_this_one(workspace, tmp_path):
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["B", "Jun-18", "83%", ""]])
    mpr(workspace, "import", "2018-06", path, "--write")
    exit_code, out, _ = mpr(workspace, "import", "2018-07", path)
    assert (exit_code, out.splitlines()[-1]) == (
        0,
        "Nothing to write: the returns up to data/returns/2018-07.csv say all of it already. No figure is for July "
        "2018: is it another month's return?",
    )


def test_what_a_spreadsheet_keeps_beside_an_open_workbook_is_left_out(workspace, tmp_path):
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["B", "Jun-18", "83%", ""]])
    (tmp_path / "~$june.xlsx").write_bytes(b"\x04Ada")
    exit_code, out, _ = mpr(workspace, "import", "2018-06", tmp_path / "~$june.xlsx", path, "--write")
    assert (exit_code, out.splitlines()[-1]) == (0, "Written to data/returns/2018-06.csv.")
    assert out.splitlines()[0].startswith("~$june.xlsx: left out; ")


def test_a_folder_is_not_a_file_and_a_missing_one_is_named(workspace, tmp_path):
    (tmp_path / "sent").mkdir()
    _, _, err = mpr(workspace, "import", "2018-06", tmp_path / "sent")
    assert err == f"sent: is a folder. Name the files in it, such as {tmp_path}/sent/*.xlsx.\n"
    _, _, err = mpr(workspace, "import", "2018-06", tmp_path / "snt" / "*.xlsx")
    assert f"There is no folder {tmp_path}/snt." in err


def test_a_month_and_a_year_are_given_with_options_or_by_the_workspace(workspace, tmp_path):
    path = text_file(tmp_path / "kpis.csv", [["Code", "Value"], ["B", "83%"]])
    for options in (["--figures-for", "2018-05"], ["--figures-for=2018-05"]):
        exit_code, out, err = mpr(workspace, "import", path, "--month", "2018-06", *options)
        assert (exit_code, err) == (0, "")
        assert "new\tB\t2018-05\t\t83%\tkpis.csv, cell B2\t\n" in out
        assert "kpis.csv: its figures have no month, so May 2018 is taken from --figures-for.\n" in out
    (workspace / "data/imports.yml").write_text("figures_for: 2018-05\nyear: 2018/19\n")
    assert "new\tB\t2018-05" in mpr(workspace, "import", path, "--month", "2018-06")[1]
    path = text_file(tmp_path / "kpis.csv", [["Code", "Apr", "May"], ["B", "83%", "84%"]])
    assert "new\tB\t2018-04" in mpr(workspace, "import", path, "--month", "2018-06")[1]
    exit_code, _, err = mpr(workspace, "import", path, "--month", "2018-06", "--year", "soon")
    assert (exit_code, err) == (
        1, "--year: found 'soon'. Expected a year such as 2018/19, or 'return' for that of the return.\n",
    )  # fmt: skip


def test_one_refused_cell_keeps_all_from_being_written(workspace, tmp_path):
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["A", "Jun-18", "6", ""], ["B", "Jun-18", "5S0", "two\nlines"]])
    exit_code, out, _ = mpr(workspace, "import", path, "--month", "2018-06", "--write")
    assert exit_code == 1
    assert (
        "refused\tB\t2018-06\t\t5S0\tjune.csv, cell C3\tcannot read '5S0' as a number. Expected a number such as 550, "
        "83% or 1,544, or one of -, TBC, N/A.\n"
    ) in out
    assert out.endswith("Nothing was written: correct what is refused and import again.\n")
    assert (workspace / "data/returns/2018-06.csv").read_text().endswith("A,2018-06,5,\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("import", "--month", "2018-06"), "Missing argument 'MONTH FILE'."),
        (("import", "2018-06"), "FILE is missing. Expected the name of a workbook or of a text file."),
        (("import", "x.csv"), "MONTH is missing. Expected a month such as 2018-05, as MONTH or as --month."),
        (("import", "x.csv", "--month", "June"), "'June' is not a month. Expected a year and a month such as 2018-05."),
        (("template", "--month", "2018-06", "--by", "town"), "'town' is not one of 'department', 'officer'."),
    ],
)
def test_wrong_usage_is_2(workspace, arguments, message):
    exit_code, _, err = mpr(workspace, *arguments)
    assert exit_code == 2
    assert message in err


def test_a_wrong_file_is_1_with_its_message(workspace, tmp_path):
    exit_code, out, err = mpr(workspace, "import", tmp_path / "june.csv", "--month", "2018-06")
    assert (exit_code, out) == (1, "")
    assert err == "june.csv: cannot be opened: No such file or directory. Check its name and its permissions.\n"


def test_templates_are_made_and_named(workspace, tmp_path):
    exit_code, out, _ = mpr(workspace, "template", "--month", "2018-06", "--by", "officer", "--out", tmp_path / "out")
    assert exit_code == 0
    assert out == f"{tmp_path}/out/return-2018-06-no-officer-stated.xlsx: 2 indicators\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_a_table_and_no_control_characters_of_the_officers(workspace, tmp_path):
    rows = [["A", "Jun-18", "6", ""], ["B", "Jun-18", "\x1b[31mred", ""], ["A", "May-18", "7", ""]]
    path = text_file(tmp_path / "june.csv", [HEADINGS, *rows])
    path.write_bytes(path.read_bytes().replace(b"\x1b", "\u009b".encode()))
    main, other = pty.openpty()
    command = [sys.executable, "-m", "mpr_lib.run.cli", "import", path, "--month", "2018-06", "--workspace", workspace]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    process = subprocess.Popen(command, stdout=other, env=environment)
    os.close(other)
    shown = b""
    try:
        while piece := os.read(main, 4096):
            shown += piece
    except OSError:
        pass
    assert process.wait() == 1
    text = shown.decode()
    assert "Indicator" in text
    assert "changed" in text
    refused = "refused: june.csv, cell C3 (B, June 2018): holds a character that cannot be kept (U+009B)."
    assert refused in " ".join(text.split())
    assert "\u009b" not in text
