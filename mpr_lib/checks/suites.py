"""Suites: the expectations as YAML holds them, one file for each batch, and how their findings are worded.

An entry is a class of Great Expectations, or one of ``engine``'s, with its arguments, and what people need: severity,
characteristic, ``means`` (its description), ``found`` (for officers), ``readers`` (for readers of the report, as
``readers`` has it; empty where it is not their business), ``chip`` (two words for them, beside the figure in tables)
and ``do``. ``found`` and ``do`` are filled in from the row that fails: its columns in words,
``{place}`` (file, row, column, indicator and month), ``{cell}`` (the same without the month), ``{found}`` (the text at
fault, of the column that ``text`` names), ``{officer}``; ``{expected}`` and ``{near}`` of a set, ``{all_rows}`` of what
must be unique; ``{note:yes %s|no}`` says the first where the note is not empty, else the second. ``in_column`` is the
column that the finding names, ``month`` and ``file`` are the frame's columns that say where it stands, and failing rows
alike in ``one_per`` make one finding, of the first of them. ``severity_from`` is a parameter that gives the severity,
where the settings decide of it. Several entries of one name make one expectation.
``like: returns`` takes what is not said from the entry of that name in another suite. A text that begins with ``$`` is
filled in from ``frames.parameters``.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import field, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
import yaml
from pydantic import BeforeValidator, Field, model_validator
from pydantic.dataclasses import dataclass

from mpr_lib.annexes import brought
from mpr_lib.book.plain_yaml import read_yaml
from mpr_lib.book.settings import Strict, read_part, such
from mpr_lib.checks.findings import CHARACTERISTICS, SEVERITIES, Finding
from mpr_lib.checks.readers import Word, alone, shared
from mpr_lib.errors import InputError, near, shown, unseen
from mpr_lib.rules.months import month_label
from mpr_lib.rules.values import format_number
from mpr_lib.words import joined

FOLDER = Path(__file__).parent / "suites"
UNCHANGEABLE = ("expectation_is_as_delivered", "critical_expectation_stands")
"""Expectations that say what a workspace changed about the others."""

OWN_FILE = "params/expectations.yml"
TOLD = ("place", "cell", "found", "officer", "column", "expected", "near", "all_rows")
"""What a message can be filled in with beside the columns of its row."""

_UNIQUE = ("ExpectColumnValuesToBeUnique", "ExpectCompoundColumnsToBeUnique")
READABLE = "cell_is_readable"
LATE = "value_is_not_late"


@dataclass(frozen=True)
class Entry:
    """One entry of a suite; the module says what its parts are. ``source`` is the file that it comes from."""

    batch: str
    name: Annotated[str, such(r"[a-z0-9_]+", "Expected small letters, digits and _")]
    expect: str
    severity: str
    characteristic: str
    means: str
    found: str
    do: str
    readers: str = ""
    chip: str = ""
    text: str = ""
    in_column: str = ""
    month: str = "month"
    file: str = ""
    one_per: tuple[str, ...] = ()
    severity_from: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    source: str = field(default="", compare=False)

    @model_validator(mode="after")
    def _whole(self):
        condition = self.arguments.get("row_condition", "all")
        if not isinstance(condition, str) or not condition.strip():
            raise ValueError(
                f"Found the row_condition {shown(condition)}. Expected a text for pandas, such as 'unit == \"%\"'"
            )
        if not all(isinstance(name, str) for name in self.columns):
            raise ValueError(f"Found the columns {shown(self.columns)}. Expected the names of columns")
        return self

    @property
    def columns(self) -> list[str]:
        """The columns of the frame that it looks at."""
        found = [value for name, value in self.arguments.items() if name.startswith("column")]
        return [name for value in found for name in (value if isinstance(value, list | tuple) else [value])]

    @property
    def condition_columns(self) -> list[str]:
        """The words of its row condition, the columns that it asks for among them."""
        return re.findall(r"\w+", self.arguments.get("row_condition", ""))

    def condition(self, parameters: Mapping) -> str | None:
        """The row condition with its ``$names`` filled in; None without one."""
        said = self.arguments.get("row_condition")
        return said and re.sub(r"\$(\w+)", lambda name: repr(parameters[name[1]]), said)

    def rows(self, frame: pd.DataFrame, failing: list[int]) -> pd.DataFrame:
        """The failing rows of its frame, one for each finding."""
        columns = list(self.one_per or (self.columns if self.expect in _UNIQUE else ()))
        rows = frame.iloc[failing]
        if self.expect in _UNIQUE:
            said = rows.groupby(self.columns)["row"].transform(rows_text) if len(rows) else ""
            rows = rows.assign(all_rows=said)
        return rows.drop_duplicates(columns) if columns else rows

    def finding(self, row: Mapping[str, Any], parameters: Mapping) -> Finding:
        """The finding that a failing row makes."""
        told: dict[str, Any] = {key: Word(in_words(value)) for key, value in row.items()}
        month, file = row[self.month], self.file or "file"
        told |= {"file": told[file], "row": "" if self.file or pd.isna(row["row"]) else str(int(row["row"]))}
        told |= {"found": told.get(self.text, Word()), "officer": told.get("managed_by") or "the indicator's officer"}
        told["column"] = self.in_column.format_map(told)
        where = (told["file"], told["row"], told["column"], told["indicator_code"])
        told |= {"cell": place(*where), "place": place(*where, in_words(month))}
        told |= self._of_set(told, parameters)
        return Finding(
            expectation=self.name,
            severity=parameters.get(self.severity_from, self.severity),
            characteristic=self.characteristic,
            indicator_code=str(told["indicator_code"]),
            month="" if pd.isna(month) else str(month),
            file=str(told["file"]),
            row=int(told["row"]) if told["row"] else None,
            column=told["column"],
            found=str(told["found"]),
            message=self.found.format_map(told),
            action=self.do.format_map(told),
            readers=alone(self.readers, told),
            chip=self.chip.format_map(told),
            shared=shared(self.readers, told),
        )

    def _of_set(self, told, parameters):
        allowed = self.arguments.get("value_set")
        if not isinstance(allowed, str):
            return {}
        allowed = parameters[allowed[1:]]
        return {
            "expected": joined(list(map(str, allowed)), "or") or "one that is listed, and none is",
            "near": near(told["found"], allowed),
        }

    def of_all(self, frame: pd.DataFrame, parameters: Mapping) -> Finding:
        """The finding that a batch as a whole makes."""
        files = frame["file"].dropna().unique()
        nowhere = {**dict.fromkeys(frame), "indicator_code": "", "file": files[0] if len(files) == 1 else ""}
        return self.finding(nowhere, parameters)

    def failure(self, error: str) -> Finding:
        """The finding that this expectation itself could not be run."""
        return Finding(
            self.name, "critical", self.characteristic, "", "", "", None, "", "",
            f"The check '{self.name}' could not be run ({error}). So it is not known whether the data meets it: "
            f"{self.means}",
            "Tell whoever looks after this report. Nothing is published until the check runs.",
        )  # fmt: skip

    def as_yaml(self) -> str:
        """The entry as a suite has it, with the batch that ``params/expectations.yml`` needs, to paste."""
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        own |= {"one_per": list(self.one_per)}
        first = {"name": self.name, "batch": self.batch, "expect": self.expect, **self.arguments}
        rest = {name: own[name] for name in _NEEDED[2:]} | {"readers": self.readers}
        rest |= {name: own[name] for name in _OPTIONAL if own[name] not in ("", [], _DEFAULTS.get(name))}
        return yaml.safe_dump([first | rest], sort_keys=False, allow_unicode=True, width=118)


_NEEDED = ("name", "expect", "severity", "characteristic", "means", "found", "do")
_OPTIONAL = ("chip", "text", "in_column", "month", "file", "one_per", "severity_from")
_DEFAULTS = {each.name: each.default for each in fields(Entry)}


def _off(word):
    """YAML reads off as false."""
    return "off" if word is False else word


class ExpectationChange(Strict):
    """What a workspace expects otherwise than others, of which indicators, and why."""

    expectation: str
    indicator_codes: list[str] = Field([])
    severity: Annotated[Literal["critical", "warning", "info", "off"] | None, BeforeValidator(_off)] = None
    allowed_lag: int | None = Field(None, ge=0, le=99)
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self):
        if (self.severity is None) == (self.allowed_lag is None):
            raise ValueError("Expected a severity or an allowed_lag, and one of them only")
        if self.allowed_lag is not None and self.expectation != LATE:
            raise ValueError(f"Expected an allowed_lag only where the expectation is {LATE}")
        return self

    @property
    def says(self) -> str:
        """The change in words, after the expectation's name."""
        if self.allowed_lag is not None:
            return f"allows {self.allowed_lag} month{'' if self.allowed_lag == 1 else 's'}"
        return "is switched off" if self.severity == "off" else f"is {self.severity}"

    def fits(self, finding: Finding) -> bool:
        """Whether it gives a finding another severity; without codes it is about every indicator."""
        of_indicator = not self.indicator_codes or finding.indicator_code in self.indicator_codes
        return self.severity is not None and self.expectation == finding.expectation and of_indicator


@cache
def delivered() -> tuple[Entry, ...]:
    """Every entry that comes with the library and its annexes, in the order of the suites and of each suite."""
    folders = [FOLDER, *(Path(annex.__file__).with_name("suites") for annex in brought("checks").values())]
    paths = [path for folder in folders for path in sorted(folder.glob("*.yml"))]
    raw = {path.stem: read_yaml(path.read_text(encoding="utf-8"), path.name, ours=True) for path in paths}
    return tuple(entry(each, batch, f"{batch}.yml", raw) for batch, entries in raw.items() for each in entries)


def entry(said: Mapping, batch: str, source: str, suites: Mapping = {}) -> Entry:
    """Read one entry of a suite. Raises ``InputError`` with the file and the entry's name for what it cannot mean."""
    where = f"{source}, entry '{said.get('name', '?')}'"
    if "like" in said:
        of_name = [each for each in suites.get(str(said["like"]), ()) if each["name"] == said["name"]]
        if not of_name:
            raise InputError(f"{where}: there is no entry of that name in {said['like']}.yml to be like.")
        rest = {name: value for name, value in said.items() if name != "like"}
        return entry({**of_name[0], **rest}, batch, source, suites)
    absent = [name for name in _NEEDED if not said.get(name)]
    if absent:
        raise InputError(f"{where} lacks {' and '.join(absent)}. Expected {', '.join(_NEEDED)} and its arguments.")
    for name, known in (("severity", SEVERITIES), ("characteristic", CHARACTERISTICS)):
        if said[name] not in known:
            raise InputError(f"{where}, '{name}': found {shown(said[name])}. Expected {joined(known, 'or')}.")
    own = {name: said[name] for name in (*_NEEDED, "readers", *_OPTIONAL) if name in said}
    rest = {name: value for name, value in said.items() if name not in own and name != "batch" and value is not None}
    return read_part(Entry, {"batch": batch, **own, "arguments": rest, "source": source}, where)


def file_of(book) -> str:
    """The file that holds what a workspace expects: its own, or params/report.yml, where it may still stand."""
    return "params/report.yml" if book.settings.expectations else OWN_FILE


def expected(book) -> tuple[list[ExpectationChange], list[Entry]]:
    """What a workspace changes of the delivered expectations, and its own entries. Raises ``InputError`` for what it
    cannot mean.
    """
    names, batches = [each.name for each in delivered()], {each.batch for each in delivered()}
    list_of = f"{file_of(book)}, {'expectations ' if book.settings.expectations else ''}entry"
    changes, own = [], []
    for place, said in enumerate(book.expectations, start=1):
        where = f"{list_of} {place}"
        if not isinstance(said, dict) or not {"expectation", "expect"} & set(said):
            raise InputError(f"{where}: found {shown(said)}. Expected 'expectation' and a change, or 'expect'.")
        if "expectation" in said:
            changes.append(read_part(ExpectationChange, said, where))
            _refuse_unknown(changes[-1].expectation, names, where)
            continue
        if str(said.get("batch")) not in batches:
            known = joined(sorted(batches), "or")
            raise InputError(f"{where}, 'batch': found {shown(said.get('batch'))}. Expected {known}.")
        if str(said.get("name")) in names:
            raise InputError(f"{where}: there is an expectation '{said['name']}'. Give yours another name.")
        own.append(entry(said, said["batch"], file_of(book)))
    return changes, own


def _refuse_unknown(name, names, where):
    if name not in names:
        found = difflib.get_close_matches(name, names, n=1)
        wanted = f" such as '{found[0]}'" if found else ": docs/expectations.md lists them"
        hint = unseen(name)
        raise InputError(f"{where}, 'expectation': found '{name}'. Expected the name of an expectation{wanted}.{hint}")
    if name in UNCHANGEABLE:
        said = "This one says what was changed, and cannot be changed itself"
        raise InputError(f"{where}, 'expectation': found '{name}'. {said}.")


def in_words(value) -> str:
    """A cell of a frame as messages write it: months and numbers for people, nothing for what is missing.

    >>> in_words(pd.Period("2018-02")), in_words(1111.0), in_words(17.4), in_words(float("nan"))
    ('February 2018', '1,111', '17.4', '')
    """
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Period):
        return month_label(value)
    return format_number(round(value, 9)) if isinstance(value, float) else str(value)


def place(file: str, row: str, column: str, code: str, month: str = "") -> str:
    """Where something stands, as every message begins.

    >>> place("data/returns/2018-05.csv", "14", "value", "CP 3.9", "May 2018")
    'data/returns/2018-05.csv row 14, column value (CP 3.9, May 2018)'
    """
    of = ", ".join(part for part in (code, month) if part)
    cell = (f" row {row}" if row else "") + (f", column {column}" if column else "")
    return f"{file}{cell}" + (f" ({of})" if of else "")


def rows_text(rows) -> str:
    """Row numbers in words, the first five of many; what is in no file has none.

    >>> rows_text([3, 14]), rows_text([3, 9, 14]), rows_text([float("nan")]), rows_text(range(1000))
    ('rows 3 and 14', 'rows 3, 9 and 14', 'several places', 'rows 0, 1, 2, 3, 4 and 995 more')
    """
    known = [str(int(row)) for row in rows if pd.notna(row)]
    known = [*known[:5], f"{len(known) - 5} more"] if len(known) > 6 else known
    return f"rows {joined(known)}" if known else "several places"
