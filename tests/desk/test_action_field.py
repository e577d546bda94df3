"""The desk's field for what is being done: a paragraph of the comment, seen and written beside it."""

import base64

import pytest

from mpr_lib.desk import pages

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SCRIPT = pages.script()
OPEN = """async ([script, shell]) => {
  crypto.randomUUID ??= () => "a page without an address";
  const { default: face } = await import(`data:text/javascript;base64,${script}`);
  const model = { get: () => shell, send: () => {}, on: () => {}, off: () => {} };
  face.render({ model, el: document.body });
  document.querySelector("[data-sheet]").hidden = false;
}"""


@pytest.fixture
def fields(browser):
    """The fields for the comment and for what is being done, without a kernel behind them."""
    page = browser.new_page()
    page.goto("about:blank")
    page.evaluate(OPEN, [base64.b64encode(SCRIPT.encode()).decode(), pages.render("shell")])
    yield tuple(page.locator(f"[data-field={name}]") for name in ("text", "action"))
    page.close()


def test_it_shows_the_paragraph_that_the_comment_marks(fields):
    text, action = fields
    text.fill("Visits were late.\n\n**Action:** two officers start.\n\nMore in June.")
    assert action.input_value() == "two officers start."


def test_what_is_written_there_stands_in_the_comment_and_goes_again(fields):
    text, action = fields
    text.fill("Visits were late.\n\nMore in June.")
    action.fill("Two officers\nstart.")
    assert text.input_value() == "Visits were late.\n\nMore in June.\n\nAction: Two officers start."
    text.fill("Action: One.\n\nVisits were late.")
    action.fill("Two.")
    assert text.input_value() == "Action: Two.\n\nVisits were late."
    action.fill("")
    assert text.input_value() == "Visits were late."
