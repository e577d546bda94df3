"""Damage: workspaces in which one to three things are broken as happens to files, and what ``mpr check`` says of them.

It refuses or reports each by its file, and by its row where it is about one; silence is right only where what is there
says the same as before. In one of ten ``mpr run`` follows. Each command is a child, whose processor time is measured.
"""

import json
import random
import re
import resource
import shutil
from collections import Counter
from importlib import import_module
from pathlib import Path

import yaml

from campaigns.harms import harmed
from campaigns.killing import Child, command
from campaigns.mutations import read_csv
from campaigns.rounds import Tried
from mpr_lib.book import Workspace, read_book
from mpr_lib.run.writing import rows_of
from tests.helpers import REPOSITORY, SMALL, small_workspace
from tests.run.notebooks import write_notebook

MONTH = "2018-05"
NOTHING_KNOWN = "what has vanished"
SECONDS, MEGABYTES, TIMES = 10, 1024, 2
"""Processor time and memory that a check may use, and how many times an undamaged run's time a run may."""
HANGS = 300
"""Seconds after which a child is ended."""
NOTEBOOK = "notebooks/monthly_report.ipynb"
CELLS = ("# Report", "from mpr_lib.report import open_report\nreport = open_report(workspace, month)", "report.cover()")
WHOLE = {
    "data/returns/2018-05.csv": SMALL["data/returns/2018-05.csv"].replace("97%", "93%"),
    "data/commentary/2018-05/3-1.md": "Lamps wait for parts. Action: three lamps a day, from 1 July.\n",
    "data/judgements.csv": SMALL["data/judgements.csv"] + "3.10,2018-05,,ON_COURSE,Contract,Head,2018-06-01\n",
    "data/comparisons.csv": (
        "indicator_code,month,comparator,value,source\n3.1,2018-04,England,94%,An office\n3.1,2018-05,England,95%,It\n"
    ),
    "data/step_changes.csv": (
        "indicator_code,month,reason,role,date,reported_from\n3.1,2018-04,New lamps,Head,2018-05-02,2018-05\n"
    ),
    "data/abbreviations.csv": "abbreviation,meaning\nLED,light emitting diode\n",
}
"""The small workspace with something in each file."""


class Damage:
    """Damaged copies of the small workspace and, now and then, of the council's whole one."""

    NAME, COUNT = "damage", 400

    def __init__(self, folder: Path):
        small, large = small_workspace(folder / "small", WHOLE), folder / "large"
        for part in ("data", "params"):
            shutil.copytree(REPOSITORY / part, large / part)
        for root in (small, large):
            write_notebook(root / NOTEBOOK, *CELLS)
            _publish(root)
        self.whole, self.folder = {"small": small, "large": large}, folder
        self.said: dict[str, set[str]] = {}
        self.used: dict[str, float] = {}

    def attempt(self, number: int, chance: random.Random) -> Tried:
        """Damage a copy, check it, and perhaps run it."""
        size = "large" if chance.random() < 0.06 else "small"
        root = self.folder / "w"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.whole[size], root, symlinks=True)
        harms = harmed(root, chance)
        silent = [harm for harm in harms if says_the_same(self.whole[size], root, harm.names[0])]
        ended, said, seconds, megabytes = self._run(root, "check", "--all")
        problems = _faults(ended, said)
        if seconds > SECONDS:
            problems.append(f"the check took {seconds:.1f} s of the processor")
        if megabytes > MEGABYTES:
            problems.append(f"the check took {megabytes:,.0f} MB")
        refused = ended == 1 and not said.startswith("critical:")
        lines = set(said.splitlines()) - (set() if refused else self._usual(size))
        untold = [harm for harm in harms if not is_told(harm, lines, len(harms) == 1)]
        due = [harm for harm in harms if harm not in silent]
        missing = [f"{harm.kind} of {harm.names[0]} row {harm.row}" for harm in due if harm in untold]
        if missing and (not refused or untold == harms):
            problems.append(f"nothing is said of {', '.join(missing)}: {' / '.join(sorted(lines))[:300]}")
        counts = {"seconds": seconds, "MB": megabytes, "refused": refused, "reported": bool(due) and not refused}
        if number % 10 == 9:
            ended, said, seconds, _ = self._run(root, "run", "--no-pdf", "--quiet")
            problems += _faults(ended, said)
            counts["times"] = seconds / self._undamaged(size)
            if counts["times"] > TIMES:
                problems.append(f"the run took {counts['times']:.1f} times what an undamaged one takes")
        kind = " + ".join(f"{harm.kind} {harm.names[0]}{f' row {harm.row}' * bool(harm.row)}" for harm in harms)
        return Tried(f"{size}: {kind}", problems, counts)

    @staticmethod
    def figures(tried: list[Tried]) -> list[tuple[str, str]]:
        """What became of the workspaces, and the most that a check and a run took."""
        total: Counter[str] = Counter()
        for each in tried:
            total.update({name: int(each.measured.get(name, 0)) for name in ("refused", "reported")})
        times = [each.measured["times"] for each in tried if "times" in each.measured]
        return [
            ("workspaces refused", f"{total['refused']:,}"),
            ("reported in findings", f"{total['reported']:,}"),
            ("that say the same as before", f"{len(tried) - total['refused'] - total['reported']:,}"),
            ("silent, or with a traceback", f"{sum(bool(each.failures) for each in tried):,}"),
            ("most processor time of a check (s)", f"{max(each.measured['seconds'] for each in tried):.1f}"),
            ("most memory of a check (MB)", f"{max(each.measured['MB'] for each in tried):,.0f}"),
            ("runs", f"{len(times):,}"),
            ("most of a run's time, of an undamaged one's", f"{max(times, default=0):.1f}"),
        ]

    def _usual(self, size):
        """What is said of the undamaged workspace."""
        if size not in self.said:
            for name in ("papermill", "great_expectations", "mpr_lib.report.exporters.html"):
                import_module(name)
            self.said[size] = set(self._run(self.whole[size], "check", "--all")[1].splitlines())
        return self.said[size]

    def _undamaged(self, size):
        """Processor time of a run of the undamaged workspace."""
        if size not in self.used:
            self._usual(size)
            root = self.folder / "undamaged"
            shutil.copytree(self.whole[size], root)
            self.used[size] = self._run(root, "run", "--no-pdf", "--quiet")[2]
            shutil.rmtree(root)
        return self.used[size]

    def _run(self, root, name, *options):
        """How a command ends, what it says, its processor time (s) and memory (MB), its children's with it."""
        said = self.folder / "said"

        def act():
            # Four times what it may take, so that what takes more is measured, and ends.
            resource.setrlimit(resource.RLIMIT_CPU, (4 * SECONDS, 4 * SECONDS))
            resource.setrlimit(resource.RLIMIT_DATA, (4 * MEGABYTES * 2**20,) * 2)
            command(name, MONTH, *options, "--workspace", str(root), said=str(said))

        child = Child(act)
        ended = child.end(HANGS)
        text = said.read_text(encoding="utf-8", errors="replace")
        return ended, text, child.used.ru_utime + child.used.ru_stime, child.used.ru_maxrss / 1024


def _publish(root):
    """Have a month's set stand there, as far as it says what it was made from."""
    place = Workspace(root)
    inputs = {**read_book(place, MONTH).inputs, NOTEBOOK: ""}
    rows = {name: rows_of(place, name) for name in inputs if name.endswith(".csv")}
    (root / "outputs" / MONTH).mkdir(parents=True)
    (root / "outputs" / MONTH / "manifest.json").write_text(json.dumps({"inputs": inputs, "rows": rows}))


def _faults(ended, said):
    known = ended in (0, 1) and not re.search("Traceback|A fault in this program", said)
    return [] if known else [f"ended with {ended}: {said[-300:]}"]


EMPTIED = "replaced by a folder", "outputs"
"""The harm that leaves what a workspace has that never published."""


def is_told(harm, lines, alone):
    """Whether a line names what was damaged, and its row, if nothing else moved it.

    Of what is gone it is enough that nothing published is left to tell of it.
    """
    is_gone = harm.kind in ("replaced by nothing", "renamed") or (harm.kind, harm.names[0]) == EMPTIED
    if is_gone and any(NOTHING_KNOWN in line for line in lines):
        return True
    named = [line for line in lines if any(name in line for name in harm.names)]
    return any(re.search(rf"\b{harm.row}\b", line) for line in named) if harm.row and alone else bool(named)


def says_the_same(before, after, name):
    """Whether a file says what it said, by our own reading: order, line ends, empty cells and blank rows aside."""
    try:
        return _said_by(before / name) == _said_by(after / name)
    except (OSError, ValueError, TypeError, LookupError, yaml.YAMLError, RecursionError):
        return False


def _said_by(path):
    if not path.is_file() or path.is_symlink():
        raise ValueError(path)
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".csv":
        heading, *rows = ([cell.strip() for cell in row] for row in read_csv(text))
        if len(set(heading)) < len(heading):
            raise ValueError("a column twice")
        return [{key: cell for key, cell in zip(heading, row, strict=False) if cell} for row in rows if any(row)]
    if path.suffix == ".ipynb":
        return [(cell["cell_type"], cell["source"], cell["metadata"]) for cell in json.loads(text)["cells"]]
    return yaml.safe_load(text) if path.suffix == ".yml" else text.split()
