"""Expectations of commentary: that its words agree with the figures beside them."""

from mpr_lib.checks.declaration import Expectation


def _of_words(name, column, characteristic, means, expected, action, severity="warning", said="{}"):
    return Expectation(
        name=name,
        table="comments",
        severity=severity,
        characteristic=characteristic,
        gx="ExpectColumnValuesToBeNull",
        arguments={"column": column},
        column="",
        found=column,
        means=means,
        message=f"{{place}}: {said.format('{' + column + '}')} Expected {expected}.",
        action=action,
    )


COMMENTARY = (
    _of_words(
        "commentary_agrees_with_rating",
        "disagrees",
        "accuracy",
        "A comment does not say that a target is met which the figure misses, nor put the figure on the target's other "
        "side.",
        "words that agree with the figure",
        "Ask {officer} which target is meant, and correct {file}.",
    ),
    _of_words(
        "commentary_is_of_its_month",
        "another_month",
        "timeliness",
        "A comment is not said of an earlier month than its report's.",
        "words about the month of the report",
        "Ask {officer} to bring {file} up to date.",
    ),
    _of_words(
        "commentary_is_new",
        "unchanged",
        "timeliness",
        "A comment is not copied unchanged from the one before it.",
        "what is new since then",
        "Ask {officer} what is new; where nothing is, let {file} say so.",
    ),
    _of_words(
        "commentary_quotes_its_figures",
        "own_figure",
        "accuracy",
        "A figure or target that a comment gives as its indicator's own is in the data.",
        "a figure that the data has",
        "Ask {officer} which is right, and correct {file} or the figure.",
    ),
)

REMARKS = (
    _of_words(
        "commentary_figures_are_in_the_data",
        "other_figures",
        "accuracy",
        "Other figures that a comment quotes can be checked against the indicator's data.",
        "figures that the data has, or a source for them",
        "Check them, or ask {officer} where they come from.",
        "info",
        "the comment quotes {}, which the indicator's data does not have.",
    ),
)
