"""Expectations of what partners' figures bring with them: parts of rates, figures of others, first estimates."""

from mpr_lib.checks.declaration import Expectation

PARTNERSHIP = (
    Expectation(
        name="comparison_can_be_made",
        table="comparison_rows",
        severity="critical",
        characteristic="validity",
        gx="ExpectColumnValuesToBeNull",
        arguments={"column": "wrong"},
        column="",
        found="value_text",
        means="A figure of England or a peer is for a known indicator and a month, says whose it is, stands there "
        "once, and is in the indicator's unit.",
        message="{place}: {wrong} Expected one figure of each comparator for an indicator and month, in the "
        "indicator's unit.",
        action="Correct the row in {file}, or delete it.",
    ),
    Expectation(
        name="rate_follows_from_its_parts",
        table="rates",
        severity="warning",
        characteristic="accuracy",
        gx="ExpectColumnValuesToBeNull",
        arguments={"column": "off"},
        column="value",
        found="value_text",
        means="A figure that comes with a numerator and a denominator is the one over the other, times what its unit "
        "says.",
        message="{place}: '{found}' does not follow from its parts: {off}. Expected the three to agree.",
        action="Ask whoever sent the figure which of the three is wrong, and send it again.",
    ),
    Expectation(
        name="value_is_final",
        table="scored",
        severity="info",
        characteristic="reliability",
        gx="ExpectColumnValuesToBeInSet",
        arguments={"column": "is_provisional", "value_set": [False]},
        column="value",
        found="value_text",
        means="The figure shown is final, not provisional.",
        message="{cell}: '{found}' for {latest_month} is provisional and may still change. Expected the final figure.",
        action="Send the final figure when it is published; the report marks this one [p] until then.",
    ),
)
