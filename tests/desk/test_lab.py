"""The desk in JupyterLab itself, in a browser: a comment written, saved, approved, judged, in conflict, previewed.

JupyterLab has an environment of its own (`make lab` makes it), so this is skipped where there is none.
"""

import json
import os
import shutil
import subprocess
import time

import pytest

from tests.helpers import lab_python

pytestmark = [pytest.mark.slow, pytest.mark.lab, pytest.mark.browser, pytest.mark.timeout(900)]

CODE, FILE = "CP 5.4", "data/commentary/2018-05/cp-5-4.md"
MINE = "Sickness stands at 1.19 days, **0.09 days above** the target of 1.10. A new provider starts in July."
SECONDS = 90_000


@pytest.fixture
def address(repo, place):
    """JupyterLab on a free port of this machine, with a token, in a copy of the workspace; the desk's address."""
    python, own = lab_python(repo), place.parent / "jupyter"
    folders = {f"JUPYTER_{name}_DIR": str(own / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    paths = {"PYTHONPATH": str(repo), "IPYTHONDIR": str(own / "ipython")}
    (place / "notebooks" / "signals.ipynb").unlink()
    options = [
        "--no-browser",
        "--ip=127.0.0.1",
        "--ServerApp.port=0",
        "--IdentityProvider.token=secret",
        "--allow-root",
    ]
    with (place.parent / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [python, "-m", "mpr_lib.run.cli", "desk", "--workspace", place, *options],
            env={**os.environ, **folders, **paths},
            stdout=log,
            stderr=log,
        )
    try:
        yield f"{_url(own / 'runtime', server, place)}lab/tree/notebooks/commentary.ipynb?token=secret"
    finally:
        server.terminate()
        server.wait(30)


def _url(runtime, server, place):
    patience = time.monotonic() + 60
    while time.monotonic() < patience and server.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            try:
                return json.loads(path.read_text())["url"]
            except ValueError:
                continue
        time.sleep(0.2)
    pytest.fail("JupyterLab did not start:\n" + (place.parent / "lab.log").read_text()[-2000:])


@pytest.fixture
def page(browser, address):
    page = browser.new_context(viewport={"width": 1600, "height": 1100}).new_page()
    page.set_default_timeout(SECONDS)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    yield page
    page.context.close()


class LabDesk:
    """The desk as somebody uses it."""

    def __init__(self, page):
        self.page = page

    def run_notebook(self):
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()
        self.page.locator(".mpr-desk [data-act=open]").first.wait_for()

    def open(self, code):
        self.page.locator(f'[data-act=open][data-code="{code}"]').click()
        self.page.locator(f'.mpr-desk [data-title]:has-text("{code} ")').wait_for()

    def act(self, name):
        self.page.locator(f".mpr-desk [data-act={name}]").first.click()

    def field(self, name):
        return self.page.locator(f".mpr-desk [data-field={name}]")

    def says(self, part, words):
        self.page.locator(f".mpr-desk [data-part={part}]", has_text=words).wait_for()


def test_a_month_is_written_at_the_desk(page, place):
    desk, path = LabDesk(page), place / FILE
    desk.run_notebook()
    desk.open(CODE)
    desk.says("facts", "2 months running, since April 2018")

    desk.field("text").fill("The target is **met**. It stood at 1.91 days.")
    page.locator("[data-rule=says_target_met]").wait_for()
    assert page.locator("[data-part=look] strong").inner_text() == "met"
    assert "met" not in path.read_text()

    desk.field("text").fill(MINE)
    page.locator("[data-part=hints] .desk-quiet").wait_for()
    desk.act("save")
    desk.says("status", "CP 5.4 is saved in data/commentary/2018-05.")
    assert path.read_text() == f"---\nstate: draft\n---\n{MINE}\n"
    desk.act("approve")
    desk.says("problem", "Say in which role you approve this")
    desk.field("role").fill("Head of HR")
    desk.act("approve")
    desk.says("state", "Approved")
    assert "state: approved\nrole: Head of HR" in path.read_text()

    # Keys alone: down the list, open, write, save.
    page.locator('[data-act=open][data-code="CP 5.5"]').focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("document.activeElement.dataset.code === 'CP 4.10'")
    page.keyboard.press("Enter")
    page.locator('.mpr-desk [data-title]:has-text("CP 4.10 ")').wait_for()
    assert page.locator(".jp-Notebook .jp-Cell").count() == 5

    desk.open(CODE)
    path.write_text("Theirs.\n")
    desk.field("text").press("End")
    desk.field("text").type(" Mine.")
    page.keyboard.press("Control+s")
    page.locator("[data-conflict]").wait_for()
    assert path.read_text() == "Theirs.\n"
    assert page.locator("[data-conflict] pre").all_inner_texts() == [f"{MINE} Mine.", "Theirs."]
    desk.act("take-both")
    desk.act("save")
    desk.says("status", "is saved")
    assert path.read_text() == f"---\nstate: draft\n---\n{MINE} Mine.\n\nTheirs.\n"

    page.locator("[data-judging] summary").click()
    desk.field("outcome").select_option("SOME_SLIPPAGE")
    desk.field("reason").fill("A new provider starts in July")
    desk.act("judge")
    desk.says("status", "The judgement on CP 5.4 is recorded in data/judgements.csv.")
    assert (
        "CP 5.4,2018-05,,SOME_SLIPPAGE,A new provider starts in July,Head of HR,"
        in (place / "data/judgements.csv").read_text()
    )

    desk.act("preview")
    page.locator('[data-file="report.pdf"]').wait_for(timeout=2 * SECONDS)
    with page.context.expect_page() as opened:
        page.locator('[data-file="report.html"]').click()
    report = opened.value
    report.wait_for_load_state()
    assert report.locator(".mpr-watermark").count() == 1
    assert report.locator("#cp-5-4").get_by_text("Theirs.").count() == 1
    assert not (place / "outputs" / "2018-05").exists()

    outside = [
        url for url in page.asked if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
    ]
    assert outside == []


def test_words_outlive_the_browser_and_the_kernel(page, place):
    desk, comments = LabDesk(page), place / "data/commentary"
    desk.run_notebook()

    # A click on another indicator and a save at once, before the desk has answered: the words are the first one's.
    first, other = comments / "2018-05/cp-1-2.md", comments / "2018-05/cp-1-1.md"
    for path in (first, other):
        path.unlink(missing_ok=True)
    desk.open("CP 1.2")
    desk.field("text").fill("Words on the first.")
    page.evaluate("""() => {
      document.querySelector('[data-act=open][data-code="CP 1.1"]').click();
      const save = new KeyboardEvent("keydown", { key: "s", ctrlKey: true, bubbles: true });
      document.querySelector(".mpr-desk").dispatchEvent(save);
    }""")
    page.locator('.mpr-desk [data-title]:has-text("CP 1.1 ")').wait_for()
    assert desk.field("text").input_value() == ""
    desk.says("status", "CP 1.2 is saved")
    assert first.read_text() == "---\nstate: draft\n---\nWords on the first.\n"
    assert not other.exists()

    # Two views, the second with another month: each saves in its own.
    for kind in ("data/returns/{}.csv", "params/{}.yml"):
        text = (place / kind.format("2018-05")).read_text()
        (place / kind.format("2018-06")).write_text(text.replace("2018-05", "2018-06"))
    page.locator(".mpr-desk .desk-bar").first.click(button="right")
    page.get_by_text("Create New View for Cell Output", exact=True).click()
    page.locator(".mpr-desk").nth(1).locator("[data-act=open]").first.wait_for()
    one, two = page.locator(".mpr-desk").nth(0), page.locator(".mpr-desk").nth(1)
    two.locator("[data-field=month]").select_option("2018-06")
    two.locator("[data-field=month]").locator("option[value='2018-06'][selected]").wait_for(state="attached")
    for view, words in ((two, "June."), (one, "May.")):
        view.locator('[data-act=open][data-code="CP 1.1"]').click()
        view.locator('[data-title]:has-text("CP 1.1 ")').wait_for()
        view.locator("[data-field=text]").fill(words)
    for view in (two, one):
        view.locator("[data-act=save]").click()
        view.locator("[data-part=status]", has_text="CP 1.1 is saved").wait_for()
    assert [(comments / month / "cp-1-1.md").read_text().split()[-1] for month in ("2018-05", "2018-06")] == [
        "May.", "June.",
    ]  # fmt: skip
    shutil.rmtree(comments / "2018-06")
    page.locator(".lm-TabBar-tab", has_text="Output View").locator(".lm-TabBar-tabCloseIcon").click()
    for kind in ("data/returns/2018-06.csv", "params/2018-06.yml"):
        (place / kind).unlink()

    desk.open("CP 3.9")
    desk.field("text").fill("Half a thought")
    page.locator("[data-part=look]", has_text="Half a thought").wait_for()
    kept = list((place / "outputs/.drafts/2018-05").glob("cp-3-9.*.md"))
    assert [path.read_text() for path in kept] == ["Half a thought"]

    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    time.sleep(3)
    desk.field("text").press("End")
    desk.field("text").type(" after the kernel")
    desk.says("problem", "The kernel does not answer. What you type is kept in this browser")

    page.reload()
    desk.run_notebook()
    desk.open("CP 3.9")
    desk.says("status", "These words were typed in this browser")
    assert desk.field("text").input_value() == "Half a thought after the kernel"
    assert page.locator(".desk-offer pre").inner_text() == "Half a thought"
    shutil.rmtree(place / "outputs", ignore_errors=True)
