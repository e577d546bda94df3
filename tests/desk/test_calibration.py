"""Calibration: what the reports of an invented indicator told, each as it was known then, and what came of it."""

import nbformat
import pandas as pd
import pytest

from mpr_lib.desk.calibration import Calibration, open_calibration
from tests.helpers import REPOSITORY, SMALL, small_workspace

FIGURES = [90, 92] * 9 + [70] + [90, 92] * 4
"""Street lights lit, from April 2016 to June 2018: steady, and one bad month, October 2017."""


def workspace(folder, figures=FIGURES):
    """A workspace with a return in each month of the figures, and a report in each from March 2017 on."""
    months = pd.period_range("2016-04", periods=len(figures), freq="M")
    heading = "indicator_code,month,value,note\n"
    files = {f"data/returns/{month}.csv": f"{heading}3.1,{month},{figure}%,\n3.10,{month},,\n"
             for month, figure in zip(months, figures, strict=True)}  # fmt: skip
    files |= {f"params/{month}.yml": f"month: {month}\n" for month in months[11:]}
    heading = SMALL["data/targets.csv"].splitlines()[0]
    targets = "".join(f"3.1,{year},85%,85%,FLAT,,,,\n" for year in (2016, 2017, 2018))
    return small_workspace(folder, files | {"data/targets.csv": f"{heading}\n{targets}"})


def texts(part):
    (block,) = part.blocks
    return [[cell["text"] for cell in row["cells"].values()] for row in block.get("rows", [])] or block["text"]


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> Calibration:
    return open_calibration(str(workspace(tmp_path_factory.mktemp("lights"))))


def test_every_report_is_made_with_the_figures_that_it_had(known):
    assert [str(known.months[place]) for place in (0, -1)] == ["2017-03", "2018-06"]
    own = known.frame[known.frame["indicator_code"] == "3.1"].set_index("reporting_month")
    assert own["points"].tolist() == list(range(12, len(FIGURES) + 1))
    assert own.loc[pd.Period("2017-03"), "variation"] == "NOT_JUDGED"


def test_new_signals_and_what_came_of_them(known):
    assert texts(known.signalled()) == [["October 2017", "3.1", "Real concern", "Usual variation in November 2017"]]


def test_where_a_year_ended_is_known_only_once_it_has(known):
    own = known.frame[known.frame["indicator_code"] == "3.1"].set_index("reporting_month")
    assert own.loc[pd.Period("2017-10"), "actual"] == own.loc[pd.Period("2017-04"), "actual"] == 90
    assert own.loc[[pd.Period("2018-03"), pd.Period("2018-04")], "actual"].isna().all()
    assert own.loc[pd.Period("2017-10"), "met"]


def test_forecasts_are_held_against_how_their_year_ended(known):
    """The year 2017/18 ended at 90: what was forecast of it from month to month is in the frame as it was told then."""
    own = known.frame[(known.frame["indicator_code"] == "3.1") & known.frame["held"].notna()]
    assert {str(month) for month in own["latest_month"]} <= {f"2017-{month:02}" for month in range(4, 13)} | {
        "2018-01", "2018-02",
    }  # fmt: skip
    assert own["held"].tolist() == [
        low <= 90 <= high for low, high in zip(own.forecast_low, own.forecast_high, strict=True)
    ]
    *months, whole = texts(known.forecasts())
    assert [row[0] for row in months] == [f"Month {known.years.month_number(each)}" for each in own["latest_month"]]
    assert whole[:3] == ["All", str(len(own)), str(own["held"].sum())]
    assert sum(int(row[1]) for row in texts(known.chances())) == own["forecast_chance"].count()
    assert {row[3] for row in texts(known.chances())} == {"100%"}


def test_warnings_say_how_their_year_ended(tmp_path):
    """Lights that are amber from August 2017 on, and never red."""
    found = open_calibration(str(workspace(tmp_path, [90, 91] * 8 + [82, 82.5] * 4)))
    told = texts(found.warnings())
    assert [(row[1], row[3]) for row in told] == [("3.1", "Missed: it ended at 82.5%")]


def test_nothing_is_claimed_where_nothing_has_ended():
    found = open_calibration(str(REPOSITORY), "2018-05")
    assert [row[1] for row in texts(found.signalled())] == ["CP 1.1", "CP 1.4"]
    assert texts(found.forecasts()) == "No year of which a report forecast the end has ended yet."
    assert texts(found.chances()) == "No year of which a report forecast the end has ended yet."


@pytest.mark.slow
def test_the_notebook_runs(place):
    from mpr_lib.run.execution import execute, read_notebook, running_kernel

    parameters = {"workspace": ".", "month": "2018-05"}
    notebook = read_notebook(place / "notebooks" / "signals.ipynb", "notebooks/signals.ipynb", parameters)
    with running_kernel(place) as manager:
        executed = execute(notebook, "notebooks/signals.ipynb", parameters, manager)
    nbformat.validate(executed)
    assert "Still so" not in str(executed)
    assert "Real improvement" in str(executed)
