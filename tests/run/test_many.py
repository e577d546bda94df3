"""Many months: each on its own, the good ones published, the bad ones said at the end; and how a run speaks."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mpr_lib.errors import InputError
from mpr_lib.run import cli, telling
from mpr_lib.run import month as month_module
from mpr_lib.run.console import read_months
from mpr_lib.run.month import Published
from mpr_lib.run.telling import run_months, teller

COUNTS = {"critical": 0, "warning": 2, "info": 1}


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2018-05", ["2018-05"]),
        ("2018-05..2018-05", ["2018-05"]),
        ("2017-11..2018-02", ["2017-11", "2017-12", "2018-01", "2018-02"]),
    ],
)
def test_months_as_typed(text, months):
    assert read_months(text) == months


@pytest.mark.parametrize(
    ("today", "month"),
    [(date(2018, 6, 22), "2018-05"), (date(2018, 1, 1), "2017-12"), (date(2018, 3, 31), "2018-02")],
)
def test_previous_is_the_month_before_whatever_the_day(today, month):
    assert read_months("previous", today) == [month]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2018-13..2019-01", "'2018-13' is not a month. Expected a year and a month such as 2018-05."),
        ("2018-01..2018", "'2018' is not a month. Expected a year and a month such as 2018-05."),
        ("2018-05..2018-01", "'2018-05..2018-01' ends before it begins. Expected 2018-01..2018-05."),
        ("1900-01..2018-01", "'1900-01..2018-01' is not a month."),
        ("1950-01..2018-01", None),
        ("2018-01..2018-02..2018-03", "'2018-01..2018-02..2018-03' is not a month."),
    ],
)
def test_what_is_no_range_is_wrong_usage(text, message):
    found = CliRunner().invoke(cli.app, ["run", text])
    assert found.exit_code == 2
    if text.startswith("19"):
        message = f"'{text}' is {'817' if text.startswith('1950') else '1417'} months long. Expected no more than 600."
    assert message in " ".join(found.stderr.split())


@pytest.fixture
def running(monkeypatch, tmp_path):
    """Call ``mpr run`` in this process, over months of which some are refused."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(telling, "brought", lambda what: {})

    def call(*arguments, bad=(), stop=None):
        def run_month(workspace, month, *, public=False, progress=None, **_):
            if month == stop:
                raise KeyboardInterrupt
            if month in bad:
                raise InputError(f"params/{month}.yml is missing. Add it.")
            if progress:
                progress("read the data", None)
                progress("read the data", 0.25)
            folder = tmp_path / "outputs" / ("public" if public else "") / month
            return Published(month, folder, ("report.html",), COUNTS, {})

        monkeypatch.setattr(month_module, "run_month", run_month)
        return CliRunner().invoke(cli.app, ["run", *arguments])

    return call


def without_times(text: str) -> list[str]:
    return [line.split(" s  ")[-1] for line in text.splitlines()]


def test_good_months_are_published_and_bad_ones_said_at_the_end(running):
    found = running("2018-03..2018-06", bad={"2018-03", "2018-05"})
    assert found.exit_code == 1
    assert found.stdout == "Published 2 of 4 months in outputs.\n"
    assert without_times(found.stderr) == [
        "2018-03  not published", "2018-04  published", "2018-05  not published", "2018-06  published",
        "Not published: 2018-03, 2018-05.", "2018-03: params/2018-03.yml is missing. Add it.",
        "2018-05: params/2018-05.yml is missing. Add it.",
    ]  # fmt: skip


def test_all_good_is_0(running):
    found = running("2018-03..2018-04", "--public")
    assert (found.exit_code, found.stdout) == (0, "Published 2 of 2 months in outputs/public.\n")


def test_stopping_says_what_is_published_by_then(running):
    found = running("2018-03..2018-06", stop="2018-05")
    assert found.exit_code == 130
    assert found.stderr.endswith("Stopped. Published by then: 2018-03, 2018-04.\n")


@pytest.mark.parametrize("months", ["2018-05", "2018-04..2018-05"])
def test_quiet_says_nothing_when_all_is_well(running, months):
    found = running(months, "--quiet")
    assert (found.exit_code, found.stdout, found.stderr) == (0, "", "")


def test_quiet_says_what_is_wrong(running):
    found = running("2018-05", "--quiet", bad={"2018-05"})
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == "params/2018-05.yml is missing. Add it.\n"


def test_a_log_of_json_has_an_object_a_line(running):
    found = running("2018-04..2018-05", "--log-json", bad={"2018-05"})
    assert (found.exit_code, found.stdout) == (1, "")
    lines = [json.loads(line) for line in found.stderr.splitlines()]
    for line in lines:
        assert line.pop("time").endswith("Z")
        line.pop("seconds", None)
    assert lines == [
        {"level": "info", "event": "stage", "month": "2018-04", "stage": "read the data"},
        {
            "level": "info", "event": "published", "month": "2018-04", "folder": "outputs/2018-04",
            "files": ["report.html"], "findings": COUNTS,
        },
        {
            "level": "error", "event": "failed", "month": "2018-05",
            "message": "params/2018-05.yml is missing. Add it.",
        },
        {"level": "error", "event": "ended", "months": 2, "failed": ["2018-05"]},
    ]  # fmt: skip


def test_a_quiet_log_of_json_has_only_what_is_wrong(running):
    assert running("2018-04", "--quiet", "--log-json").stderr == ""
    (line,) = running("2018-04", "--quiet", "--log-json", bad={"2018-04"}).stderr.splitlines()
    assert json.loads(line)["event"] == "failed"


def test_a_terminal_gets_a_bar(monkeypatch, tmp_path):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    def run_month(workspace, month, *, public=False, progress=None, **_):
        progress("read the data", None)
        return Published(month, Path("outputs") / month, ("report.html",), COUNTS, {})

    monkeypatch.setattr(month_module, "run_month", run_month)
    monkeypatch.setattr(telling, "brought", lambda what: {})
    out, err = Terminal(), Terminal()
    tell = teller(out, err, quiet=False, as_json=False)
    run_months(tmp_path, ["2018-04", "2018-05"], 1, tell)
    assert "2018-05  published" in err.getvalue()
    assert "2/2" in err.getvalue()
