"""Expectations that warn: the report is published, and says on its data-quality page what was found."""

from mpr_lib.checks.commented import COMMENTARY
from mpr_lib.checks.configured import SETTINGS
from mpr_lib.checks.declaration import Expectation
from mpr_lib.words import WORRYING

WARNINGS = (
    Expectation(
        name="cumulative_does_not_fall",
        table="months",
        severity="warning",
        characteristic="accuracy",
        gx="ExpectCumulativeValuesToNotFallWithinYear",
        arguments={"column_list": ["indicator_code", "financial_year", "definition", "month_number", "number"]},
        column="value",
        found="value_text",
        means="A cumulative count does not fall within a financial year (percentages may).",
        message="{place}: the figure falls to {number} after {previous} in {previous_month}. Expected a "
        "cumulative figure to stay or rise within a financial year.",
        action="Ask whether one of the two figures is wrong, or whether what is counted has changed; then correct the "
        "figure, or record definition_break in data/indicators.csv.",
    ),
    Expectation(
        name="value_is_not_late",
        table="scored",
        severity="warning",
        characteristic="timeliness",
        gx="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments={"column_A": "allowed_lag", "column_B": "late_by", "or_equal": True},
        column="month",
        found="latest_month",
        means="An indicator's newest figure is no older than its allowed lag (0 months unless it has another).",
        message="{place}: the newest figure is for {latest_month}. Expected one for {expected_month}.",
        action="Ask {officer} for the figure; if it always comes this late, set allowed_lag in data/indicators.csv.",
    ),
    Expectation(
        name="value_is_given",
        table="scored",
        severity="warning",
        characteristic="completeness",
        gx="ExpectColumnValuesToNotBeNull",
        arguments={"column": "value"},
        column="value",
        found="value_text",
        means="Every indicator whose figure is due has one.",
        message="{place}: there is no figure: {reason_words}. Expected a number.",
        action="Ask {officer} for the figure, or for the month in which it will come.",
    ),
    Expectation(
        name="target_to_date_is_given",
        table="scored",
        severity="warning",
        characteristic="completeness",
        gx="ExpectColumnValuesToNotBeNull",
        arguments={"column": "target_given"},
        column="",
        found="latest_month",
        means="An indicator with an annual target has a target for its latest month.",
        message="data/targets.csv ({indicator_code}, {latest_month}): there is an annual target but none to date, so "
        "the figure is not rated. Expected a target to date.",
        action="State the month's target in data/stated_targets.csv, or give data/targets.csv a profile from which it "
        "follows, with the baseline or last year's figures that the profile needs.",
    ),
    Expectation(
        name="exception_has_commentary",
        table="exceptions",
        severity="warning",
        characteristic="completeness",
        gx="ExpectColumnValuesToNotBeNull",
        arguments={"column": "commentary"},
        column="",
        found="commentary",
        means=f"Every indicator that is {WORRYING} has commentary.",
        message="{place}: there is no commentary, and the expected outcome is '{outcome_words}'. Expected why, what is "
        "done about it and what to expect.",
        action="Ask {officer} for the commentary and save it as {file}.",
    ),
    Expectation(
        name="profile_covers_the_year",
        table="profile_months",
        severity="warning",
        characteristic="completeness",
        gx="ExpectColumnValuesToNotBeNull",
        arguments={"column": "target_low"},
        column="profile",
        found="silent",
        one_per=("indicator_code",),
        means="A stated profile gives a target for every month of the financial year.",
        message="{cell}: the targets of {year} are stated for {stated} of 12 months, with none for {silent}. Expected "
        "one for each month.",
        action="State the missing months in data/stated_targets.csv, or choose another profile in {file}.",
    ),
    Expectation(
        name="profile_ends_at_annual_target",
        table="profile_steps",
        severity="warning",
        characteristic="accuracy",
        gx="ExpectProfileToEndAtAnnualTarget",
        arguments={
            "column_list": ["month_number", "target_low", "target_high", "annual_target_low", "annual_target_high"]
        },
        column="target_low",
        found="target_low_text",
        means="A stated profile ends the financial year at the annual target.",
        message="{place}: the stated target of the year's last month is {target_low_text}, the annual target is "
        "{annual_target_low_text}. Expected the two to be the same.",
        action="Correct the stated target, or the annual target in data/targets.csv.",
    ),
    Expectation(
        name="profile_has_even_steps",
        table="profile_steps",
        severity="warning",
        characteristic="reliability",
        gx="ExpectProfileToHaveEvenSteps",
        arguments={"column_list": ["indicator_code", "month_number", "target_low", "last_place", "climbs"]},
        column="target_low",
        found="target_low_text",
        one_per=("indicator_code",),
        means="A cumulative stated profile has no month whose step is out of line with the months around it: more than "
        "one and a half times their mean, or less than two thirds of it. A seasonal profile, which swings by less than "
        "that from month to month, passes.",
        message="{place}: the target moves by {step} from {previous_month}, between moves of {step_before} "
        "and {step_after}. Expected a step like those around it.",
        action="Ask {officer} whether the stated targets from {previous_month} are meant so; correct them in {file} "
        "if they are not.",
    ),
    Expectation(
        name="goldilocks_has_a_range",
        table="goldilocks",
        severity="warning",
        characteristic="validity",
        gx="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments={
            "column_A": "annual_target_high",
            "column_B": "annual_target_low",
            "ignore_row_if": "either_value_is_missing",
        },
        column="annual_target_low",
        found="annual_target_low_text",
        means="An indicator that is best inside a range has a range as its target, not one number.",
        message="{cell}: the target of {year} is the one number {found}, but the indicator is best inside a range. "
        "Expected a low and a high end.",
        action="Give the range in {file}, or set the polarity to MAXIMISE or MINIMISE in data/indicators.csv.",
    ),
    Expectation(
        name="percentage_is_within_0_and_100",
        table="percentages",
        severity="warning",
        characteristic="accuracy",
        gx="ExpectColumnValuesToBeBetween",
        arguments={"column": "number", "min_value": 0, "max_value": 100},
        column="value",
        found="value_text",
        means="A percentage lies within 0 and 100.",
        message="{place}: '{found}' lies outside 0 to 100. Expected a percentage within them.",
        action="Ask whoever sent the figure; correct it if it is wrong.",
    ),
    Expectation(
        name="definition_is_unbroken",
        table="definitions",
        severity="warning",
        characteristic="reliability",
        gx="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "since", "value_set": {"$PARAMETER": "later_months_shown"}},
        column="definition_break",
        found="since",
        means="An indicator counts the same thing throughout the 24 months that the report shows.",
        message="{place}: the definition changes in {month}, so earlier figures cannot be compared with later "
        "ones. Expected one definition in all months shown.",
        action="Say so in the commentary; where old figures can be worked out again by the new definition, send them.",
    ),
    Expectation(
        name="value_is_in_line_with_history",
        table="new_figures",
        severity="warning",
        characteristic="accuracy",
        gx="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments={
            "column_A": "likely",
            "column_B": "distance",
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
        column="value",
        found="value_text",
        means="A figure moves no further than its indicator's own history makes likely.",
        message="{place}: {moved}. Judged by the {earlier} moves before it: the middle one is {usual_shown}, and up to "
        "{likely_shown} from that, either way, is likely. Expected a move like those before it.",
        action="Ask {officer} whether the figure is right; correct it, or say in the commentary why it moves.",
    ),
    *SETTINGS,
    *COMMENTARY,
)
