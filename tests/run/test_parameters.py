"""Strict parameters: what the notebook asks for against what it is given."""

import pytest

from mpr_lib.errors import ParameterError
from mpr_lib.run.execution import check_parameters, read_parameters

pytestmark = pytest.mark.core_smoke

NAME = "notebooks/monthly_report.ipynb"


def notebook(source: str, tag: str = "parameters") -> dict:
    return {"cells": [{"cell_type": "code", "metadata": {"tags": [tag]}, "source": source}]}


@pytest.mark.parametrize(
    ("line", "required"),
    [
        ('month = "2018-05"', False),
        ('month: str = "2018-05"', False),
        ("month: str", True),
        ("month: int | None = None", False),
        ("month: Optional[int]", True),
        ("month = None", False),
        ("month = Path('.')", False),
    ],
)
def test_a_parameter_without_a_default_is_required(line, required):
    assert read_parameters(notebook(line), NAME) == {"month": required}


@pytest.mark.parametrize("line", ["import os", "month.x = 1", "month += 1", "for month in (1,): pass", "a, b = 1, 2"])
def test_other_statements_and_their_names_do_no_harm(line):
    assert not any(read_parameters(notebook(line), NAME).values())


def test_comments_and_several_lines_are_read():
    found = read_parameters(notebook(["# The month\n", "month = '2018-05'  # as YYYY-MM\n", "a = b = 1\n"]), NAME)
    assert list(found) == ["month", "a", "b"]


KNOWN = {"month": True, "limit": False, "draft": False}
"""Whether each is required."""


@pytest.mark.parametrize("given", [{"month": "2018-05"}, {"month": "2018-05", "limit": None, "draft": True}])
def test_what_the_notebook_knows_is_taken(given):
    check_parameters(KNOWN, given, NAME)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"month": "2018-05", "limits": 3}, f"{NAME} has no parameter 'limits'. Did you mean 'limit'?"),
        ({"month": "2018-05", "zebra": 3}, f"{NAME} has no parameter 'zebra'. It has: month, limit, draft."),
        ({}, f"{NAME} needs the parameter 'month', which has no default and was not given."),
        (
            {"mnth": "2018-05"},
            f"{NAME} has no parameter 'mnth'. Did you mean 'month'?\n"
            f"{NAME} needs the parameter 'month', which has no default and was not given.",
        ),
    ],
)
def test_what_does_not_fit_is_refused(given, message):
    with pytest.raises(ParameterError) as refused:
        check_parameters(KNOWN, given, NAME)
    assert str(refused.value) == message


def test_a_notebook_without_a_parameters_cell_is_refused():
    with pytest.raises(ParameterError) as refused:
        read_parameters(notebook("month = 1", tag="other"), NAME)
    assert str(refused.value) == (
        f"{NAME} has no cell tagged 'parameters', so it cannot be told which month to report. "
        "Tag the cell that sets its parameters (in JupyterLab: Property Inspector, Cell Tags)."
    )


def test_a_parameters_cell_that_is_not_python_is_refused():
    with pytest.raises(ParameterError) as refused:
        read_parameters(notebook("month = '2018-05'\nlimit ="), NAME)
    assert str(refused.value) == (
        f"{NAME}: cannot read line 2 of the cell tagged 'parameters' (invalid syntax). "
        'Expected lines such as month = "2018-05".'
    )
