"""The public edition: nothing that is kept out of it is left in any byte that is published."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pypdf
import pytest
import typst
from typer.testing import CliRunner

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.book.book import scored
from mpr_lib.errors import InputError, RunError
from mpr_lib.public.edition import make_public
from mpr_lib.run.cli import app
from mpr_lib.run.month import run_month
from tests.helpers import SMALL, small_workspace, with_line
from tests.site.published_sets import publish_set

MONTH = "2018-05"
HIDDEN = {
    "CP 3.9": "Take up of the NHS Health Check",
    "CP 1.4": "children who have been LAC for at least 5 working days",
}
DAYS = (
    "- {name: value_is_above_zero, batch: returns, expect: ExpectColumnValuesToBeBetween, column: number,\n"
    "   min_value: 0, severity: warning, characteristic: accuracy, means: No figure is below 0.,\n"
    "   found: '{place}: it is below 0.', do: Ask.}\n"
)
OFFICERS = ["O'Loughlin", "Loughlin"]


def mark(workspace: Path, codes) -> None:
    """Give indicators.csv a column ``public`` with false for the codes."""
    path = workspace / "data/indicators.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows = [row[: rows[0].index("public")] for row in rows] if "public" in rows[0] else rows
    rows[0].append("public")
    for row in rows[1:]:
        row.append("false" if row[0] in codes else "")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def withhold_comment(workspace: Path, code: str) -> str:
    """Mark a comment as not public; return words of it."""
    path = workspace / f"data/commentary/{MONTH}/{code}.md"
    text = path.read_text("utf-8")
    path.write_text(f"---\npublic: false\n---\n{text}", encoding="utf-8")
    return " ".join(re.sub(r"[*_#>\\]", "", text).split()[:6])


def published_texts(folder: Path) -> dict[str, str]:
    """The text of every published file, whatever its kind, its names included."""
    texts = {}
    for path in folder.iterdir():
        if path.suffix == ".pdf":
            reader = pypdf.PdfReader(path)
            texts[path.name] = " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                texts[path.name] = " ".join(book.read(name).decode("utf-8") for name in book.namelist())
        else:
            texts[path.name] = path.read_text("utf-8")
    return {name: " ".join(re.sub(r"&#39;|&#x27;|&apos;|’", "'", text).split()) for name, text in texts.items()}


def outcome_count(scorecard) -> dict[str, int]:
    return {str(key): int(count) for key, count in scorecard["expected_outcome"].value_counts().sort_index().items()}


@pytest.fixture(scope="module")
def edition(tmp_path_factory, workspace_copy):
    """A real run of the public edition of the council's report, and words of the comments that it must not hold."""
    workspace = workspace_copy(tmp_path_factory.mktemp("public") / "workspace")
    mark(workspace, HIDDEN)
    words = [withhold_comment(workspace, "cp-5-4"), withhold_comment(workspace, "cp-2-2")]
    with (workspace / "params/report.yml").open("a", encoding="utf-8") as settings:
        settings.write("\npublic:\n  officers: false\n")
    return run_month(workspace, MONTH, public=True).folder, words


@pytest.mark.slow
class TestTheEdition:
    def test_it_stands_beside_the_internal_one(self, edition):
        folder, _ = edition
        assert folder.relative_to(folder.parents[2]).as_posix() == f"outputs/public/{MONTH}"
        assert sorted(path.name for path in folder.iterdir()) == [
            "datapackage.json", "manifest.json", "points.csv", "quality.json", "report.html", "report.ipynb",
            "report.pdf", "scorecard.csv", "scorecard.xlsx", "values.csv",
        ]  # fmt: skip
        assert not (folder.parents[1] / MONTH).exists()

    def test_no_byte_of_it_holds_what_is_withheld(self, edition):
        folder, words = edition
        texts = published_texts(folder)
        slugs = [code.lower().replace(" ", "-").replace(".", "-") for code in HIDDEN]
        patterns = [re.escape(text) for text in [*HIDDEN.values(), *OFFICERS, *words]]
        patterns += [rf"{re.escape(text)}(?![\d-])" for text in [*HIDDEN, *slugs]]
        found = [(name, pattern) for name, text in texts.items() for pattern in patterns if re.search(pattern, text)]
        assert found == []
        assert "CP 3.10" in texts["report.html"]

    def test_totals_are_of_what_is_shown(self, edition):
        folder, _ = edition
        written = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert (written["edition"], written["indicators"]) == ("public", 29)
        assert sum(written["expected_outcomes"].values()) == 29
        text = (folder / "report.html").read_text("utf-8")
        assert "8 of 29 indicators are at risk of missing target and 2 are slipping" in text
        assert "Indicators by expected outcome, <span data-total>29</span> in all" in text
        with (folder / "scorecard.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == 29

    def test_it_says_that_a_comment_and_a_name_are_not_published(self, edition):
        text = (edition[0] / "report.html").read_text("utf-8")
        assert "The comment on this indicator is not published." in text
        assert "No comment was supplied." not in text
        assert "Not published" in text

    def test_inputs_that_are_withheld_are_not_named(self, edition):
        inputs = json.loads((edition[0] / "manifest.json").read_text("utf-8"))["inputs"]
        assert f"data/commentary/{MONTH}/cp-3-9.md" not in inputs
        assert f"data/commentary/{MONTH}/cp-2-2.md" not in inputs
        assert f"data/commentary/{MONTH}/cp-3-10.md" in inputs


@pytest.fixture
def filtered(tmp_path):
    """A function that makes the small workspace with changes, and its public copy."""

    def make(changes=None, hidden=("3.1",)):
        workspace = small_workspace(tmp_path / "workspace", changes)
        mark(workspace, hidden)
        return make_public(Workspace(workspace), MONTH, tmp_path / "filtered")

    return make


def test_rows_keep_the_numbers_that_officers_know(filtered):
    place, _ = filtered()
    book = read_book(place, MONTH)
    assert list(book.indicators["indicator_code"]) == ["3.10"]
    assert list(zip(book.returns["indicator_code"], book.returns["row"], strict=True)) == [("3.10", 3), ("3.10", 3)]
    assert list(scorecard_of(book)["indicator_code"]) == ["3.10"]


def test_steps_and_points_are_those_of_what_is_shown(filtered):
    steps = "indicator_code,month,reason,role,date,reported_from\n"
    steps += "".join(f"{code},2018-04,New teams,Head,2018-06-01,\n" for code in ("3.1", "3.10"))
    place, _ = filtered({"data/step_changes.csv": steps})
    book = read_book(place, MONTH)
    assert list(zip(book.steps["indicator_code"], book.steps["row"], strict=True)) == [("3.10", 3)]
    assert set(scored(book, history_of(book))[1]["indicator_code"]) == {"3.10"}


def test_rules_for_what_is_withheld_go_with_it(filtered):
    given = ("['3.1'], tolerance: 0.2", "['3.1', '3.10'], tolerance: 0.1")
    rules = "rating_rules:\n" + "".join(f"  - {{indicator_codes: {each}}}\n" for each in given)
    place, _ = filtered({"params/report.yml": SMALL["params/report.yml"] + rules})
    (rule,) = read_book(place, MONTH).settings.rating_rules
    assert rule.indicator_codes == ("3.10",)


def test_what_is_expected_of_what_is_withheld_goes_with_it(filtered, tmp_path):
    """In params/expectations.yml as under the old key; entries of the workspace's own stay."""
    changes = (
        "- {expectation: value_is_not_late, indicator_codes: ['3.1'], allowed_lag: 1, reason: Late.}\n"
        "- {expectation: value_is_given, indicator_codes: ['3.1', '3.10'], severity: off, reason: Known.}\n"
    )
    place, _ = filtered({"params/expectations.yml": changes + DAYS})
    (given, days) = read_book(place, MONTH).expectations
    assert (given["expectation"], given["indicator_codes"], given["severity"]) == ("value_is_given", ["3.10"], False)
    assert days["name"] == "value_is_above_zero"
    settings = SMALL["params/report.yml"] + "expectations:\n" + changes
    workspace = small_workspace(tmp_path / "old", {"params/report.yml": settings})
    mark(workspace, ("3.1",))
    place, _ = make_public(Workspace(workspace), MONTH, tmp_path / "old-filtered")
    assert [each["indicator_codes"] for each in read_book(place, MONTH).settings.expectations] == [["3.10"]]


def test_a_flag_that_cannot_be_read_withholds_nothing_by_chance(tmp_path):
    workspace = small_workspace(tmp_path / "workspace")
    mark(workspace, ())
    path = workspace / "data/indicators.csv"
    path.write_text(
        path.read_text()
        .replace("gauge_high,public\n", "gauge_high,public\n", 1)
        .replace(",,,,,,,,\n", ",,,,,,,,perhaps\n", 1)
    )
    with pytest.raises(InputError, match=r"column public \(3\.1\): cannot read 'perhaps'\. Expected true or false\.$"):
        make_public(Workspace(workspace), MONTH, tmp_path / "filtered")


def test_a_comment_marked_public_stays(filtered):
    comments = {
        f"data/commentary/{MONTH}/3-10.md": "---\npublic: true\n---\nMended in time.\n",
        f"data/commentary/{MONTH}/3-1.md": "Lamps are slow to come.\n",
    }
    place, _ = filtered(comments)
    assert list(read_book(place, MONTH).commentary["text"]) == ["Mended in time."]


def test_somebody_who_names_it_elsewhere_is_told_where(filtered, tmp_path):
    comment = {f"data/commentary/{MONTH}/3-10.md": "Slower than Street  lights lit, which is withheld.\n"}
    _, refuse = filtered(comment)
    folder = tmp_path / "staged"
    folder.mkdir()
    (folder / "report.html").write_text("<p>Slower than Street\nlights lit, which is withheld.</p>")
    with pytest.raises(RunError) as refused:
        refuse(folder)
    assert str(refused.value) == (
        "The public edition of 2018-05 would name what is kept out of it, so it was not published.\n"
        "'Street lights lit' (the name of an indicator that is not public) stands in data/commentary/2018-05/3-10.md.\n"
        "Word that text otherwise, or mark it public: false too."
    )


def test_a_number_is_no_leak(filtered, tmp_path):
    _, refuse = filtered()
    folder = tmp_path / "staged"
    folder.mkdir()
    (folder / "scorecard.csv").write_text("3.1\n")
    refuse(folder)


def test_without_a_flag_everything_is_public(tmp_path):
    extra = with_line("data/judgements.csv", "3.1,2018-05,,AT_RISK,a reason,Head,2018-06-01")
    workspace = small_workspace(tmp_path / "workspace", extra)
    place, refuse = make_public(Workspace(workspace), MONTH, tmp_path / "filtered")
    refuse(workspace / "data")
    everything, shown = (scorecard_of(read_book(each, MONTH)) for each in (Workspace(workspace), place))
    assert outcome_count(shown) == outcome_count(everything)
    assert io.StringIO(shown.to_csv()).getvalue() == everything.to_csv()


MATCHES = "indicator_code,file,words,fingerprint,role,date\n"
COMMENT = f"data/commentary/{MONTH}/3-10.md"
WITHOUT_OFFICERS = SMALL["params/report.yml"] + "public:\n  officers: false\n"


def refused(make, *arguments) -> str:
    with pytest.raises(RunError) as told:
        make(*arguments)
    return str(told.value)


def confirmed(message: str) -> str:
    """The table that the message says to write, signed."""
    lines = message[message.index(MATCHES) :].splitlines()
    return "".join(
        f"{line.removesuffix(',,')}{',Head,2018-06-01' * (number > 0)}\n" for number, line in enumerate(lines)
    )


@pytest.fixture
def officers(tmp_path):
    """A function that makes the public copy of a workspace whose officers are not named, with a comment."""

    def make(comment: str, matches: str = ""):
        folder = tmp_path / f"workspace{len(list(tmp_path.iterdir()))}"
        changes = {"params/report.yml": WITHOUT_OFFICERS, COMMENT: comment}
        workspace = small_workspace(folder, changes | ({"data/public_matches.csv": matches} if matches else {}))
        indicators = workspace / "data/indicators.csv"
        indicators.write_text(indicators.read_text().replace("SAFE,,,,,", "SAFE,,,Ada Brown,,", 1))
        mark(workspace, ())
        return make_public(Workspace(workspace), MONTH, folder / "filtered")

    return make


def test_one_word_that_may_mean_it_is_refused_until_somebody_confirms_that_it_does_not(officers):
    comment = "Brown bins are emptied again.\n"
    message = refused(officers, comment)
    assert f"{COMMENT}: 'brown' may be an officer's surname ('Brown')." in message
    table = confirmed(message)
    place, _ = officers(comment, table)
    assert not (place.data / "public_matches.csv").exists()
    assert f"{COMMENT}: 'brown' may be" in refused(officers, f"{comment}So says Mr Brown.\n", table)
    unsigned = table.replace("Head,2018-06-01", ",")
    assert f"{COMMENT}: 'brown' may be" in refused(officers, comment, unsigned)


def test_a_whole_name_cannot_be_confirmed(officers, tmp_path):
    comment = "Ask Ada *Brown*.\n"
    table = confirmed(refused(officers, comment))
    _, refuse = officers(comment, table)
    staged = tmp_path / "staged"
    staged.mkdir()
    (staged / "report.html").write_text("<p>Ask Ada <em>Brown</em>.</p>")
    message = refused(refuse, staged)
    assert f"'Ada Brown' (an officer's name) stands in {COMMENT}." in message


def test_every_kind_of_file_of_a_set_is_read(officers, tmp_path):
    """In words, attributes, names of files, descriptions; whatever the council's own notebook puts there."""
    _, refuse = officers("Fine.\n")
    for name, content in {
        "report.html": '<img alt="Ada Brown">', "report.ipynb": '{"cells": [{"source": "# Ada\\u00a0Brown"}]}',
        "quality.json": '{"by": "Ada Brown"}', "scorecard.csv": "x\nada brown\n", "ada-brown.txt": "x",
        "committees/ada.brown/report.html": "<p>", "datapackage.json": '{"Ada Brown": 1}',
    }.items():  # fmt: skip
        staged = tmp_path / f"staged-{name.replace('/', '-')}"
        (staged / name).parent.mkdir(parents=True)
        (staged / name).write_text(content, encoding="utf-8")
        assert f"stands in the report ({name})" in refused(refuse, staged)


def test_a_pdf_and_a_workbook_are_read(officers, tmp_path):
    _, refuse = officers("Fine.\n")
    pdf = tmp_path / "pdf"
    pdf.mkdir()
    (pdf / "report.pdf").write_bytes(typst.compile(b'#set document(author: "x")\nAda #emph[Brown] is here.'))
    assert "stands in the report (report.pdf)" in refused(refuse, pdf)
    (pdf / "report.pdf").write_bytes(typst.compile(b'#set document(author: "Ada Brown")\nx'))
    assert "stands in the report (report.pdf)" in refused(refuse, pdf)
    book = openpyxl.Workbook()
    book.active["A1"].comment = openpyxl.comments.Comment("by Ada Brown", "x")
    workbook = tmp_path / "workbook"
    workbook.mkdir()
    book.save(workbook / "scorecard.xlsx")
    assert "stands in the report (scorecard.xlsx)" in refused(refuse, workbook)


def test_the_archive_is_refused_while_an_earlier_month_names_what_is_withheld_now(tmp_path):
    workspace = small_workspace(tmp_path / "workspace")
    mark(workspace, ())
    publish_set(workspace / "outputs/public", workspace, MONTH)
    assert CliRunner().invoke(app, ["site", "--public", "--workspace", str(workspace)]).exit_code == 0
    before = (workspace / "outputs/public/index.html").read_bytes()
    indicators = workspace / "data/indicators.csv"
    mark_again = indicators.read_text().replace("public\n3.1,", "public\n3.1,", 1).splitlines()
    indicators.write_text(
        "\n".join([f"{line}false" if line.startswith("3.1,") else line for line in mark_again]) + "\n"
    )
    done = CliRunner().invoke(app, ["site", "--public", "--workspace", str(workspace)])
    assert done.exit_code == 1
    assert "'Street lights lit' (the name of an indicator that is not public)" in done.stderr
    assert f"Publish it again: mpr run {MONTH} --public." in done.stderr
    assert (workspace / "outputs/public/index.html").read_bytes() == before
