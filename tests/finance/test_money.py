"""Money: amounts read as accountants write them, and written as readers expect them."""

from decimal import Decimal

import pytest

from mpr_lib.errors import ValueTextError
from mpr_lib.finance.amounts import MoneyStyle, read_money
from tests.helpers import cases


@pytest.mark.parametrize("case", cases("finance_money.csv"))
def test_an_amount_is_read_as_its_table_says(case):
    if case["amount"] == "refused":
        with pytest.raises(ValueTextError) as refused:
            read_money(case["raw"])
        assert str(refused.value) == (
            f"cannot read '{case['raw']}' as an amount of money. "
            "Expected an amount in pounds such as 1,234,567, £1.2m, -350,000 or (350,000)."
        )
    else:
        assert read_money(case["raw"]) == (Decimal(case["amount"]) if case["amount"] else None)


@pytest.mark.parametrize("case", cases("finance_shown.csv"))
def test_an_amount_is_shown_as_its_table_says(case):
    decimals = int(case["decimals"]) if case["decimals"] else None
    amount, style = Decimal(case["amount"]), MoneyStyle(case["unit"], decimals)
    assert style.text(amount) == case["text"]
    assert style.words(amount) == case["words"]


def test_a_difference_may_carry_its_plus():
    assert MoneyStyle("thousands").text(Decimal(5000), sign=True) == "+5"
    assert MoneyStyle("thousands").text(Decimal(-5000), sign=True) == "−5"
    assert MoneyStyle("thousands").text(Decimal(400), sign=True) == "0"
