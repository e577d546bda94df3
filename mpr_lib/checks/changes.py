"""Changes: what a workspace expects otherwise (``expectations`` in params/report.yml), applied and never in silence."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from mpr_lib.checks.findings import Change, Finding
from mpr_lib.checks.located import located
from mpr_lib.rules.rating import rule_of_each

OFF = "off"


def applied(findings: Iterable[Finding], settings) -> tuple[list[Finding], list[Change]]:
    """Findings with their severity as the workspace wants it, those switched off left out; and what was changed.

    Where several changes fit a finding the last one stands.
    """
    kept, touched = [], [0] * len(settings)
    for finding in findings:
        place = _last_that_fits(finding, settings)
        if place is None:
            kept.append(finding)
            continue
        touched[place] += 1
        if settings[place].severity != OFF:
            kept.append(replace(finding, severity=settings[place].severity))
    records = zip(settings, touched, strict=True)
    return kept, [
        Change(each.expectation, list(each.indicator_codes), each.says, each.reason, count) for each, count in records
    ]


def _last_that_fits(finding, settings):
    fitting = [
        place
        for place, each in enumerate(settings)
        if each.severity and each.expectation == finding.expectation
        and (not each.indicator_codes or finding.indicator_code in each.indicator_codes)
    ]  # fmt: skip
    return fitting[-1] if fitting else None


def lag_allowed(settings, indicators: pd.DataFrame) -> pd.Series:
    """How late each indicator may be: its own lag, unless the workspace allows it another."""
    lag = indicators["allowed_lag"].fillna(0)
    for each in settings:
        if each.allowed_lag is not None:
            wanted = indicators["indicator_code"].isin(each.indicator_codes) | (not each.indicator_codes)
            lag = lag.mask(wanted, each.allowed_lag)
    return lag


def changes(book) -> pd.DataFrame:
    """Every change, one row for each indicator that it names: says and reason, and whether it lowers a critical one."""
    from mpr_lib.checks.catalogue import named

    rows = [
        {
            "indicator_code": code,
            "expectation": each.expectation,
            "says": each.says,
            "reason": each.reason.rstrip("."),
            "delivered": named(each.expectation).severity,
            "lowered": named(each.expectation).severity == "critical" and each.severity not in (None, "critical"),
        }
        for each in book.settings.expectations
        for code in each.indicator_codes or [""]
    ]
    columns = ["indicator_code", "expectation", "says", "reason", "delivered", "lowered"]
    table = pd.DataFrame(rows, columns=columns)
    changed = pd.Series("changed", table.index, dtype=object)
    return located(
        table, file="params/report.yml", changed=changed.mask(table["lowered"].astype(bool)),
        lowered=changed.where(table["lowered"].astype(bool)),
        of_which=table["indicator_code"].replace("", "every indicator"),
    )  # fmt: skip


def rating_rules(book) -> pd.DataFrame:
    """Every rule that rates, with how many indicators it is the first to fit."""
    rules = book.settings.rating_rules
    first = rule_of_each(book.indicators, rules)
    table = pd.DataFrame({"rule": range(len(rules)), "name": [each.name for each in rules]})
    table = table.assign(indicators=[int((first == place).sum()) for place in range(len(rules))])
    number = (table["rule"] + 1).astype(str)
    called = table["name"].map(lambda name: f" ('{name}')" if name else "")
    return located(table, file="params/report.yml", called="rule " + number + called)


SETTING_TABLES = (changes, rating_rules)
