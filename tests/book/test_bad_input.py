"""Files that cannot be used at all: each refused with a whole message that says where, what and what to do."""

import os

import pytest

from mpr_lib.book import Workspace, read_book
from mpr_lib.book.tables import RETURNS, RETURNS_OPTIONAL
from mpr_lib.errors import InputError
from tests.helpers import SMALL, barred, small_workspace, with_line

MAY = "data/returns/2018-05.csv"
HEADING = "indicator_code,month,value,note\n"
REQUIRED = ", ".join(RETURNS)
EXPECTED = ", ".join([*RETURNS, *RETURNS_OPTIONAL])
COMMENT = "data/commentary/2018-05/3-1.md"


def replaced(name, old, new):
    assert old in SMALL[name]
    return {name: SMALL[name].replace(old, new)}


REFUSED = {
    "missing table": (
        {"data/targets.csv": None},
        "data/targets.csv is missing. Add it, or name the right workspace.",
    ),
    "missing shared parameters": (
        {"params/report.yml": None},
        "params/report.yml is missing. Add it, or name the right workspace.",
    ),
    "missing month's parameters": (
        {"params/2018-05.yml": None},
        "params/2018-05.yml is missing. Make it with 'mpr next', or write the line 'month: 2018-05' into it.",
    ),
    "missing return": (
        {MAY: None},
        "data/returns/2018-05.csv is missing. Put the figures that were received for 2018-05 there.",
    ),
    "a comment in two versions": (
        {COMMENT: "Fine.\n<<<<<<< HEAD\nLate.\n=======\nLater.\n>>>>>>> other\n"},
        f"{COMMENT} line 2: '<<<<<<< HEAD' parts two versions of the file that were never made one. "
        "Keep what is right and take such lines out.",
    ),
    "settings in two versions": (
        {"params/2018-05.yml": "reporting_month: 2018-05\n>>>>>>> other\n"},
        "params/2018-05.yml line 2: '>>>>>>> other' parts two versions of the file that were never made one. "
        "Keep what is right and take such lines out.",
    ),
    "an abbreviation twice": (
        {"data/abbreviations.csv": "abbreviation,meaning\nLED,light emitting diode\nLED,a lamp\n"},
        "data/abbreviations.csv row 3: 'LED' is explained twice, or not at all. Expected each abbreviation once, with "
        "its meaning.",
    ),
    "abbreviations under the heading of their meanings": (
        {"data/abbreviations.csv": "meaning,abbreviation\nLED,light emitting diode\nLA,local authority\n"},
        "data/abbreviations.csv: each abbreviation is longer than its meaning. Expected the short form under "
        "abbreviation and the long one under meaning: exchange the headings.",
    ),
    "an abbreviation without its meaning": (
        {"data/abbreviations.csv": "abbreviation,meaning\nLED,\n"},
        "data/abbreviations.csv row 2: 'LED' is explained twice, or not at all. Expected each abbreviation once, with "
        "its meaning.",
    ),
    "missing column": (
        {MAY: "indicator_code,month,value\n3.1,2018-05,97%\n"},
        f"{MAY} lacks the column 'note'. Its headings are: indicator_code, month, value.",
    ),
    "misspelt column": (
        {MAY: "indicator_code,month,valeu,note\n3.1,2018-05,97%,\n"},
        f"{MAY} lacks the column 'value'. 'valeu' stands there: rename it.",
    ),
    "extra column": (
        {MAY: "indicator_code,month,value,note,colour\n3.1,2018-05,97%,,red\n"},
        f"{MAY} has the column 'colour', which nothing reads. Expected {EXPECTED}.",
    ),
    "two headings the same": (
        {MAY: "indicator_code,month,value,value,note\n3.1,2018-05,97%,98%,\n"},
        f"{MAY} has the column 'value' twice.",
    ),
    "all faults of a heading row": (
        {MAY: "indicator_code,month,month,valeu,colour\n"},
        f"{MAY} lacks the column 'value'. 'valeu' stands there: rename it.\n"
        f"{MAY} lacks the column 'note'. Its headings are: indicator_code, month, month, valeu, colour.\n"
        f"{MAY} has the column 'colour', which nothing reads. Expected {EXPECTED}.\n"
        f"{MAY} has the column 'month' twice.",
    ),
    "semicolons between cells": (
        {MAY: "indicator_code;month;value;note\n3.1;2018-05;97%;\n"},
        f"{MAY} has semicolons or tabs between its cells. Save it as 'CSV UTF-8', with commas.",
    ),
    "empty file": (
        {MAY: ""},
        f"{MAY} has no headings in its first row. Expected {REQUIRED}.",
    ),
    "empty first row": (
        {MAY: "\n" + HEADING},
        f"{MAY} has no headings in its first row. Expected {REQUIRED}.",
    ),
    "too many cells": (
        {MAY: HEADING + "3.1,2018-05,97%,\n3.10,2018-05,1,544,\n"},
        f"{MAY} row 3: has 5 cells under 4 headings. Put quotes around a text that holds a comma.",
    ),
    "a cell beyond an empty heading": (
        {MAY: "indicator_code,month,value,note,\n3.1,2018-05,97%,,98%\n"},
        f"{MAY} row 2: has 5 cells under 4 headings. Put quotes around a text that holds a comma.",
    ),
    "unclosed quote": (
        {MAY: HEADING + '3.1,2018-05,97%,\n3.10,2018-05,"1,544,\n'},
        f"{MAY} row 3: cannot be read as CSV: unexpected end of data. Look for a quote that is not closed.",
    ),
    "text after a closed quote": (
        {MAY: HEADING + '3.1,2018-05,"97"%,\n'},
        f"{MAY} row 2: cannot be read as CSV: ',' expected after '\"'. Look for a quote that is not closed.",
    ),
    "Windows-1252": (
        {MAY: HEADING.encode() + b"3.1,2018-05,97%,\n3.10,2018-05,1,cost \xa35\n"},
        f"{MAY} line 3: is not UTF-8 (a byte there would be '£' in Windows-1252). Save the file again as 'CSV UTF-8', "
        "so that £ and curly quotes arrive as they were typed.",
    ),
    "Windows-1252 commentary": (
        {COMMENT: "The council’s lights.".encode("cp1252")},
        f"{COMMENT} line 1: is not UTF-8 (a byte there would be '’' in Windows-1252). Save the file again as UTF-8, "
        "so that £ and curly quotes arrive as they were typed.",
    ),
    "UTF-16 with its mark": (
        {MAY: (HEADING + "3.1,2018-05,97%,\n").encode("utf-16")},
        f"{MAY} line 1: is not UTF-8 (a byte there would be 'ÿ' in Windows-1252). Save the file again as 'CSV UTF-8', "
        "so that £ and curly quotes arrive as they were typed.",
    ),
    "UTF-16 without its mark": (
        {MAY: HEADING.encode("utf-16-le")},
        f"{MAY} holds null characters: it is not a text file. Save it as 'CSV UTF-8'.",
    ),
    "null character": (
        {MAY: HEADING + "3.1,2018-05,97%,\x00\n"},
        f"{MAY} holds null characters: it is not a text file. Save it as 'CSV UTF-8'.",
    ),
    "a character that steers a screen in a table": (
        {MAY: HEADING + '3.1,2018-05,97%,"two\nlines"\n3.10,2018-05,1,"two\n\x1b[2J"\n'},
        f"{MAY} row 3: holds the character U+001B, which nobody can see. Take it out, or type that text again.",
    ),
    "a character that steers a screen in a comment": (
        {COMMENT: "Lit.\r\n\r\nAnd\x9b2J lit.\n"},
        f"{COMMENT} line 3: holds the character U+009B, which nobody can see. Take it out, or type that text again.",
    ),
    "invalid YAML": (
        {"params/2018-05.yml": "month: 2018-05\nversion: [V1.0\n"},
        "params/2018-05.yml line 3, column 1: cannot be read as YAML: did not find expected ',' or ']'. "
        "Correct that line.",
    ),
    "a tab in YAML": (
        {"params/2018-05.yml": "month: 2018-05\nnotes:\n\t- late\n"},
        "params/2018-05.yml line 3, column 1: cannot be read as YAML: found character that cannot start any "
        "token. Correct that line.",
    ),
    "duplicate YAML key": (
        {"params/2018-05.yml": "month: 2018-05\nversion: V1.0\nversion: V1.1\n"},
        "params/2018-05.yml line 3, column 1: cannot be read as YAML: 'version' is given twice. Correct that line.",
    ),
    "a text cut by an unquoted #": (
        {"params/report.yml": "publisher: Team #1\n" + SMALL["params/report.yml"]},
        "params/report.yml line 1, column 16: cannot be read as YAML: found 'Team' and a # that "
        "begins a remark. Put quotes around the text, 'Team #1', or a space after the # where a remark is meant. "
        "Correct that line.",
    ),
    "a note cut by an unquoted #": (
        {"params/2018-05.yml": "month: 2018-05 # May\nnotes:\n- See Team #1  \n"},
        "params/2018-05.yml line 3, column 11: cannot be read as YAML: found 'See Team' and a # that "
        "begins a remark. Put quotes around the text, 'See Team #1', or a space after the # where a remark is meant. "
        "Correct that line.",
    ),
    "a note cut by an unquoted # where lines end as on old Macs": (
        {"params/2018-05.yml": "month: 2018-05\r\rnotes:\r- See Team #1\r"},
        "params/2018-05.yml line 4, column 11: cannot be read as YAML: found 'See Team' and a # that "
        "begins a remark. Put quotes around the text, 'See Team #1', or a space after the # where a remark is meant. "
        "Correct that line.",
    ),
    "a key that is a list": (
        {"params/2018-05.yml": "month: 2018-05\n? [a, b]\n: c\n"},
        "params/2018-05.yml line 2, column 3: cannot be read as YAML: found unhashable key. Correct that line.",
    ),
    "a date that no calendar has": (
        {"params/2018-05.yml": "month: 2018-05\ngenerated: 2018-06-31\n"},
        "params/2018-05.yml line 2, column 12: cannot be read as YAML: '2018-06-31' is no date or number. Correct that "
        "line.",
    ),
    "no settings": (
        {"params/2018-05.yml": ""},
        "params/2018-05.yml holds no settings. Expected lines such as 'version: V1.0'.",
    ),
    "unknown key with a suggestion": (
        {"params/2018-05.yml": "month: 2018-05\nversoin: V1.1\n"},
        "params/2018-05.yml has 'versoin', which the report does not use. Did you mean 'version'?",
    ),
    "misspelt key that is also missed": (
        {"params/2018-05.yml": "mnth: 2018-05\n"},
        "params/2018-05.yml lacks 'month', which the report needs. Add a line 'month: …'.\n"
        "params/2018-05.yml has 'mnth', which the report does not use. Did you mean 'month'?",
    ),
    "colour that is a remark": (
        with_line("params/report.yml", "brand:\n  colour: #6B1F52"),
        "params/report.yml, 'brand.colour': found nothing. Expected a text. Where one begins with #, as '#6B1F52', "
        "quote it: without quotes # begins a remark.",
    ),
    "unknown key like no other": (
        {"params/2018-05.yml": "month: 2018-05\nzzz: 1\n"},
        "params/2018-05.yml has 'zzz', which the report does not use. "
        "It knows month, version, corrections, generated, finance_next, notes.",
    ),
    "unknown key of a contact": (
        replaced("params/report.yml", "- name: A. Person", "- name: A. Person\n    emial: a@b.example"),
        "params/report.yml has 'contacts.0.emial', which the report does not use. Did you mean 'email'?",
    ),
    "contact without a name": (
        replaced("params/report.yml", "- name: A. Person", "- email: a@b.example"),
        "params/report.yml lacks 'contacts.0.name', which the report needs. Add a line 'name: …'.",
    ),
    "wrong type": (
        {"params/2018-05.yml": "month: 2018-05\nnotes: late\n"},
        "params/2018-05.yml, 'notes': found 'late'. Expected a list: lines that begin with '- '.",
    ),
    "a value where lines are wanted": (
        {"params/report.yml": SMALL["params/report.yml"] + "brand: 3\n"},
        "params/report.yml, 'brand': found 3. Expected lines of the form 'key: value'.",
    ),
    "a word where an entry of lines is wanted": (
        {"params/report.yml": SMALL["params/report.yml"] + "rating_rules: [x]\n"},
        "params/report.yml, 'rating_rules.0': found 'x'. Expected lines of the form 'key: value'.",
    ),
    "a version that YAML reads as a number": (
        {"params/2018-05.yml": "month: 2018-05\nversion: 1.0\n"},
        "params/2018-05.yml, 'version': found 1.0. Expected a text: put quotes around it.",
    ),
    "language without words": (
        {"params/report.yml": SMALL["params/report.yml"] + "language: cy\n"},
        "params/report.yml, 'language': found 'cy'. The report has English words only. "
        "Expected en, or en with a country such as en-GB.",
    ),
    "language in a form of its own": (
        {"params/report.yml": SMALL["params/report.yml"] + "language: en_GB\n"},
        "params/report.yml, 'language': found 'en_GB'. The report has English words only. "
        "Expected en, or en with a country such as en-GB.",
    ),
    "a tolerance that is a percentage": (
        {"params/report.yml": SMALL["params/report.yml"] + "default_tolerance: 5\n"},
        "params/report.yml, 'default_tolerance': found 5. Input should be less than or equal to 1.",
    ),
    "rules of process charts that are not known": (
        {"params/report.yml": SMALL["params/report.yml"] + "spc_rules: nelson\n"},
        "params/report.yml, 'spc_rules': found 'nelson'. Input should be 'mdc' or 'nhsr'.",
    ),
    "fewer points than can be judged": (
        {"params/report.yml": SMALL["params/report.yml"] + "spc_fewest_points: 7\n"},
        "params/report.yml, 'spc_fewest_points': found 7. Input should be greater than or equal to 8.",
    ),
    "more points than most series have": (
        {"params/report.yml": SMALL["params/report.yml"] + "spc_fewest_points: 26\n"},
        "params/report.yml, 'spc_fewest_points': found 26. Input should be less than or equal to 25.",
    ),
    "a baseline too short for limits": (
        {"params/report.yml": SMALL["params/report.yml"] + "spc_baseline_points: 12\n"},
        "params/report.yml, 'spc_baseline_points': found 12. Input should be greater than or equal to 13.",
    ),
    "a warning at more likely than not": (
        {"params/report.yml": SMALL["params/report.yml"] + "warn_at: 0.5\n"},
        "params/report.yml, 'warn_at': found 0.5. Input should be less than 0.5.",
    ),
    "a warning at a percentage": (
        {"params/report.yml": SMALL["params/report.yml"] + "warn_at: 20%\n"},
        "params/report.yml, 'warn_at': found '20%'. Input should be a valid number, unable to parse string as a "
        "number.",
    ),
    "a reporting month that is none": (
        {"params/2018-05.yml": "month: 2018-13\n"},
        "params/2018-05.yml, 'month': found '2018-13'. Cannot read '2018-13' as a month. "
        "Expected a month such as 2018-05, May 2018 or May-18.",
    ),
    "parameters copied from another month": (
        {"params/2018-05.yml": "month: 2018-04\n"},
        "params/2018-05.yml says month: 2018-04. Expected 2018-05, as its name says. "
        "Correct the line or rename the file.",
    ),
    "two codes with one slug": (
        with_line("data/indicators.csv", "3-10,Potholes again,,SAFE,,,,,MAXIMISE,,number,0,,,,,,,"),
        "data/indicators.csv: '3.10' and '3-10' would share the file name 3-10.md. Change one of the codes.",
    ),
    "a return with an odd name": (
        {"data/returns/2018-05 (final).csv": SMALL[MAY]},
        "data/returns/2018-05 (final).csv is not named by a month. Expected a name such as 2018-05.csv.",
    ),
    "a return named by a month in words": (
        {"data/returns/May 2018.csv": SMALL[MAY]},
        "data/returns/May 2018.csv is not named by a month. Expected a name such as 2018-05.csv.",
    ),
    "a return named by no month": (
        {"data/returns/2018-14.csv": SMALL[MAY]},
        "data/returns/2018-14.csv is not named by a month. Expected a name such as 2018-05.csv.",
    ),
    "a return named in capitals": (
        {"data/returns/2018-03.CSV": SMALL[MAY]},
        "data/returns/2018-03.CSV is not named by a month. Expected a name such as 2018-05.csv.",
    ),
    "front matter that is no YAML": (
        {COMMENT: "---\nrole: [Head\n---\nLit.\n"},
        f"{COMMENT} line 3, column 1: cannot be read as YAML: did not find expected ',' or ']'. Correct that line.",
    ),
    "a word for no value that is a figure": (
        {"params/report.yml": SMALL["params/report.yml"] + "no_value_words:\n  '0': NOT_DUE\n"},
        "params/report.yml, 'no_value_words': found {'0': 'NOT_DUE'}. Expected words such as 'Annual KPI', and '0' "
        "is none.",
    ),
    "a word for no value twice": (
        {"params/report.yml": SMALL["params/report.yml"] + "no_value_words:\n  NA: NOT_DUE\n  na: AWAITED\n"},
        "params/report.yml, 'no_value_words': found {'NA': 'NOT_DUE', 'na': 'AWAITED'}. Expected each word once: "
        "capitals do not count.",
    ),
    "a word for no value without a known reason": (
        {"params/report.yml": SMALL["params/report.yml"] + "no_value_words:\n  NA: NONE\n"},
        "params/report.yml, 'no_value_words.NA': found 'NONE'. Input should be 'NOT_SUPPLIED', 'AWAITED', "
        "'NOT_APPLICABLE' or 'NOT_DUE'.",
    ),
    "front matter that is no list of keys": (
        {COMMENT: "---\njust words\n---\nLit.\n"},
        f"{COMMENT}: the lines between --- and --- cannot be read. Expected role:, date:, state: or public:.",
    ),
    "front matter with an unknown key": (
        {COMMENT: "---\nauthor: Head\n---\nLit.\n"},
        f"{COMMENT} has 'author' between --- and ---. Expected role, date, state, public.",
    ),
    "front matter with an unknown key that is empty": (
        {COMMENT: "---\nauthor:\n---\nLit.\n"},
        f"{COMMENT} has 'author' between --- and ---. Expected role, date, state, public.",
    ),
    "front matter with a key twice": (
        {COMMENT: "---\nrole: Head\nrole: Deputy\n---\nLit.\n"},
        f"{COMMENT} line 3, column 1: cannot be read as YAML: 'role' is given twice. Correct that line.",
    ),
    "front matter with a role cut by an unquoted #": (
        {COMMENT: "---\nrole: Team #1\n---\nLit.\n"},
        f"{COMMENT} line 2, column 11: cannot be read as YAML: found 'Team' and a # that "
        "begins a remark. Put quotes around the text, 'Team #1', or a space after the # where a remark is meant. "
        "Correct that line.",
    ),
    "front matter with a list for a role": (
        {COMMENT: "---\nrole: [Head, Deputy]\n---\nLit.\n"},
        f"{COMMENT}, 'role': found ['Head', 'Deputy']. Expected one text.",
    ),
    "front matter with an unknown state": (
        {COMMENT: "---\nstate: finished\n---\nLit.\n"},
        f"{COMMENT}, 'state': found 'finished'. Expected draft or approved.",
    ),
    "front matter with another way of writing a date": (
        {COMMENT: "---\ndate: 21 June 2018\n---\nLit.\n"},
        f"{COMMENT}, 'date': found '21 June 2018'. Expected a date such as 2018-06-21.",
    ),
    "front matter with a date that no calendar has": (
        {COMMENT: "---\ndate: 2018-06-31\n---\nLit.\n"},
        f"{COMMENT} line 2, column 7: cannot be read as YAML: '2018-06-31' is no date or number. Correct that line.",
    ),
    "front matter without an end": (
        {COMMENT: "---\nrole: Head\n\nLit.\n"},
        f"{COMMENT} begins with --- and has no second ---. Add it after role:, date:, state: and public:.",
    ),
}


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_the_whole_message(tmp_path, changes, message):
    workspace = Workspace(small_workspace(tmp_path, changes))
    with pytest.raises(InputError) as error:
        read_book(workspace, "2018-05")
    assert str(error.value) == message


def test_the_small_workspace_is_read_when_nothing_is_spoilt(tmp_path):
    book = read_book(Workspace(small_workspace(tmp_path)), "2018-05")
    assert len(book.problems) == 0
    assert book.values["value_text"].tolist() == ["96%", "90", "97%", "210"]


@pytest.mark.parametrize("tag", ["en", "en-GB", "en-IE"])
def test_english_of_any_country_is_read(tmp_path, tag):
    settings = {"params/report.yml": SMALL["params/report.yml"] + f"language: {tag}\n"}
    assert read_book(Workspace(small_workspace(tmp_path, settings)), "2018-05").settings.language == tag


def test_a_folder_that_is_no_workspace_says_what_it_lacks(tmp_path):
    with pytest.raises(InputError) as error:
        Workspace(tmp_path / "nowhere")
    assert str(error.value) == (
        f"{tmp_path / 'nowhere'} is not a workspace: it needs the folders data and params. "
        "Name the right folder with --workspace."
    )


def test_of_many_faults_the_first_five_are_shown_and_all_are_kept(tmp_path):
    rows = "".join(f"3.1,2018-05,1,{number},\n" for number in range(7))
    workspace = Workspace(small_workspace(tmp_path, {MAY: HEADING + rows}))
    with pytest.raises(InputError) as error:
        read_book(workspace, "2018-05")
    lines = str(error.value).splitlines()
    assert [line.split(":")[0] for line in lines[:5]] == [f"{MAY} row {row}" for row in range(2, 7)]
    assert lines[5:] == ["… and 2 more."]
    assert len(error.value.problems) == 7


@pytest.mark.parametrize("folder", ["data/commentary", "data/returns", "params"])
def test_a_folder_that_may_not_be_looked_through_is_not_an_empty_one(tmp_path, monkeypatch, folder):
    place = small_workspace(tmp_path, {"data/commentary/2018-05/3-1.md": "Lit.\n"})
    monkeypatch.setattr(os, "scandir", barred(os.scandir, folder.rpartition("/")[2]))
    with pytest.raises(InputError, match=f"Cannot look through the folder {folder}: Permission denied"):
        read_book(Workspace(place), "2018-05")
