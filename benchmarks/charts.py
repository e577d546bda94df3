"""Process charts: limits and signals of many series, and what signals add to a month's run."""

from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
SERIES, MONTHS = 10_000, 36
TARGET = 0.3
"""Seconds of processor time for all series."""
ROUNDS = 5


def main(month: str, run: float) -> None:
    """Print seconds of processor time; ``run`` is how long the month's run takes."""
    took = many()
    print(f"process charts: limits and all signals of {SERIES:,} series of {MONTHS} months, median of {ROUNDS}")
    for rules, seconds in took.items():
        print(f"  {rules:<22} {seconds:6.2f} s CPU   target: at most {TARGET:.2f}")
    print(f"what signals and forecasts add to mpr run {month}, median of {ROUNDS}")
    for name, seconds in added(month).items():
        print(f"  {name:<22} {seconds * 1000:6.0f} ms CPU  {seconds / run:6.1%} of the run")


def many() -> dict[str, float]:
    """Seconds for all series, by rules: half of them independent from month to month, half with a lag-1 of 0.6."""
    from mpr_lib.rules.xmr import RULES, signals

    points = np.random.default_rng(1).normal(50, 5, (SERIES, MONTHS))
    for place in range(1, MONTHS):
        points[SERIES // 2 :, place] += 0.6 * (points[SERIES // 2 :, place - 1] - 50)
    return {rules: seconds(lambda rules=rules: signals(points, rules)) for rules in RULES}


def added(month: str) -> dict[str, float]:
    """Seconds of the steps that a report without signals would not have."""
    from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
    from mpr_lib.book.book import latest_ages, scorecard_rules

    book = read_book(Workspace(REPOSITORY), month)
    history, settings = history_of(book), book.settings
    age = latest_ages(book.indicators, settings.latest_month_age)
    parts = (book.indicators, history, book.judgements, book.commentary, book.month)
    without = seconds(lambda: scorecard_rules.scorecard(*parts, age=age, years=settings.years))
    return {"scorecard": seconds(lambda: scorecard_of(book, history)) - without}


def seconds(work) -> float:
    """Seconds of processor time of a piece of work, the first time thrown away."""
    took = []
    for _ in range(ROUNDS + 1):
        began = process_time()
        work()
        took.append(process_time() - began)
    return median(took[1:])


if __name__ == "__main__":
    main("2018-05", float("nan"))
