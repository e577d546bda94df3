"""Licences: the page names what is locked, and the typeface's licence goes where its letters go."""

import re
import tomllib
from email.message import Message

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.helpers import REPOSITORY
from tools.licences import licence_of

PAGE = (REPOSITORY / "docs/licences.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| ([\w.-]+) \| (\d[\w.]*) \| \S", PAGE, re.MULTILINE))


def test_every_package_is_named_in_the_version_that_is_locked():
    """If not: python -m tools.licences."""
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE))
    assert set(ROWS.items()) - locked == set()
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {canonicalize_name(Requirement(each).name) for each in project["dependencies"]} - set(ROWS) == set()
    assert len(ROWS) > 50


def test_a_licence_is_an_expression_or_a_few_words():
    said = Message()
    said["License"] = "A whole text " * 20
    said["Classifier"] = "License :: OSI Approved :: BSD License"
    assert licence_of(said) == "BSD License"
    assert "not said" not in PAGE


def test_the_typefaces_licence_lies_beside_it():
    """The wheel holds every file of the package."""
    folder = REPOSITORY / "mpr_lib/report/fonts"
    assert list(folder.glob("*.ttf"))
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")
