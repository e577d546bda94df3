"""How often a steady process is called special, and how soon a shift is seen: what docs/signals.md prints."""

import numpy as np
import pytest

from mpr_lib.rules.xmr import signals

SERIES, BEFORE = 20_000, 50
"""How many are simulated; months that let each forget where it began."""


def months(points: int, like_the_last: float) -> np.ndarray:
    """Series of months that each have so much of the one before, all of one spread."""
    drawn = np.random.default_rng(points).normal(size=(SERIES, BEFORE + points))
    for place in range(1, BEFORE + points):
        drawn[:, place] *= np.sqrt(1 - like_the_last**2)
        drawn[:, place] += like_the_last * drawn[:, place - 1]
    return drawn[:, BEFORE:]


def called_special(points: np.ndarray) -> float:
    """The share of series whose newest point has a signal."""
    return float((signals(points).signal[:, -1] >= 0).mean())


@pytest.mark.parametrize(
    ("points", "like_the_last", "share"),
    [(13, 0.0, 0.013), (24, 0.0, 0.016), (36, 0.0, 0.016), (24, 0.3, 0.06), (24, 0.6, 0.20)],
)
def test_a_steady_process_is_called_special_this_often(points, like_the_last, share):
    assert called_special(months(points, like_the_last)) == pytest.approx(share, rel=0.2)


@pytest.mark.parametrize(("after", "share"), [(1, 0.14), (3, 0.29), (7, 0.62)])
def test_a_shift_of_two_sigma_is_seen_this_soon(after, share):
    points = months(24, 0.0)
    points[:, -after:] += 2
    assert called_special(points) == pytest.approx(share, rel=0.1)
