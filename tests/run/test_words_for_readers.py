"""What readers open holds no words of those who make it: no file, row or column, and nothing to ask anybody."""

import json
import re
import shutil
from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup

from mpr_lib.annexes import brought
from mpr_lib.run.month import run_month
from tests.helpers import REPOSITORY

pytestmark = pytest.mark.slow

TECHNICAL = {
    "a file of the workspace": r"\b(data|params)/",
    "a row of a file": r"\brow \d",
    "a column's name": r"\b[a-z]+(_[a-z]+)+\b(?!@)",
    "something to ask": r"\bAsk\b",
}
NOT_TEXT = {"key", "svg", "id", "href", "kind", "method", "anchor", "name", "managed_by"}
"""What a part's data holds beside its words: a table's columns by key, drawings, addresses, what a filter looks for."""

EDITIONS = {
    "the council's": (REPOSITORY, "2018-05", False),
    "the council's, public": (REPOSITORY, "2018-05", True),
    "the demo": ("demo", "2025-12", False),
    "Northmoor, public": (REPOSITORY / "tests/councils/northmoor", "2024-10", True),
    "Riverside": (REPOSITORY / "tests/councils/riverside", "2024-07", False),
}


def page_text(page: str) -> str:
    soup = BeautifulSoup(re.sub(r"^<\?xml.*?\?>", "", page), "html.parser")
    for hidden in soup.select("style, script"):
        hidden.decompose()
    told = [value for tag in soup.find_all(True) for name in ("alt", "title", "aria-label") if (value := tag.get(name))]
    return " ".join([soup.get_text(" "), *told])


def words_of(value) -> list[str]:
    if isinstance(value, dict):
        return [word for name, part in value.items() if name not in NOT_TEXT for word in words_of(part)]
    if isinstance(value, list):
        return [word for part in value for word in words_of(part)]
    return [str(value)]


def notebook_text(path: Path) -> str:
    """The words of a notebook's outputs, as it shows them and as its parts hold them."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    shown = [
        output.get("data", {"text": output.get("text", "")}) for each in cells for output in each.get("outputs", [])
    ]
    texts = []
    for data in shown:
        for kind, content in data.items():
            told = "".join(content) if isinstance(content, list) else content
            texts += [page_text(told)] if kind == "text/html" else words_of(told)
    return " ".join(texts)


def pdf_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as opened:
        return " ".join(page.get_textpage().get_text_range() for page in opened)


def texts_of(outputs: Path, folder: Path) -> dict[str, str]:
    """The text of everything that readers of a month's set open, by file."""
    read = {".html": lambda path: page_text(path.read_text("utf-8")), ".pdf": pdf_text, ".ipynb": notebook_text}
    found = [path for path in sorted(folder.rglob("report.*")) if path.suffix in read]
    texts = {path.relative_to(folder).as_posix(): read[path.suffix](path) for path in found}
    archive = outputs / "index.html", outputs / "feed.xml"
    return texts | {path.name: page_text(path.read_text("utf-8")) for path in archive if path.is_file()}


@pytest.fixture(scope="module", params=EDITIONS.values(), ids=EDITIONS)
def edition(request, tmp_path_factory):
    """A published edition: its set, whether it is public, and the texts of what readers open."""
    source, month, public = request.param
    shared = "demo_published" if source == "demo" else "published" if source is REPOSITORY and not public else ""
    if shared:
        folder = request.getfixturevalue(shared)
        return folder, public, texts_of(folder.parent, folder)
    if public and not brought("edition"):
        pytest.skip("the annex that makes it is not there")
    root = tmp_path_factory.mktemp("words") / "workspace"
    for name in ("data", "params", "notebooks"):
        if (source / name).is_dir():
            shutil.copytree(source / name, root / name)
    committees = ["People Scrutiny"] if source is REPOSITORY and brought("committees") else []
    made = run_month(root, month, public=public, committees=committees)
    outputs = root / "outputs" / ("public" if public else "")
    if brought("commands").get("site"):
        from mpr_lib.site.command import build_site

        build_site(outputs)
    return made.folder, public, texts_of(outputs, made.folder)


@pytest.mark.parametrize("what", TECHNICAL)
def test_no_words_of_those_who_make_it_are_in_what_readers_open(edition, what):
    _, _, texts = edition
    assert {"report.html", "report.pdf", "report.ipynb"} <= set(texts)
    found = {name: re.search(f".{{0,60}}{TECHNICAL[what]}.{{0,40}}", text) for name, text in texts.items()}
    assert {name: match[0] for name, match in found.items() if match} == {}


def test_the_whole_list_is_beside_the_internal_edition_alone(edition):
    folder, public, _ = edition
    written = json.loads((folder / "quality.json").read_text(encoding="utf-8"))
    linked = 'href="quality.html"' in (folder / "report.html").read_text(encoding="utf-8")
    assert (folder / "quality.html").exists() == linked == (not public)
    assert ("findings" in written) == (not public)
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert ("quality.html" in listed) == (not public)
    if public:
        assert set(written) == {"month", "counts", "readers"}
        assert not re.search("|".join(TECHNICAL.values()), " ".join(words_of(written)))
