"""The commands of one workspace over a store: site and verify; and what is known of the examples' formats."""

import json
import re

import pytest
import yaml
from typer.testing import CliRunner

from mpr_lib.fleet import sets
from mpr_lib.fleet.fleet import read_fleet
from mpr_lib.fleet.places import Place
from mpr_lib.run import cli
from mpr_lib.run.month import run_month
from tests.helpers import REPOSITORY, small_workspace

EXAMPLES = REPOSITORY / "examples" / "fleet"


def mpr(*arguments) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli.app, list(map(str, arguments)))
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The small workspace with its month published, and the archive made, in a folder."""
    workspace = small_workspace(tmp_path_factory.mktemp("local") / "w", {"data/commentary/2018-05/3-1.md": "Lit.\n"})
    run_month(workspace, "2018-05", pdf=False)
    assert mpr("site", "--workspace", workspace)[0] == 0
    return workspace


@pytest.fixture
def stored(local, s3):
    """The same in a bucket."""
    place = Place(f"{s3}/commands")
    place.remove(place.listed())
    names = [path for path in local.rglob("*") if path.is_file() and "outputs" not in path.parts]
    place.write({path.relative_to(local).as_posix(): path.read_bytes() for path in names})
    files = {path.name: path.read_bytes() for path in (local / "outputs" / "2018-05").iterdir()}
    sets.publish(files, place.below("outputs/2018-05"), 0)
    return place


def test_the_archive_of_a_store_is_that_of_a_folder_and_leads_to_the_current_sets(local, stored):
    code, out, _ = mpr("site", "--workspace", stored.url)
    assert (code, out) == (0, "".join(f"Written {stored.url}/outputs/{name}\n" for name in ("feed.xml", "index.html")))
    edition = sets.newest(stored.below("outputs/2018-05"))
    for name in ("index.html", "feed.xml"):
        made = stored.read(f"outputs/{name}").decode()
        assert made.replace(f"2018-05/{edition.folder}/", "2018-05/") == (local / "outputs" / name).read_text("utf-8")
        addresses = set(re.findall(r'href="(2018-05/[^"#]+)', made))
        assert addresses
        there = stored.listed("outputs")
        assert {each for each in addresses if f"outputs/{each}" not in there} == set()


def test_an_empty_store_has_no_archive(stored):
    stored.remove(name for name in stored.listed() if name.startswith("outputs/"))
    code, _, err = mpr("site", "--workspace", stored.url)
    assert (code, err) == (1, "Nothing is published in outputs yet. Run a month first, such as: mpr run 2018-05\n")


def test_sets_in_a_store_are_verified(stored):
    month = f"{stored.url}/outputs/2018-05"
    for url in (month, f"{stored.url}/outputs"):
        code, out, _ = mpr("verify", url)
        assert (code, out) == (0, f"{month}: 9 files, each as it was published; not signed\n")
    edition = sets.newest(stored.below("outputs/2018-05"))
    stored.write(
        {f"outputs/2018-05/{edition.folder}/report.html": b"changed", f"outputs/2018-05/{edition.folder}/x": b""}
    )
    code, _, err = mpr("verify", month)
    assert code == 1
    assert "report.html is not the file that was published" in err
    assert "x is not of this set" in err


def test_a_store_without_months_cannot_be_verified(stored):
    code, _, err = mpr("verify", f"{stored.url}/params")
    assert (code, err) == (
        1,
        f"No published month is at {stored.url}/params. Expected the address of one, or of their folder.\n",
    )


def test_what_a_fleet_published_in_a_folder_is_verified_by_its_path_too(local, tmp_path):
    files = {path.name: path.read_bytes() for path in (local / "outputs" / "2018-05").iterdir()}
    sets.publish(files, Place(str(tmp_path / "outputs" / "2018-05")), 0)
    for folder in ("outputs", "outputs/2018-05"):
        code, out, _ = mpr("verify", tmp_path / folder)
        assert (code, out) == (0, f"file://{tmp_path}/outputs/2018-05: 9 files, each as it was published; not signed\n")


def test_an_address_that_lacks_a_slash_is_said_to(tmp_path):
    said = f"file:{tmp_path} lacks a slash. Expected file://{tmp_path}.\n"
    for command in (("run", "2018-05", "--workspace"), ("site", "--workspace"), ("verify",)):
        code, _, err = mpr(*command, f"file:{tmp_path}")
        assert (code, err) == (1, said)


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("workspaces: {a: b}\noutputs: ftp://x/{council}\n", (), "ftp://x/{council}: 'ftp' is no store to publish in."),
        ("workspaces: {a: b}\nkeeps: 3\n", (), "fleet.yml has 'keeps'"),
        ("workspaces: {a: b}\n", ("--only", "c"), "The fleet has no council 'c'."),
        ("", (), "fleet.yml is missing."),
    ],
)
def test_what_is_wrong_in_a_fleets_file_is_wrong_usage(text, more, said, tmp_path):
    path = tmp_path / "fleet.yml"
    if text:
        path.write_text(text)
    for command in (("run", path, "--months", "2018-05"), ("status", path, "--months", "2018-05"), ("tidy", path)):
        code, out, err = mpr("fleet", *command, *more)
        assert (code, out) == (2, "")
        assert err.startswith(said)


def test_a_store_of_all_councils_that_is_away_may_be_there_later(tmp_path, monkeypatch):
    monkeypatch.setattr("mpr_lib.fleet.places.SETTINGS", {"s3": {"endpoint_url": "http://127.0.0.1:9"}})
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    (tmp_path / "fleet.yml").write_text("workspaces: {each: s3://away/*}\n")
    code, _, err = mpr("fleet", "tidy", tmp_path / "fleet.yml")
    assert code == 3
    assert err.endswith("Try again later.\n")


def test_the_manifest_is_one_for_kubernetes():
    import kubernetes_validate

    text = (EXAMPLES / "kubernetes" / "fleet.yaml").read_text("utf-8")
    found = list(yaml.safe_load_all(text))
    assert [each["kind"] for each in found] == ["Service", "NetworkPolicy", "Deployment", "Deployment", "CronJob"]
    for each in found:
        kubernetes_validate.validate(each, "1.34", strict=True)
    broken = json.loads(json.dumps(found[2]).replace('"containers"', '"container"'))
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, "1.34", strict=True)


def test_the_fleet_of_the_example_can_be_read(s3, tmp_path):
    Place(f"{s3}/workspaces/southend").write({"data/x": b""})
    text = (EXAMPLES / "fleet.yml").read_text("utf-8")
    (tmp_path / "fleet.yml").write_text(text, "utf-8")
    found = read_fleet(tmp_path / "fleet.yml")
    assert found.workspaces == {"southend": "s3://councils/workspaces/southend"}
    assert found.editions == ("internal", "public")
