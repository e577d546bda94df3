"""Expectations of params/report.yml: that its rules are used, and that it lowers nothing critical."""

from mpr_lib.checks.declaration import Expectation

SETTINGS = (
    Expectation(
        name="rating_rule_is_used",
        table="rating_rules",
        severity="warning",
        characteristic="relevance",
        gx="ExpectColumnValuesToBeBetween",
        arguments={"column": "indicators", "min_value": 1},
        column="rating_rules",
        found="called",
        means="Every rule of rating_rules in params/report.yml is the first that fits some indicator.",
        message="{place}: {called} rates no indicator: none fits it, or rules before it fit all that do. Expected an "
        "indicator that it is for.",
        action="Correct its codes, units, sections or aims, put it before the other rules, or delete it.",
    ),
    Expectation(
        name="critical_expectation_stands",
        table="changes",
        severity="warning",
        characteristic="reliability",
        gx="ExpectColumnValuesToBeNull",
        arguments={"column": "lowered"},
        column="expectations",
        found="expectation",
        means="No workspace lowers a critical expectation.",
        message="{place}: for {of_which}, '{expectation}' {says}, although what it finds should stop a report. "
        "Expected it to be critical. The reason given: {reason}.",
        action="Put the data right and delete the change as soon as that can be done.",
    ),
)
