"""What a book knows of where figures were received, and that no public edition does."""

import pandas as pd
import pytest

from mpr_lib.book import Workspace, read_book
from mpr_lib.book.tables import SOURCES
from mpr_lib.public.edition import make_public
from tests.helpers import small_workspace

HEADINGS = ",".join(SOURCES) + "\n"
DIGEST = "ab" * 32
NOTED = {
    "data/returns/2018-04.sources.csv": f"{HEADINGS}3.1,2018-04,96%,april.xlsx,{DIGEST},April,C2,96%,2018-05-04\n",
    "data/returns/2018-05.sources.csv": f"{HEADINGS}3.1,2018-05,97%, =may.xlsx,{DIGEST},May,C2,97%,2018-06-04\n",
    "data/returns/2018-06.sources.csv": f"{HEADINGS}3.1,2018-06,98%,june.xlsx,{DIGEST},June,C2,98%,2018-07-04\n",
    f"data/received/{DIGEST}.xlsx": b"PK",
}


@pytest.fixture
def workspace(tmp_path):
    return Workspace(small_workspace(tmp_path / "workspace", NOTED))


def test_a_book_has_the_sources_of_its_returns_and_no_later_ones(workspace):
    book = read_book(workspace, "2018-05")
    found = book.annexes["trace"]
    assert found["source_file"].tolist() == ["april.xlsx", "=may.xlsx"]
    assert found["month"].tolist() == [pd.Period("2018-04", "M"), pd.Period("2018-05", "M")]
    assert found[["file", "row"]].values.tolist() == [[name, 2] for name in list(NOTED)[:2]]
    assert set(NOTED) & set(book.inputs) == set(list(NOTED)[:2])


def test_without_any_a_book_has_none_and_reads_no_file(tmp_path):
    book = read_book(Workspace(small_workspace(tmp_path / "workspace")), "2018-05")
    assert book.annexes["trace"].empty
    assert not any("sources" in name for name in book.inputs)


def test_no_public_edition_has_them(workspace, tmp_path):
    copy, _ = make_public(workspace, "2018-05", tmp_path / "public")
    assert [name for name in NOTED if (copy.root / name).exists()] == []
    assert (copy.root / "data/returns/2018-05.csv").exists()
