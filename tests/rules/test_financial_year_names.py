"""What councils call their financial years, written and read back."""

import pickle

import pandas as pd
import pytest

from mpr_lib.rules.months import FinancialYears
from tests.helpers import cases


@pytest.mark.parametrize("case", cases("year_names.csv"))
def test_a_year_is_named_as_its_table_says_and_read_back(case):
    month = int(case["first_month"])
    if case["year"] == "refused":
        like = "2018 or FY18" if month == 1 else "2018/19, 2018-19, 2018 or FY2019"
        with pytest.raises(ValueError, match=r"Expected") as error:
            FinancialYears(month, case["year_name"])
        assert str(error.value) == f"Expected what the financial year that starts in 2018 is called, such as {like}"
        return
    years, year = FinancialYears(month, case["year_name"]), int(case["year"])
    assert years.label(year) == case["label"]
    assert years.read(f" {case['label'].lower()} ") == year
    assert years.read(f"{case['label']}x") is None


def test_a_named_start_is_the_number_that_it_names_also_in_another_process():
    years = pickle.loads(pickle.dumps(FinancialYears(10, "FY2019")))
    assert (years.starts, years.label(2018)) == (10, "FY2019")
    assert years.of(pd.Period("2018-09")) == 2017
    assert years.month_number(pd.Period("2018-09")) == 12
    assert str(years.months(2018)[0]) == "2018-10"
