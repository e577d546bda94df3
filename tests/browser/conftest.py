"""What browser tests share: pages that tell what they did (the browser itself is tests/conftest.py's)."""

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
