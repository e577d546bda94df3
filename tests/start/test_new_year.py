"""``mpr new-year``: next year's targets from this year's, shown before they are written, never in the way."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import run_checks
from mpr_lib.errors import InputError
from mpr_lib.rules.targets import with_target
from mpr_lib.run.cli import app
from mpr_lib.start.new_year import propose, write
from tests.helpers import SMALL, small_workspace

HEADINGS = {name: SMALL[f"data/{name}.csv"].split("\n")[0] for name in ("targets", "stated_targets")}


def mpr(folder, *arguments):
    done = CliRunner().invoke(app, ["new-year", *arguments, "--workspace", str(folder)])
    return done.exit_code, done.stdout, done.stderr


def tables(targets: str = "", stated: str = "") -> dict[str, str]:
    rows = {"targets": targets, "stated_targets": stated}
    return {f"data/{name}.csv": "\n".join([HEADINGS[name], *text.split(), ""]) for name, text in rows.items()}


def texts(folder):
    return [(folder / "data" / f"{name}.csv").read_bytes().decode() for name in HEADINGS]


COLUMNS = "indicator_code\tfor\ttarget_low\ttarget_high\tprofile\tbaseline\tremark\n"


def test_rows_are_shown_and_written_only_when_asked_to(tmp_path):
    folder = small_workspace(
        tmp_path,
        tables("3.1,2018,95%,95%,FLAT,,,, 3.10,2018,1200,,STATED,,0.1,,", "3.10,2018-04,90, 3.10,2019-03,1200,"),
    )
    before = texts(folder)
    shown = (
        f"{COLUMNS}"
        "3.1\t2019\t95%\t95%\tFLAT\t\t\n"
        "3.10\t2019\t1200\t\tSTATED\t\t\n"
        "3.10\t2019-04\t90\t\t\t\t\n"
        "3.10\t2020-03\t1200\t\t\t\t\n"
        "2019/20: 2 rows for data/targets.csv and 2 rows for data/stated_targets.csv.\n"
    )
    assert mpr(folder, "2019/20") == (0, f"{shown}Nothing was written yet. To write them, add --write.\n", "")
    assert texts(folder) == before
    assert mpr(folder, "2019", "--write") == (0, f"{shown}Written.\n", "")
    assert texts(folder) == [
        before[0] + "3.1,2019,95%,95%,FLAT,,,,\n3.10,2019,1200,,STATED,,0.1,,\n",
        before[1] + "3.10,2019-04,90,\n3.10,2020-03,1200,\n",
    ]
    assert mpr(folder, "2019", "--write") == (
        1, "", "data/targets.csv has the targets of 2019/20 already. Nothing is proposed.\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("march", "baseline", "remark"),
    [
        ('3.10,2019-03,"1,180",', "1,180", "baseline: the figure for March 2019, '1,180'"),
        (
            "3.10,2019-03,1210,",
            "1,210",
            "baseline: the figure for March 2019, '1210', meets this target already: set another",
        ),
        ("3.10,2019-03,TBC,", "", "baseline left empty: there is no figure for March 2019 yet"),
        ("3.10,2019-02,1100,", "", "baseline left empty: there is no figure for March 2019 yet"),
    ],
)
def test_a_baseline_is_this_years_end_or_empty_and_said(tmp_path, march, baseline, remark):
    files = tables("3.10,2018,1200,1200,LINEAR_FROM_BASELINE,800,,,")
    files["data/returns/2019-03.csv"] = f"indicator_code,month,value,note\n{march}\n"
    folder = small_workspace(tmp_path, files)
    exit_code, out, _ = mpr(folder, "2019", "--write")
    assert exit_code == 0
    assert f"3.10\t2019\t1200\t1200\tLINEAR_FROM_BASELINE\t{baseline}\t{remark}\n" in out
    cell = f'"{baseline}"' if baseline else ""
    assert texts(folder)[0].endswith(f"\n3.10,2019,1200,1200,LINEAR_FROM_BASELINE,{cell},,,\n")


def test_what_was_confirmed_of_the_old_year_is_not_of_the_new_one(tmp_path):
    files = {"data/targets.csv": f"{HEADINGS['targets']},confirmed\n3.1,2018,0.95,0.95,FLAT,,,,,true\n"}
    folder = small_workspace(tmp_path, files)
    mpr(folder, "2019", "--write")
    assert texts(folder)[0].endswith("\n3.1,2019,0.95,0.95,FLAT,,,,,\n")


def test_a_target_changed_within_the_year_goes_on_as_it_stands_at_its_end_without_its_reason(tmp_path):
    heading = f"{HEADINGS['targets']},confirmed,reported_from,reason"
    rows = ["3.1,2018,95%,95%,FLAT,,,,", "3.1,2018,90%,90%,FLAT,,,,,,2018-09,Fewer lamps", "3.10,2018,5,5,FLAT,,,,"]
    stated = ["3.10,2018-06,5,5", "3.10,2018-06,4,4,2018-05,Counted anew", "3.10,2018-06,3,3,2019-06,Later"]
    stated = [f"{HEADINGS['stated_targets']},reported_from,reason", *stated, ""]
    files = {"data/targets.csv": "\n".join([heading, *rows, ""]), "data/stated_targets.csv": "\n".join(stated)}
    folder = small_workspace(tmp_path, files)
    mpr(folder, "2019", "--write")
    annual, months = texts(folder)
    assert annual.endswith("\n3.1,2019,90%,90%,FLAT,,,,,,,\n3.10,2019,5,5,FLAT,,,,,,,\n")
    assert months.endswith("Later\n3.10,2019-06,4,4,,\n")


def test_a_march_figure_that_came_in_april_is_the_baseline(tmp_path):
    files = tables("3.10,2018,1200,1200,LINEAR_FROM_BASELINE,800,,,")
    files["data/returns/2019-04.csv"] = "indicator_code,month,value,note\n3.10,2019-03,1190,\n"
    assert "\t1,190\tbaseline: the figure for March 2019, '1190'\n" in mpr(small_workspace(tmp_path, files), "2019")[1]


def test_targets_that_are_there_stay_and_what_is_in_no_report_is_left_out(tmp_path):
    folder = small_workspace(
        tmp_path, tables("3.1,2018,95,95,FLAT,,,, 3.1,2019,97,97,FLAT,,,, 3.10,2018,5,5,FLAT,,,, X,2018,1,1,FLAT,,,,")
    )
    assert mpr(folder, "2019", "--write")[1] == (
        f"{COLUMNS}"
        "3.10\t2019\t5\t5\tFLAT\t\t\n"
        "There already, and as it was: 3.1.\n"
        "In no report of 2019/20, so nothing is proposed: X.\n"
        "2019/20: 1 row for data/targets.csv and 0 rows for data/stated_targets.csv.\n"
        "Written.\n"
    )
    assert "3.1,2019,97,97,FLAT" in texts(folder)[0]


def test_what_ended_with_the_old_year_is_named_and_not_proposed(tmp_path):
    lines = SMALL["data/indicators.csv"].splitlines()
    indicators = "\n".join([f"{lines[0]},last_month", f"{lines[1]},2019-03", f"{lines[2]},2019-04", ""])
    out = mpr(small_workspace(tmp_path, {"data/indicators.csv": indicators}), "2019")[1]
    assert "\n3.10\t2019\t" in out
    assert "\n3.1\t" not in out
    assert "In no report of 2019/20, so nothing is proposed: 3.1.\n" in out


def test_rows_follow_each_files_own_headings_line_ends_and_names_of_years(tmp_path):
    rows = "financial_year,indicator_code,profile,annual_target_high,annual_target_low,baseline,tolerance,"
    rows += "amber_low,amber_high\r\n"
    files = tables() | {"data/targets.csv": ("\ufeff" + rows + "2018/19,3.1,FLAT,96,95,,,,").encode()}
    folder = small_workspace(tmp_path, files)
    assert mpr(folder, "2019/20", "--write")[0] == 0
    assert (folder / "data/targets.csv").read_bytes() == files[
        "data/targets.csv"
    ] + b"\r\n2019/20,3.1,FLAT,96,95,,,,\r\n"


@pytest.mark.parametrize(
    ("year", "message"),
    [
        ("20l9", "'20l9' is no financial year. Expected one such as 2019/20.\n"),
        ("2019/21", "'2019/21' is no financial year. Expected one such as 2019/20.\n"),
        ("2031", "data/targets.csv has no target for 2030/31, so there is nothing to propose those of 2031/32 from.\n"),
        ("2018", "data/targets.csv has no target for 2017/18, so there is nothing to propose those of 2018/19 from.\n"),
    ],
)
def test_a_year_that_cannot_be_proposed_is_refused(tmp_path, year, message):
    folder = small_workspace(tmp_path)
    before = texts(folder)
    assert mpr(folder, year, "--write") == (1, "", message)
    assert texts(folder) == before


def test_years_are_read_as_the_council_names_them(tmp_path):
    report = SMALL["params/report.yml"] + "first_month: 10\nyear_name: FY2019\n"
    folder = small_workspace(
        tmp_path, {"params/report.yml": report, **tables("3.1,FY2019,95,95,FLAT,,,,", "3.1,2018-10,90,")}
    )
    out = mpr(folder, "FY2020", "--write")[1]
    assert "3.1\tFY2020\t95\t95\tFLAT\t\t\n3.1\t2019-10\t90\t" in out
    assert mpr(folder, "2020")[2] == "'2020' is no financial year. Expected one such as FY2020.\n"


def test_a_year_that_was_proposed_lacks_no_target(tmp_path):
    files = {"params/2019-04.yml": "month: 2019-04\n"}
    files["data/returns/2019-04.csv"] = "indicator_code,month,value,note\n3.1,2019-04,97%,\n3.10,2019-04,80,\n"
    folder = small_workspace(tmp_path, files)

    def critical():
        book = read_book(Workspace(folder), "2019-04")
        history = history_of(book)
        return [each.indicator_code for each in run_checks(book, scorecard_of(book, history), history).critical]

    assert critical() == ["3.1", "3.10"]
    assert mpr(folder, "2019", "--write")[0] == 0
    assert critical() == []


ROWS = st.lists(st.tuples(st.sampled_from(["3.1", "3.10", "X"]), st.integers(2016, 2020)), unique=True, max_size=8)
STATED = st.lists(
    st.tuples(st.sampled_from(["3.1", "3.10"]), st.integers(2017 * 12, 2021 * 12)), unique=True, max_size=8
)


@settings(max_examples=15)
@given(ROWS, STATED, st.integers(2017, 2021))
def test_nothing_that_stands_is_changed_and_every_target_of_the_year_before_goes_on(rows, stated, year):
    targets = " ".join(f"{code},{of},5,5,FLAT,,,," for code, of in rows)
    months = " ".join(f"{code},{month // 12}-{month % 12 + 1:02},5,5" for code, month in stated)
    with TemporaryDirectory() as folder:
        small_workspace(Path(folder), tables(targets, months))
        place, before = Workspace(Path(folder)), texts(Path(folder))

        def of(wanted):
            book = read_book(place, "2018-05")
            return with_target(book.targets, book.stated_targets, wanted, book.settings.years)

        had, has = of(year - 1) - {"X"}, of(year)
        if not had - has:
            with pytest.raises(InputError):
                propose(place, str(year))
            return
        write(place, propose(place, str(year)))
        assert all(now.startswith(then) for now, then in zip(texts(Path(folder)), before, strict=True))
        assert of(year) == had | has
        with pytest.raises(InputError):
            propose(place, str(year))
