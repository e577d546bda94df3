"""Kills: publishing, saves of the desk and whole runs, killed somewhere; readers find the old or the new, whole.

Of five attempts one kills a process within publishing, two kill a save, just before some operation on files, and two
kill a whole ``mpr run`` at some time. After each run that was killed a whole one follows, and nothing of what any of
them began may be left. What people have to wait an hour for (``files.OLD``) is taken away at once here.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from time import perf_counter

import pandas as pd

from campaigns.killing import killed_at
from campaigns.rounds import Tried
from mpr_lib import files
from mpr_lib.book import Workspace
from mpr_lib.desk.saving import Drafts, Judgement, read_judgement, record_judgement, save_comment
from mpr_lib.files import fingerprint
from mpr_lib.run import publishing
from mpr_lib.run.execution import TEMPORARY
from mpr_lib.run.month import run_month
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
    "params/2018-05.yml": "reporting_month: 2018-05\ngenerated: 2018-06-21 10:00\n",
    "data/judgements.csv": (
        "indicator_code,month,until,expected_outcome,reason,role,date\n"
        "3.10,2018-05,,ON_COURSE,Others' row.,Head,2018-06-01\n"
    ),
}
PARTS = ("*.part", "*.link", "*.was")
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
        self.month, self.seconds = pd.Period(MONTH), 0.0

    def attempt(self, number: int, chance: random.Random) -> Tried:
        """Kill something and look at what it left; after a run, run again and look for litter."""
        if number % 5 == 0:
            return self._publishing(chance)
        return self._run(chance) if number % 5 in (2, 4) else self._save(chance)

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

    def _run(self, chance):
        """A whole run, killed or asked to end; then a whole one in this process, which takes away what is left."""
        if not self.seconds:
            self._whole()
            began = perf_counter()
            self._begun().wait()
            self.seconds = perf_counter() - began
        how = chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM))
        after, ended = 1.1 * self.seconds, True
        while ended:
            after = chance.uniform(0, after)
            begun = self._begun()
            try:
                ended = begun.wait(after) == 0
            except subprocess.TimeoutExpired:
                begun.send_signal(how)
                # One that was asked to end may have ended by itself just before.
                ended = begun.wait(60) == 0
        problems, left = _unsound(self.place.outputs / MONTH), self._litter()
        self._whole()
        problems += _unsound(self.place.outputs / MONTH)
        return _tried(f"runs: {how.name}", problems, left, self._litter(), f"after {after:.2f} s")

    def _begun(self):
        command = [sys.executable, "-m", "mpr_lib.run.cli", "run", MONTH, "--no-pdf", "--quiet", "--workspace"]
        environment = {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([*command, str(self.place.root)], env=environment, **quiet)

    def _whole(self):
        """A run in this process, to which nothing is too new to be taken away. Its temporary folder is the round's."""
        old, usual = files.OLD, tempfile.tempdir
        try:
            files.OLD, tempfile.tempdir = 0.0, str(self.temporary)
            run_month(self.place.root, MONTH, pdf=False)
        finally:
            files.OLD, tempfile.tempdir = old, usual

    def _litter(self):
        return [
            *(path for pattern in PARTS for path in self.place.root.rglob(pattern)),
            *self.temporary.glob(f"{TEMPORARY}*"),
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
