"""What the guides say can be followed: every link leads somewhere, and every command is one that there is."""

import importlib.util
import re
import shlex
from pathlib import Path

import mistune
import pytest
import typer

from mpr_lib.run.cli import app
from tests.helpers import REPOSITORY

STARTERS = "mpr_lib/start/blank/"
"""Guides that are copied into a new workspace, where they stand beside other files."""

FOLDERS = ("docs", "examples", "mpr_lib", "tools", "benchmarks")
GUIDES = [*REPOSITORY.glob("*.md"), *(path for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*.md"))]
HERE = sorted(path.relative_to(REPOSITORY).as_posix() for path in GUIDES)
PLACEHOLDERS = {"MONTH": "2018-05", "DIR": "new", "FILE…": "june.csv", "~/Downloads/*.xlsx": "june.csv", "…": ""}


def nodes(found: list[dict]):
    """Every node of a page, whatever it stands in."""
    for node in found:
        yield node
        yield from nodes(node.get("children", []))


def read(name: str) -> list[dict]:
    parse = mistune.create_markdown(renderer="ast", plugins=["table"])
    return list(nodes(parse((REPOSITORY / name).read_text(encoding="utf-8"))))


def words(node: dict) -> str:
    return node.get("raw") or "".join(map(words, node.get("children", [])))


def anchors(path: Path) -> set[str]:
    """The places in a page that a link can name, as code hosts make them of its headings."""
    headings = [words(node) for node in read(path.relative_to(REPOSITORY).as_posix()) if node["type"] == "heading"]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(guide: str, target: str) -> bool:
    """Whether a link leads to no file or no heading here. Other hosts are not asked: tests run without a network."""
    name, _, place = target.partition("#")
    path = ((REPOSITORY / guide).parent / name).resolve() if name else REPOSITORY / guide
    return not path.exists() or bool(place and path.suffix == ".md" and place not in anchors(path))


@pytest.mark.parametrize("guide", [name for name in HERE if not name.startswith(STARTERS)])
def test_every_link_leads_somewhere(guide):
    links = [node["attrs"]["url"] for node in read(guide) if node["type"] in ("link", "image")]
    assert [link for link in links if not re.match(r"https?://|mailto:", link) and broken(guide, link)] == []


def test_a_link_that_leads_nowhere_would_be_found():
    assert not broken("README.md", "docs/rules.md")
    assert broken("README.md", "docs/no-rules.md")
    assert broken("README.md", "docs/rules.md#no-such-heading")


def commands(guide: str) -> list[tuple[str, bool]]:
    """The commands of a guide, and whether each stands in a block, to be typed as it is."""
    found = []
    for node in read(guide):
        if node["type"] == "block_code":
            found += [(part, True) for line in node["raw"].splitlines() for part in re.split(r"&&|\||>", line)]
        if node["type"] == "codespan":
            found.append((re.split(r"&&|\||>", node["raw"])[0], False))
    return [(re.split(r"\s{2,}|\s#", text.strip())[0], block) for text, block in found]


ALL = [(guide, text, block) for guide in HERE for text, block in commands(guide)]


def told(first: str) -> list:
    """The commands that begin with a word, as parameters: each once, as it must be typed where it stands in a block."""
    found = {}
    for guide, text, block in ALL:
        if re.match(rf"(\.venv/bin/)?{first} \S", text):
            found[text] = (found.get(text, (guide, False))[0], block or found.get(text, (guide, False))[1])
    assert found, f"no guide tells a command that begins with {first}"
    return [pytest.param(text, block, id=f"{guide}: {text}") for text, (guide, block) in found.items()]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory):
    """A function that parses a command as ``mpr`` would, and does nothing more: what was wrong with it, or nothing."""
    group = typer.main.get_command(app)
    for command in group.commands.values():
        for each in getattr(command, "commands", {"": command}).values():
            each.callback = lambda **_: None
    folder = tmp_path_factory.mktemp("guide")
    (folder / "examples").mkdir()
    (folder / "june.csv").touch()

    def parse(text: str) -> str:
        with pytest.MonkeyPatch.context() as there:
            there.chdir(folder)
            arguments = [PLACEHOLDERS.get(each, each) for each in shlex.split(text)[1:]]
            try:
                group.main([each for each in arguments if each], prog_name="mpr", standalone_mode=False)
            except Exception as error:  # noqa: BLE001 - the error's class is the command line's own affair
                return str(getattr(error, "message", "")) or type(error).__name__
        return ""

    return parse


@pytest.mark.parametrize(("text", "block"), told("mpr"))
def test_every_mpr_command_can_be_typed(parsed, text, block):
    """A name such as `mpr run` may stand in a sentence without what it needs."""
    fault = parsed(text)
    if not block and fault.startswith("Missing"):
        fault = ""
    assert fault == ""


def test_a_command_that_there_is_not_would_be_found(parsed):
    assert parsed("mpr publish 2018-05") != ""
    assert parsed("mpr run 2018-13") != ""
    assert parsed("mpr run 2018-05 --pdff") != ""


@pytest.mark.parametrize(("text", "block"), told("make"))
def test_every_make_target_exists(text, block):
    targets = re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = [each for each in text.split()[1:] if "=" not in each]
    assert set(named) <= set(targets)


@pytest.mark.parametrize(("text", "block"), told(r"python3? -m"))
def test_every_module_that_is_to_be_run_exists(text, block):
    name = text.split()[2]
    spec = importlib.util.find_spec(name)
    assert spec, name
    assert not spec.submodule_search_locations or importlib.util.find_spec(f"{name}.__main__")


NAMED = re.compile(r"`((?:mpr_lib|tests|tools|notebooks)/[\w/.-]+)`")


@pytest.mark.parametrize("guide", [name for name in HERE if name.startswith("docs/") or "/" not in name])
def test_every_file_of_the_code_that_a_guide_names_is_there(guide):
    named = NAMED.findall((REPOSITORY / guide).read_text(encoding="utf-8"))
    assert [name for name in named if not (REPOSITORY / name).exists()] == []
