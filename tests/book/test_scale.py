"""Scale: what the benchmark writes is a workspace that is read, rated and checked without a fault."""

import pytest

from benchmarks import scale
from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import run_checks


@pytest.mark.slow
def test_years_of_returns_are_read_rated_and_checked(tmp_path):
    scale.write_workspace(tmp_path, 8)
    book = read_book(Workspace(tmp_path), scale.MONTH)
    history = history_of(book)
    scorecard = scorecard_of(book, history)
    assert len(book.returns) == 8 * scale.MONTHS
    assert history["value"].notna().sum() == 8 * scale.MONTHS
    assert set(scorecard["rating"]) <= {"GREEN", "AMBER", "RED"}
    assert run_checks(book, scorecard, history).critical == []
