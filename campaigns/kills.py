"""Kills: publishing, saves of the desk and whole runs, killed somewhere; readers find the old or the new, whole.

Of ten attempts two kill a process within publishing, seven kill a save, just before some operation on files, and one
kills a whole ``mpr run`` at some time. After some of them a whole one follows, and nothing of what any of those before
it began may be left. What people have to wait an hour for (``files.OLD``) is taken away at once here.
"""

import json
import os
import random
import signal
import sys
import tempfile
from collections import Counter
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

import pandas as pd

from campaigns.killing import Child, command, killed_at
from campaigns.rounds import Tried
from mpr_lib import checks, files
from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.desk.saving import Drafts, Judgement, read_judgement, record_judgement, save_comment
from mpr_lib.files import fingerprint
from mpr_lib.run import publishing
from mpr_lib.seal.verify import verified
from tests.helpers import small_workspace
from tests.run.notebooks import write_notebook

MONTH, CODE = "2018-05", "3.1"
SHORT = (
    "# Report",
    "from mpr_lib.report import open_report\nreport = open_report(workspace, month, quality_file, generated)",
    "report.cover()",
)
"""The cells of a notebook that costs little more than its kernel."""
SETTINGS = {
    "params/2018-05.yml": "month: 2018-05\ngenerated: 2018-06-21 10:00\n",
    "data/judgements.csv": (
        "indicator_code,month,until,expected_outcome,reason,role,date\n"
        "3.10,2018-05,,ON_COURSE,Others' row.,Head,2018-06-01\n"
    ),
}
PARTS = ("*.part", "*.link", "*.was")
HANGS, STOPPED = 600, 130
"""Seconds after which a run is taken to go on for ever, and how one ends that was asked to."""
LAST = 90
"""Operations on files that a save or publishing has, or fewer. What ends before its kill is begun again."""


class Kills:
    """Real processes that are really killed."""

    NAME, COUNT = "kills", 1000

    def __init__(self, folder: Path):
        self.place = Workspace(small_workspace(folder / "w", SETTINGS))
        write_notebook(folder / "w/notebooks/monthly_report.ipynb", *SHORT)
        self.outputs, self.temporary = folder / "o", folder / "t"
        self.temporary.mkdir()
        self.month, self.seconds = pd.Period(MONTH), {}
        self.run = ("run", MONTH, "--no-pdf", "--quiet", "--workspace", str(self.place.root))

    @cached_property
    def quality(self):
        """What the checks find."""
        for name in ("papermill", "mpr_lib.report.exporters.html", "mpr_lib.report.quality_page"):
            import_module(name)
        book = read_book(self.place, self.month)
        history = history_of(book)
        return checks.run_checks(book, scorecard_of(book, history), history)

    def attempt(self, number: int, chance: random.Random) -> Tried:
        """Kill something and look at what it left; after a run, run again and look for litter."""
        if number % 5 == 0:
            return self._publishing(chance)
        return self._run(number, chance) if number % 10 == 9 else self._save(chance)

    @staticmethod
    def figures(tried: list[Tried]) -> list[tuple[str, str]]:
        """Kills by what was killed, and what was found broken."""
        kinds = Counter(each.kind.split(":")[0] for each in tried)
        rows = [(f"kills within {kind}", f"{count:,}") for kind, count in sorted(kinds.items())]
        total = {name: sum(int(each.measured.get(name, 0)) for each in tried) for name in ("half", "left", "litter")}
        return [
            *rows,
            ("half sets and half files", f"{total['half']:,}"),
            ("files and folders that kills left", f"{total['left']:,}"),
            ("of them there after the next run", f"{total['litter']:,}"),
        ]

    def _publishing(self, chance):
        """A set of few files, published in a process that is killed; with links, without, and over a real folder."""
        way = chance.choice(("links", "no links", "a folder"))
        outputs = self.outputs / way.replace(" ", "")
        linked = publishing._link_to
        try:
            if way == "no links":
                publishing._link_to = lambda finished: None
            event = _killed(chance, partial(_first, outputs, way), partial(_issue, outputs, "new"))
            left = _leftovers(outputs)
            # Where links cannot be made nothing may stand there until the next start, which puts it right.
            with publishing.staged(outputs, MONTH):
                problems = _unsound(outputs / MONTH)
            _issue(outputs, "last")
        finally:
            publishing._link_to = linked
        problems += _unsound(outputs / MONTH)
        litter = [path for path in _leftovers(outputs) if path.suffix != ".was"]
        return _tried(f"publishing: {way}", problems, left, litter, f"at operation {event}")

    def _save(self, chance):
        """A comment, a judgement or a draft, saved in a process that is killed."""
        what, which = chance.choice(("comment", "judgement", "draft")), chance.random()
        old, new = (f"{age} words, {which}. " * 300 for age in ("Old", "New"))
        save = partial(self._saved, what)
        event = _killed(chance, partial(save, old), partial(save, new))
        problems = [] if self._read(what).strip() in (old.strip(), new.strip()) else [f"the {what} is neither"]
        if "3.10,2018-05,,ON_COURSE,Others' row.,Head,2018-06-01" not in self._judgements():
            problems.append("another row of data/judgements.csv is lost")
        left = [*self.place.root.rglob("*.part")]
        save(new)
        if self._read(what).strip() != new.strip():
            problems.append(f"the {what} could not be saved afterwards")
        return _tried(f"saves: {what}", problems, left, [], f"at operation {event}")

    def _saved(self, what, words):
        if what == "comment":
            save_comment(self.place, self.month, CODE, words, self._version())
        elif what == "judgement":
            known = read_judgement(self.place, self.month, CODE).version
            made = Judgement("ON_COURSE", words.strip(), "Head", "2018-06-20", version=known)
            record_judgement(self.place, self.month, CODE, made)
        else:
            Drafts(self.place, self.month, "desk").keep(CODE, words, "")

    def _read(self, what):
        if what == "comment":
            return self._comment().read_text(encoding="utf-8")
        if what == "judgement":
            return read_judgement(self.place, self.month, CODE).reason
        return Drafts(self.place, self.month, "desk").read(CODE).text

    def _comment(self):
        return self.place.commentary_folder(self.month) / "3-1.md"

    def _version(self):
        return fingerprint(self._comment().read_bytes()) if self._comment().exists() else ""

    def _judgements(self):
        return (self.place.data / "judgements.csv").read_text(encoding="utf-8")

    def _run(self, number, chance):
        """A whole run, killed or asked to end; after every tenth a whole one, which takes away what all of them left.

        One in twenty is a command of its own, the others are forked from here, where all is imported and what the
        checks find is known. The kernel is a real one each time.
        """
        begin = self._started if number % 200 == 9 else self._forked
        if begin not in self.seconds:
            began = perf_counter()
            if begin().wait():
                raise RuntimeError("the run that is to be killed fails by itself")
            self.seconds[begin] = perf_counter() - began
        how = chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM))
        after, ended = self.seconds[begin], 0
        while ended == 0:
            after = chance.uniform(0, after)
            child = begin()
            ended = child.wait(after)
            if ended is None:
                os.kill(child.pid, how)
                # One that was asked to end may have ended by itself just before.
                ended = child.end(HANGS)
        problems, left, litter = _unsound(self.place.outputs / MONTH), self._litter(), []
        if ended not in (-signal.SIGKILL, -signal.SIGTERM, STOPPED):
            problems.append(f"the run ended with {ended}")
        if number % 100 == 99 or begin == self._started:
            problems += ["the next run failed"] * bool(self._forked(old=0.0).end(HANGS))
            problems += _unsound(self.place.outputs / MONTH)
            litter = self._litter()
        kind = "commands" if begin == self._started else "runs"
        return _tried(f"{kind}: {how.name}", problems, left, litter, f"after {after:.2f} s")

    def _started(self):
        command = [sys.executable, "-m", "mpr_lib.run.cli", *self.run]
        paths = {"TMPDIR": str(self.temporary), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        return Child(lambda: os.execve(sys.executable, command, {**os.environ, **paths}))

    def _forked(self, old=files.OLD):
        """A run by the command line; with ``old=0.0`` nothing is too new to be taken away."""
        quality = self.quality

        def act():
            os.environ["TMPDIR"] = tempfile.tempdir = str(self.temporary)
            files.OLD, files.NEW = old, min(old, files.NEW)
            with patch.object(checks, "run_checks", lambda *_: quality):
                command(*self.run)

        return Child(act)

    def _litter(self):
        return [
            *(path for pattern in PARTS for path in self.place.root.rglob(pattern)),
            *self.temporary.glob("mpr-kernel-*"),
        ]


def _killed(chance, before, act):
    """Kill what ``act`` does somewhere, each time from how ``before`` leaves things; return at which operation."""
    event = LAST + 1
    while True:
        event = chance.randint(1, max(event - 1, 1))
        before()
        if killed_at(event, act):
            return event


def _first(outputs, way):
    """The set that stands before the one that is killed: behind a link, or a real folder."""
    _issue(outputs, "first")
    if way == "a folder":
        real = (outputs / MONTH).resolve()
        (outputs / MONTH).unlink()
        real.rename(outputs / MONTH)


def _issue(outputs, text):
    """Publish a set of three files with its manifest."""
    with publishing.staged(outputs, MONTH) as folder:
        listed = {}
        for name in ("report.html", "report.pdf", "scorecard.csv"):
            (folder / name).write_text(f"{name}: {text}")
            listed[name] = fingerprint((folder / name).read_bytes())
        (folder / "manifest.json").write_text(json.dumps({"files": listed}))
        publishing.publish(folder, outputs, MONTH)


def _unsound(month):
    """What is not whole about the set that readers find."""
    _, problems = verified(month)
    return [f"{month.name}: {problem}" for problem in problems]


def _leftovers(outputs):
    return [path for pattern in PARTS for path in outputs.rglob(pattern)]


def _tried(kind, problems, left, litter, when):
    names = [f"{path.name} is left after the next run" for path in litter]
    counts = {"half": len(problems), "left": len(left), "litter": len(litter)}
    return Tried(kind, [f"{said} ({when})" for said in [*problems, *names]], counts)
