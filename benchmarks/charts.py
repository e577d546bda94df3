"""Process charts: limits and signals of many series, and what signals add to a month's run."""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
SERIES, MONTHS = 10_000, 36
TARGET = 0.3
"""Seconds of processor time for all series."""
ROUNDS = 5


def main(workspace: Path, month: str) -> None:
    """Print seconds of processor time, and what part of a month's run they are."""
    print(f"process charts: limits and all signals of {SERIES:,} series of {MONTHS} months, median of {ROUNDS}")
    for rules, took in many().items():
        print(f"  {rules:<22} {took:6.2f} s CPU   target: at most {TARGET:.2f}")
    for name, took in drawn(workspace, month).items():
        print(f"  {name:<22} {1000 * took:6.1f} ms CPU{'  target: at most 40' * (name == 'process chart')}")
    run, parts = whole(workspace, month), added(workspace, month)
    print(f"what signals and forecasts add to mpr run {month}, which takes {run:.2f} s CPU")
    for name, took in {**parts, "together": sum(parts.values())}.items():
        print(f"  {name:<22} {took:6.2f} s CPU   {took / run:.1%}{'   target: at most 5%' * (name == 'together')}")


def many() -> dict[str, float]:
    """Seconds for all series, by rules: half of them independent from month to month, half with a lag-1 of 0.6."""
    from mpr_lib.rules.xmr import RULES, signals

    points = np.random.default_rng(1).normal(50, 5, (SERIES, MONTHS))
    for place in range(1, MONTHS):
        points[SERIES // 2 :, place] += 0.6 * (points[SERIES // 2 :, place - 1] - 50)
    return {rules: seconds(lambda rules=rules: signals(points, rules)) for rules in RULES}


def whole(workspace: Path, month: str) -> float:
    """Seconds of a month's run and all its processes."""
    command = [sys.executable, "-m", "mpr_lib.run.cli", "run", month, "--workspace", str(workspace)]
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=True, cwd=REPOSITORY)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime - began.ru_utime + ended.ru_stime - began.ru_stime


def added(workspace: Path, month: str) -> dict[str, float]:
    """Seconds of the steps that a report without signals would not have; its charts stand in for others.

    A run works a scorecard out three times: for its checks and open data, for the report, and for the month before.
    """
    from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
    from mpr_lib.book.book import latest_ages, scorecard_rules
    from mpr_lib.report import open_report
    from mpr_lib.report.sections.signals import story

    book = read_book(Workspace(workspace), month)
    history, settings = history_of(book), book.settings
    age = latest_ages(book.indicators, settings.latest_month_age)
    parts = (book.indicators, history, book.judgements, book.commentary, book.month)
    without = seconds(lambda: scorecard_rules.scorecard(*parts, age=age, years=settings.years))
    report = open_report(str(workspace), month)
    return {
        "three scorecards": 3 * (seconds(lambda: scorecard_of(book, history)) - without),
        "section of signals": seconds(report.signals),
        "story on the cover": seconds(lambda: story(report, report.scorecard, None)),
    }


def drawn(workspace: Path, month: str) -> dict[str, float]:
    """Seconds of one process chart, and of the trend that it stands in for; in the mean of all that are judged."""
    from mpr_lib.report import open_report
    from mpr_lib.report.charts import trend_chart
    from mpr_lib.report.xmr_chart import process_chart

    report = open_report(str(workspace), month)
    judged = [row for row in report.scorecard.itertuples() if row.variation != "NOT_JUDGED"]
    given = [(report.points_of(row.indicator_code), report.months_of(row.indicator_code), row) for row in judged]
    steps, years = report.book.steps.iloc[:0], report.settings.years
    charts = seconds(lambda: [process_chart(points, row, steps, months) for points, months, row in given])
    trends = seconds(lambda: [trend_chart(months, row, report.month, years) for _, months, row in given])
    return {"process chart": charts / len(judged), "trend in its place": trends / len(judged)}


def seconds(work: Callable[[], object]) -> float:
    """Seconds of processor time of a piece of work, the first time thrown away."""
    took = []
    for _ in range(ROUNDS + 1):
        began = process_time()
        work()
        took.append(process_time() - began)
    return median(took[1:])
