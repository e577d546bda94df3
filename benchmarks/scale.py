"""Scale: how a month's steps grow with the number of indicators, three years of returns each, in time and memory.

Each size is a workspace that is written here and read in a process of its own, so that the memory is that of this size
alone; so has the PDF. More than ``CARDS`` indicators are shown without detail pages, more than ``PAPER`` not as PDF.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

SIZES = (31, 300, 1000, 3000)
LARGEST = 10_000
"""Only with ``--large``: it takes two minutes."""
MONTHS = 36
MONTH = "2018-05"
AIMS = 10
CARDS = PAPER = 1000
STAGES = ("read", "score", "check", "open data", "sections", "HTML", "PDF")
REPOSITORY = Path(__file__).resolve().parents[1]


def main(sizes=SIZES) -> None:
    """Print processor seconds and memory of each size, and how often as much each takes as the one before."""
    print(f"a month of {MONTHS} monthly returns each: processor seconds, and the most memory of steps and of the PDF")
    print("  indicators" + "".join(f"{name:>11}" for name in (*STAGES, "together", "memory", "PDF's", "grew")))
    before = (0, 0.0)
    for size in sizes:
        took = measure(size)
        seconds = [took.get(name, float("nan")) for name in STAGES]
        together = sum(took.get(name, 0) for name in STAGES if name != "PDF")
        shown = "".join(f"{value:>9.2f} s" if value == value else f"{'-':>11}" for value in (*seconds, together))
        grew = f"{together / before[1]:.1f} × for {size / before[0]:.1f} ×" if before[0] else ""
        paper = f"{took['PDF memory']:,.0f} MB" if "PDF memory" in took else "-"
        print(f"  {size:>10,}{shown} {took['memory']:>7,.0f} MB {paper:>10}   {grew}", flush=True)
        before = size, together


def measure(size: int) -> dict:
    """Processor seconds of each stage and the most memory held, of a workspace of that many indicators."""
    with tempfile.TemporaryDirectory() as folder:
        write_workspace(Path(folder), size)
        command = [sys.executable, "-m", "benchmarks.scale", folder]
        paths = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
        environment = {**os.environ, "PYTHONPATH": paths}
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if ended.returncode:
            raise SystemExit(ended.stderr)
        return json.loads(ended.stdout.splitlines()[-1])


def timed(folder: str) -> dict:
    """Every step of the workspace's month once, in this process; the PDF in a child of its own."""
    from benchmarks.page import SECTIONS, document_of
    from mpr_lib.annexes import brought
    from mpr_lib.book import Workspace, history_of, read_book
    from mpr_lib.book.book import scored
    from mpr_lib.checks import load_engine, run_checks
    from mpr_lib.report.detail_pages import pages_of
    from mpr_lib.report.document import page_html
    from mpr_lib.report.report import Report

    load_engine()
    took, clock = {}, process_time()

    def lap(name):
        nonlocal clock
        took[name], clock = process_time() - clock, process_time()

    book = read_book(Workspace(Path(folder)), MONTH)
    lap("read")
    history = history_of(book)
    scorecard, points = scored(book, history)
    lap("score")
    quality = run_checks(book, scorecard, history)
    lap("check")
    for write in brought("publishes").values():
        write(book, scorecard, history, points, f"{MONTH}-21T12:00:00", Path(folder))
    lap("open data")
    shown = SECTIONS if len(scorecard) <= CARDS else [name for name in SECTIONS if name != "detail"]
    document = document_of(Report(book), shown)
    lap("sections")
    for _, page in pages_of(document):
        page_html(page)
    lap("HTML")
    took |= {"memory": _most_memory(resource.RUSAGE_SELF), "findings": len(quality.findings)}
    return took | (_paper(document, Path(folder)) if len(scorecard) <= PAPER else {})


def _paper(document, folder):
    """What the PDF takes, in a process that has nothing but its document."""
    (folder / "document.json").write_text(json.dumps(document), encoding="utf-8")
    code = "import json, sys; from mpr_lib.report.exporters.pdf import render_pdf; render_pdf(json.load(sys.stdin))"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (folder / "document.json").open(encoding="utf-8") as file:
        subprocess.run([sys.executable, "-c", code], stdin=file, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"PDF": seconds, "PDF memory": _most_memory(resource.RUSAGE_CHILDREN)}


def _most_memory(whose):
    """The most that was ever held, in megabytes."""
    return resource.getrusage(whose).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def write_workspace(folder: Path, size: int) -> None:
    """A council of invented indicators of every kind, with a return for each of the months up to ``MONTH``."""
    rng = np.random.default_rng(size)
    months = pd.period_range(end=MONTH, periods=MONTHS, freq="M")
    kinds = [("MAXIMISE", "SNAPSHOT", "%"), ("MINIMISE", "CUMULATIVE", "number"),
             ("GOLDILOCKS", "SNAPSHOT", "per 10,000"), ("MAXIMISE", "CUMULATIVE", "number")]  # fmt: skip
    codes = [f"KP {1 + place // 50}.{1 + place % 50}" for place in range(size)]
    _write_params(folder)
    rows, targets = [], []
    for place, code in enumerate(codes):
        polarity, basis, unit = kinds[place % len(kinds)]
        aim = f"AIM {1 + place % AIMS}"
        rows.append([code, f"Indicator {place}", "CORPORATE", aim, "Department", "", "Officer", "", polarity, basis,
                     unit, 1, "MONTHLY", "false", "", "", "", "", ""])  # fmt: skip
        for year in range(months[0].year - 1, months[-1].year + 1):
            low, high = ("40", "60") if polarity == "GOLDILOCKS" else ("50", "50")
            low, high = ("600", "600") if basis == "CUMULATIVE" else (low, high)
            profile = "LINEAR" if basis == "CUMULATIVE" else "FLAT"
            targets.append([code, year, low, high, profile, "", "", "", ""])
    data = folder / "data"
    _write(data / "indicators.csv", _headings("INDICATORS"), rows)
    _write(data / "targets.csv", _headings("TARGETS"), targets)
    _write(data / "stated_targets.csv", _headings("STATED_TARGETS"), [])
    _write(data / "judgements.csv", _headings("JUDGEMENTS"), [])
    totals = np.zeros(size)
    for month in months:
        moves = rng.normal(50, 5, size)
        totals = moves if month.month == 4 else totals + moves
        figures = [f"{totals[place]:,.0f}" if kinds[place % 4][1] == "CUMULATIVE" else f"{moves[place]:.1f}"
                   for place in range(size)]  # fmt: skip
        rows = [[code, month, figure, ""] for code, figure in zip(codes, figures, strict=True)]
        _write(data / "returns" / f"{month}.csv", _headings("RETURNS"), rows)


def _write_params(folder):
    for name in ("data/returns", "params"):
        (folder / name).mkdir(parents=True)
    (folder / "params" / "report.yml").write_text(
        "council: Largeford Council (invented)\npublisher: Performance team\ncontacts:\n  - name: A. Person\n"
        "aims:\n" + "".join(f"  - name: AIM {number}\n" for number in range(1, AIMS + 1)),
        encoding="utf-8",
    )
    (folder / "params" / f"{MONTH}.yml").write_text(f"month: {MONTH}\n", encoding="utf-8")


def _headings(table):
    from mpr_lib.book import tables

    return getattr(tables, table)


def _write(path, headings, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([headings, *rows])


if __name__ == "__main__":
    if len(sys.argv) > 1 and Path(sys.argv[1]).is_dir():
        print(json.dumps(timed(sys.argv[1])))
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)
