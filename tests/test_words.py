"""Words: what an outcome, a rating or a direction is called stands once, in mpr_lib/words.yml or words.py."""

import ast
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from mpr_lib import words
from mpr_lib.book.settings import OutcomeLooks
from mpr_lib.report import palette
from mpr_lib.rules.outcome import FROM_RATING

LIBRARY = Path(words.__file__).parent
PHRASES = re.compile(r"(?<![-\w])(at risk|some slippage|slippage|slipping|on course)(?![-\w])", re.IGNORECASE)
LABELS = {
    label
    for names in (words.OUTCOMES, words.OUTCOMES_SHORT, words.RATINGS, words.DIRECTIONS)
    for label in names.values()
}
REMARKS = {".js": r"/\*.*?\*/|//[^\n]*", ".typ": r"//[^\n]*", ".j2": r"\{#.*?#\}"}
SUITES = sorted(LIBRARY.rglob("suites/*.yml"))
FILES = [path for end in ("*.py", "*.j2", "*.typ", "*.js") for path in sorted(LIBRARY.rglob(end))]
COLUMNS = yaml.safe_load((LIBRARY / "columns.yml").read_text(encoding="utf-8"))


def python_texts(path: Path) -> list[str]:
    """The texts of a module, its docstrings aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in texts if id(node) not in said]


def template_texts(path: Path) -> list[str]:
    """The texts of a template or script: what stands in quotes, and between tags."""
    source = re.sub(REMARKS[path.suffix], "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r'"([^"\n]*)"|\'([^\'\n]*)\'|`([^`]*)`|>([^<{]*)<|\[([^\[\]]*)\]', source)


def texts_of(path: Path) -> list[str]:
    found = python_texts(path) if path.suffix == ".py" else [text for row in template_texts(path) for text in row]
    return [text.strip() for text in found if text.strip() and text not in palette.LIGHT]


def suite_texts(path: Path) -> list[str]:
    """What a suite says of its expectations."""
    return [said for entry in yaml.safe_load(path.read_text(encoding="utf-8")) for said in entry.values() if said]


def yaml_texts(value) -> list[str]:
    """Every text of what YAML holds, its keys aside."""
    if isinstance(value, dict | list):
        return [text for part in (value.values() if isinstance(value, dict) else value) for text in yaml_texts(part)]
    return [value] if isinstance(value, str) else []


def is_word(text: str) -> bool:
    """Whether a text has a phrase of an outcome in it, or is a label and nothing else."""
    return bool(PHRASES.search(text)) or text.strip(" .:;,") in LABELS


def test_no_word_of_an_outcome_stands_elsewhere():
    found = {str(path.relative_to(LIBRARY)): texts_of(path) for path in FILES if path != LIBRARY / "words.py"}
    assert {place for place in found if place.endswith((".typ", ".js", ".j2"))}
    said = {
        place: [t for t in texts if PHRASES.search(t) or t.strip(" .:;,") in LABELS] for place, texts in found.items()
    }
    assert {place: texts for place, texts in said.items() if texts} == {}
    assert [text for text in yaml_texts(COLUMNS) if is_word(text)] == []
    assert SUITES
    assert [text for path in SUITES for text in suite_texts(path) if is_word(str(text))] == []


def test_what_it_looks_for_is_found():
    """The search itself: a phrase inside a sentence, a label alone, and neither in a colour's name or a code."""
    named = yaml_texts(yaml.safe_load((LIBRARY / "words.yml").read_text(encoding="utf-8")))
    found = filter(is_word, named + python_texts(LIBRARY / "words.py"))
    assert {"At risk of missing target", "at risk or slipping", "Better", "Amber"} <= set(found)
    assert not any(
        PHRASES.search(text) or text in LABELS for text in ("at-risk", "AT_RISK", "on-course-text", "better")
    )


def scored(*rows) -> pd.DataFrame:
    """Rows of a scorecard: outcome and, where it is not what the outcome says, rating, value, latest month, and the
    reason for no value.
    """
    ratings = {outcome: rating for rating, outcome in FROM_RATING.items()}
    made = []
    for number, (outcome, *given) in enumerate(row if isinstance(row, tuple) else (row,) for row in rows):
        rating, value, latest, why = (*given, *(ratings[outcome], 50, "2018-05", "")[len(given) :])
        value = float("nan") if rating == "NO_VALUE" else value
        made.append((f"C {number}", outcome, rating, value, latest, "2018-05", why, 90, 100))
    columns = [
        "indicator_code",
        "expected_outcome",
        "rating",
        "value",
        "latest_month",
        "reporting_month",
        "no_value_reason",
    ]
    return pd.DataFrame(made, columns=[*columns, "target_low", "target_high"])


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([], "There are no indicators."),
        (["AT_RISK"] * 2 + ["SOME_SLIPPAGE", "ON_COURSE", "NO_VALUE"],
         "2 of 5 indicators are at risk of missing target and 1 is slipping. 1 on course. 1 figure is missing."),
        (["SOME_SLIPPAGE"], "1 of 1 indicator is slipping."),
        (["ON_COURSE"], "None of the 1 indicator is at risk or slipping. 1 on course."),
        (["AT_RISK", "NO_VALUE", *[("NO_VALUE", "NO_VALUE", 50, "2018-05", "NOT_APPLICABLE")] * 2,
          ("NO_VALUE", "NO_VALUE", 50, "2018-05", "NOT_DUE"), ("NO_VALUE", "NO_VALUE", 50, "2018-05", "AWAITED")],
         "1 of 6 indicators is at risk of missing target. 2 figures are missing, 1 is not due and 2 are said not to "
         "apply."),
        ([("NO_VALUE", "NO_VALUE", 50, "2018-05", "NOT_APPLICABLE"), "AT_RISK"],
         "1 of 2 indicators is at risk of missing target. 1 figure is said not to apply."),
        (["NO_TARGET"] * 31, "None of the 31 indicators is rated. 31 for information, without a target."),
        (["NO_TARGET", "NO_VALUE"], "None of the 2 indicators is rated. 1 for information, without a target. 1 figure "
         "is missing."),
        (["ON_COURSE", "NO_TARGET"], "The one indicator that is rated is not at risk or slipping. 1 on course. 1 for "
         "information, without a target."),
        (["ON_COURSE", "ON_COURSE", "NO_VALUE"], "None of the 2 indicators that are rated is at risk or slipping. 2 "
         "on course. 1 figure is missing."),
        (["ON_COURSE", ("ON_COURSE", "RED"), ("ON_COURSE", "AMBER"), ("AT_RISK", "NO_VALUE"), "AT_RISK"],
         "2 of 5 indicators are at risk of missing target. 1 on course, 2 more by officers' judgement though below "
         "target: 3 on course in all. 1 at risk, 1 more by officers' judgement though without a figure. 1 figure is "
         "missing."),
        ([("ON_COURSE", "RED", 110), ("ON_COURSE", "NO_VALUE")], "None of the 2 indicators is at risk or slipping. 2 "
         "on course, all by officers' judgement though above target or without a figure. 1 figure is missing."),
        ([("AT_RISK", "GREEN"), ("SOME_SLIPPAGE", "RED")], "1 of 2 indicators is at risk of missing target and 1 is "
         "slipping. 1 at risk, by officers' judgement though on target. 1 slipping, by officers' judgement."),
        ([("AT_RISK", "RED", 50, "2018-04"), ("AT_RISK", "RED", 50, "2017-12"), ("AT_RISK", "RED", 50, "2018-04")],
         "3 of 3 indicators are at risk of missing target. 2 figures are for April and 1 is for December 2017."),
        ([("AT_RISK", "RED", 50, f"2018-0{month}") for month in (2, 3, 4)],
         "3 of 3 indicators are at risk of missing target. 3 figures are for earlier months."),
    ],
)  # fmt: skip
def test_the_month_in_sentences_counts_every_outcome_and_hides_nothing(outcomes, said):
    rows = scored(*outcomes)
    assert words.lead_sentence(rows) == said
    published = rows.astype("str").replace("nan", "")
    assert words.lead_sentence(published) == said


def test_under_names_of_ones_own_outcomes_are_only_counted():
    looks = OutcomeLooks(AT_RISK={"name": "Off track"})
    assert words.lead_sentence(scored("AT_RISK", "SOME_SLIPPAGE", "ON_COURSE", ("ON_COURSE", "RED")), looks) == (
        "4 indicators: 1 Off track and 1 Some slippage. 1 On course, 1 more by officers' judgement though below "
        "target: 2 On course in all."
    )


def test_names_of_ones_own_do_not_claim_it_either():
    looks = OutcomeLooks(AT_RISK={"name": "Off track"})
    rows = pd.DataFrame({"expected_outcome": ["ON_COURSE", "NO_TARGET"]})
    assert words.none_words(rows, looks) == "The one indicator that is rated is not an exception"
    assert words.none_words(rows[1:], looks) == "None of the 1 indicator is rated"
