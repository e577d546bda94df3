"""What browser tests share: pages that tell what they did (the browser itself is tests/conftest.py's)."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import pytest

WIDE, PHONE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 640}


@dataclass
class Watched:
    """A page with what it asked for, said and asked the reader."""

    page: object
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


def comes_to(read: Callable[[], object], expected: object) -> None:
    """Assert what a page comes to once its handlers have run: some run later than the click or the key."""
    patience = monotonic() + 10
    while (found := read()) != expected and monotonic() < patience:
        sleep(0.02)
    assert found == expected


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Watched]]:
    """A function that opens a file in a context of its own, offline but for that file; options are Playwright's."""
    contexts = []

    def visit(path: Path, address: str = "", **options) -> Watched:
        context = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        seen = Watched(context.new_page())
        seen.page.on("console", lambda message: seen.messages.append(message.text))
        seen.page.on("pageerror", lambda error: seen.messages.append(str(error)))
        seen.page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        own = path.resolve().as_uri()

        def route(route):
            if route.request.url.split("#")[0] != own:
                seen.requests.append(route.request.url)
                return route.abort()
            return route.continue_()

        context.route("**/*", route)
        seen.page.goto(own + address)
        seen.page.evaluate("document.fonts.ready")
        return seen

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def report(published: Path) -> Path:
    """The published May 2018 page."""
    return published / "report.html"


@pytest.fixture(scope="session")
def demo_page(tmp_path_factory) -> Path:
    """The page of a made-up council's newest month, made without a kernel."""
    from mpr_lib.report.document import page_html
    from mpr_lib.start.new_workspace import LAST, make_demo
    from tests.report.pages import document_of

    folder = tmp_path_factory.mktemp("demo") / "fernmouth"
    make_demo(folder)
    page = folder / "report.html"
    page.write_text(page_html(document_of(folder, LAST)), encoding="utf-8")
    return page


@pytest.fixture
def html_validate(node_modules, repo, tmp_path) -> Callable[[Path], list[str]]:
    """What html-validate finds in a page by its own recommendation; in a file, because a pipe loses its end."""

    def found(page: Path) -> list[str]:
        told, config = tmp_path / "found.json", repo / "tests" / "browser" / "htmlvalidate.json"
        command = [node_modules / ".bin" / "html-validate", "--config", config, "--formatter", f"json={told}", page]
        subprocess.run(command, check=False)
        messages = [each for file in json.loads(told.read_text(encoding="utf-8")) for each in file["messages"]]
        return [f"line {each['line']}: {each['ruleId']}: {each['message']}" for each in messages]

    return found


UNKNOWN_TO_THE_CHECKER = (
    "CSS: “container-type”: Property “container-type” doesn't exist.",
    "CSS: Unrecognized at-rule “@container”",
    "Inline script violates Content Security Policy (meta tag): blocked by “script-src” directive",
)
"""What the Nu checker does not know: container queries, and a script that the policy names by its hash."""


@pytest.fixture
def nu_checker(node_modules, java) -> Callable[[Path], list[str]]:
    """What the W3C's own checker finds in a page, with its remarks and warnings."""

    def found(page: Path) -> list[str]:
        checker = node_modules / "vnu-jar" / "build" / "dist" / "vnu.jar"
        command = [java, "-jar", checker, "--format", "json", "--stdout", "--exit-zero-always", page]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        messages = [(each.get("lastLine"), each["message"]) for each in json.loads(run.stdout)["messages"]]
        return [f"line {line}: {words}" for line, words in messages if not words.startswith(UNKNOWN_TO_THE_CHECKER)]

    return found
