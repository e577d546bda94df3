"""Nobody's words go astray, whatever happens in which order: clicks, keys, saves, answers, faults and restarts.

The editor is the shipped file, driven under node; the desk is its real handler on real files. Only what has no say in
whose words are whose is left out: drawing, the judgements, and waiting for the disk. MPR_INTERLEAVINGS names how many
interleavings are tried, 2,000 without it.
"""

import json
import os
import random
import re
import shutil
import subprocess
from collections import defaultdict, deque
from copy import deepcopy
from pathlib import Path

import pandas as pd
import pytest

from mpr_lib import files
from mpr_lib.book import read_book
from mpr_lib.desk import desk as desk_module
from mpr_lib.desk import face as face_module
from mpr_lib.desk import pages, saving
from mpr_lib.desk.desk import Desk
from mpr_lib.desk.face import Face
from mpr_lib.report import Report
from mpr_lib.rules.codes import slug
from tests.conftest import without

COUNT = int(os.environ.get("MPR_INTERLEAVINGS") or 2000)
STEPS = 25
CODES, MONTHS, VIEWS = ["CP 5.4", "CP 3.9"], ["2018-05", "2018-06"], ["one", "two"]
ACTS = {
    "type": 8, "open": 6, "look": 3, "save": 5, "turn": 1, "reload": 1, "takeDraft": 2, "keepMine": 2, "takeTheirs": 2,
    "takeBoth": 2, "first_draft": 1, "approve": 1,
}  # fmt: skip
AROUND = {"desk": 14, "answer": 14, "fault": 1, "restart": 0.4, "closed": 0.4, "elsewhere": 0.6, "silent": 0.5}
WORD = re.compile(r"w\d+")


@pytest.fixture(scope="module")
def driver():
    """The shipped editor in a node process: a function that sends it a command and returns how it stands then."""
    node = shutil.which("node")
    if not node:
        without("No node here, so the desk's editor is not tried by interleavings. On Debian: apt-get install nodejs")
    command = [node, str(Path(__file__).parent / "editor_driver.mjs"), str(pages.HERE / "static" / "editor.js")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def drive(view, act, *given):
            process.stdin.write(json.dumps({"view": view, "act": act, "given": given}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield drive
        process.stdin.close()


@pytest.fixture
def quick(monkeypatch, place):
    """The workspace with two months, whose figures are read once and whose pages are not drawn."""
    may = Report(read_book(desk_module.Workspace(place), pd.Period("2018-05")))
    june = deepcopy(may)
    june.month = pd.Period("2018-06")
    reports = dict(zip(MONTHS, (may, june), strict=True))
    monkeypatch.setattr(desk_module, "read_book", lambda workspace, month: str(month))
    monkeypatch.setattr(desk_module, "Report", reports.__getitem__)
    rows = {code: desk_module.row_of(may, code) for code in CODES}
    monkeypatch.setattr(desk_module, "row_of", lambda _, code: rows[code])
    monkeypatch.setattr(Desk, "first_draft", lambda *_: "As the figures are.")
    monkeypatch.setattr(face_module, "render", lambda *_, **__: "")
    monkeypatch.setattr(desk_module.Opened, "judgement", saving.Judgement())
    monkeypatch.setattr(files.os, "fsync", lambda _: None)
    shutil.rmtree(place / "data" / "commentary")
    return place


class World:
    """One writer's two views of a desk, what travels between them, and what somebody else does meanwhile."""

    def __init__(self, drive, place, seed):
        self.drive, self.place, self.random = drive, place, random.Random(seed)
        for folder in (place / "outputs", place / "data" / "commentary"):
            shutil.rmtree(folder, ignore_errors=True)
        self.count, self.told = 0, []
        self.typed = {}  # where each word was typed
        self.given_up = set()  # words that somebody replaced who had them on the screen
        self.seen = defaultdict(set)  # by view and record
        self.up, self.down, self.views = deque(), defaultdict(deque), {}
        self.drive("", "begin")
        self.restart()

    def restart(self):
        """The kernel begins anew, and so do the views: what was under way is gone."""
        self.face = Face(Desk(self.place, "2018-05"))
        self.up.clear()
        self.down.clear()
        for view in list(self.views):
            self.drive(view, "close")
        self.views = {}
        for name in VIEWS:
            self.begin(name)
        self.settle()
        for view in self.views:
            self.do(view, "open", self.random.choice(CODES))
        self.settle()

    def settle(self):
        """All that is under way arrives."""
        while self.up or any(self.down.values()):
            self.on_desk("")
            for view in self.views:
                self.on_answer(view)

    def begin(self, name):
        self.count += 1
        view = f"{name}{self.count}"
        self.drive(view, "view")
        self.views[view] = None
        self.do(view, "start")

    def do(self, view, act, *given):
        state = self.drive(view, act, *given)
        self.store = state["store"]
        self.up.extend(state["sent"])
        self.views[view] = state
        if state["record"]:
            record = state["record"]
            shown = record["text"] + ((record.get("conflict") or {}).get("text") or "")
            self.seen[view, record["month"], record["code"]] |= set(WORD.findall(shown))

    def step(self):
        chosen = ACTS | AROUND
        act = self.random.choices(list(chosen), list(chosen.values()))[0]
        view = self.random.choice(list(self.views))
        if act == "answer":
            view = self.random.choice([each for each in self.views if self.down[each]] or [view])
        record = (self.views[view] or {}).get("record")
        self.told.append(f"{act} {view}")
        if act in AROUND:
            return getattr(self, f"on_{act}")(view)
        if act == "open" or not record:
            return self.do(view, "open", self.random.choice(CODES))
        if act in ("turn", "reload"):
            return self.do(view, act, *[self.random.choice(MONTHS)] * (act == "turn"))
        if not record or (act in ("keepMine", "takeTheirs", "takeBoth") and not record.get("conflict")):
            return None
        if act == "type":
            self.count += 1
            self.typed[f"w{self.count}"] = record["month"], record["code"]
            return self.do(view, "type", f"{record['text']} w{self.count}".strip())
        if act == "approve":
            return self.do(view, "save", {"role": "Head", "approve": True})
        if act == "first_draft":
            return self.do(view, "ask", "first_draft")
        if act == "takeDraft":
            found = sorted((self.place / "outputs/.drafts" / record["month"]).glob(f"{slug(record['code'])}.*.md"))
            offered = [path for path in found if path.name.split(".")[-2] not in self.names(record["month"])]
            if not offered:
                return None
            chosen = self.random.choice(offered)
            # Whoever puts other words in the place of those saved has them on the screen.
            return self.do(view, "takeDraft", chosen.name.split(".")[-2])
        return self.do(view, act)

    def names(self, month):
        """The drafts of views that are open, which somebody is writing."""
        return {desk.name for (view, of), desk in self.face.desks.items() if str(of) == month and view in self.views}

    def on_desk(self, _):
        """The desk takes the next request, or some."""
        for _ in range(min(self.random.choice([1, 1, 2, 4]), len(self.up))):
            request = self.up.popleft()
            before = self.saved()
            reply, _ = self.face.answer(request)
            self.check_saved(request, before)
            self.told.append(f"  {request} -> { {k: v for k, v in reply.items() if k != 'html'} }")
            if request["view"] in self.views:
                self.down[request["view"]].append(reply)

    def on_answer(self, view):
        for _ in range(min(self.random.choice([1, 1, 2, 4]), len(self.down[view]))):
            self.do(view, "answered", self.down[view].popleft())
        self.check_kept()

    def on_fault(self, view):
        """The desk takes a request and cannot write, or its answer is lost on the way."""
        if self.random.random() < 0.5:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(saving, "write", refuse)
                return self.on_desk(view)
        if self.down[view]:
            self.down[view].popleft()
        return None

    def on_restart(self, _):
        self.leave(list(self.views))
        self.restart()

    def on_closed(self, view):
        """A view is closed, or its page loaded again."""
        self.leave([view])
        self.drive(view, "close")
        del self.views[view]
        self.begin(view[:3])

    def leave(self, views):
        """Words on the screen alone are lost with the screen: there must be none but those that nobody touched."""
        for view in views:
            self.views[view] = {**(self.views[view] or {}), "record": None}
        self.check_kept()

    def on_elsewhere(self, _):
        """Somebody with another editor changes a comment, adding to what it says."""
        code, month = self.random.choice(CODES), self.random.choice(MONTHS)
        self.count += 1
        self.typed[f"w{self.count}"] = month, code
        path = self.place / "data/commentary" / month / f"{slug(code)}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + f"w{self.count}\n")

    def on_silent(self, view):
        self.do(view, "silent")

    def saved(self):
        found = (self.place / "data/commentary").glob("*/*.md")
        return {(path.parent.name, path.stem): set(WORD.findall(path.read_text())) for path in found}

    def check_saved(self, request, before):
        """Every saved word was typed for that indicator and month, and none went that its replacer had not seen."""
        after = self.saved()
        for (month, stem), words in after.items():
            for word in words:
                at, code = self.typed[word]
                assert (at, slug(code)) == (month, stem), f"{word} of {at} {code} is saved as {month} {stem}"
        for (month, stem), words in before.items():
            gone = words - after.get((month, stem), set())
            unseen = gone - self.seen[request["view"], request["month"], request["code"]]
            assert not unseen, f"{unseen} of {month} {stem} were overwritten unseen"
            self.given_up |= gone

    def check_kept(self):
        """Every typed word is on the disk, on a screen or in the browser's store."""
        there = {word for words in self.saved().values() for word in words}
        for path in (self.place / "outputs/.drafts").glob("*/*.md"):
            there |= set(WORD.findall(path.read_text()))
        for state in self.views.values():
            there |= set(WORD.findall(((state or {}).get("record") or {}).get("text", "")))
        there |= set(WORD.findall(json.dumps(self.store)))
        lost = set(self.typed) - there - self.given_up
        assert not lost, f"{lost} were lost"


def refuse(path, _):
    raise saving.NotWritten(f"{path.name} could not be saved.")


def test_nobodys_words_go_astray(driver, quick):
    typed = saved = 0
    for seed in range(COUNT):
        world = World(driver, quick, seed)
        try:
            for _ in range(STEPS):
                world.step()
            world.check_kept()
        except AssertionError as error:
            pytest.fail(f"Interleaving {seed}: {error}\n" + "\n".join(world.told))
        typed += len(world.typed)
        saved += sum(map(len, world.saved().values()))
    assert typed > 2 * COUNT
    assert saved > COUNT / 10
