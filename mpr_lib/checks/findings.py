"""Findings: each place where the data breaks an expectation, and what was checked besides."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from mpr_lib.checks.readers import sentence
from mpr_lib.errors import InputError
from mpr_lib.files import write_whole
from mpr_lib.rules.codes import natural_key

SEVERITIES = ("critical", "warning", "info")
CHARACTERISTICS = ("accuracy", "validity", "reliability", "timeliness", "relevance", "completeness")


@dataclass(frozen=True)
class Finding:
    """One place where the data breaks an expectation: ``message`` says what is wrong, ``action`` what to do.

    ``month`` is ``YYYY-MM``, ``found`` the text at fault; texts are empty and ``row`` is None where they do not apply.
    ``readers`` and ``chip`` are what readers find beside the indicator, ``shared`` their sentence for all that are
    alike (``checks.readers``); all three are empty where it is not their business.
    """

    expectation: str
    severity: str
    characteristic: str
    indicator_code: str
    month: str
    file: str
    row: int | None
    column: str
    found: str
    message: str
    action: str
    readers: str = ""
    chip: str = ""
    shared: str = field(default="", compare=False)

    @property
    def said(self) -> str:
        """What is wrong and what to do."""
        return f"{self.message} {self.action}".rstrip()


@dataclass(frozen=True)
class ExpectationResult:
    """What became of one expectation: rows ``checked``, findings made, and whether it ``ran`` at all."""

    name: str
    severity: str
    characteristic: str
    means: str
    checked: int
    findings: int
    ran: bool

    @property
    def met(self) -> bool:
        return self.ran and not self.findings


@dataclass(frozen=True)
class Changed:
    """What a workspace expects otherwise than others, of which indicators (all, if none is named), and why.

    ``findings`` is how many had another severity because of it, or were left out.
    """

    expectation: str
    indicator_codes: list[str]
    says: str
    reason: str
    findings: int


@dataclass(frozen=True)
class Mark:
    """What is said of one indicator: a sentence to stand beside it, and two words for a table, which may be empty."""

    indicator_code: str
    says: str
    chip: str = ""


@dataclass(frozen=True)
class Told:
    """A sentence for readers on findings that are alike, and what to mark their indicators with."""

    text: str
    marks: list[Mark]


@dataclass(frozen=True)
class Quality:
    """What the expectations found in one month's book, in an order that never changes.

    ``readers`` is what readers are told of it, ``counts`` how many findings there are of each severity, none included.
    """

    month: str
    findings: list[Finding] = field(default_factory=list)
    expectations: list[ExpectationResult] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    readers: list[Told] = field(default_factory=list)

    def __post_init__(self):
        found = [finding.severity for finding in self.findings]
        object.__setattr__(self, "counts", self.counts or {each: found.count(each) for each in SEVERITIES})
        object.__setattr__(self, "readers", self.readers or told(self.findings))

    @property
    def critical(self) -> list[Finding]:
        """The findings that must not be published."""
        return [finding for finding in self.findings if finding.severity == "critical"]

    @property
    def marks(self) -> dict[str, list[dict[str, str]]]:
        """What to mark each indicator with of which readers are told: what each mark says, and its chip."""
        marked: dict[str, list[dict[str, str]]] = {}
        for mark in (mark for each in self.readers for mark in each.marks):
            marked.setdefault(mark.indicator_code, []).append({"says": mark.says, "chip": mark.chip})
        return marked

    def of(self, codes: Iterable[str]) -> "Quality":
        """The same of these indicators alone, and of what is about none, worded anew."""
        wanted = {"", *codes}
        kept = [each for each in self.findings if each.indicator_code in wanted]
        return Quality(self.month, kept, self.expectations, self.changes)

    def beside(self, others: Iterable[Finding]) -> "Quality":
        """The same with more findings, which readers are not told of."""
        return Quality(self.month, in_order([*self.findings, *others]), self.expectations, self.changes)

    def to_json(self, public: bool = False) -> str:
        """JSON for programs and people; the same findings give the same text.

        With ``public`` what readers are told and the counts alone.
        """
        content = asdict(self)
        content = {name: content[name] for name in ("month", "counts", "readers")} | ({} if public else content)
        if not public:
            content["expectations"] = [{**asdict(each), "met": each.met} for each in self.expectations]
            for finding in content["findings"]:
                del finding["shared"]
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Quality":
        """The quality that ``to_json`` wrote. Raises ``InputError`` on anything else."""
        try:
            return TypeAdapter(cls).validate_json(text)
        except ValidationError as error:
            said = f"this is not a file of data-quality findings ({error.errors()[0]['msg']})"
            raise InputError(f"{said}. Run the month again to make it.") from None

    def write(self, path, public: bool = False) -> None:
        """Write the file whole or not at all."""
        write_whole(Path(path), self.to_json(public))

    @classmethod
    def read(cls, path) -> "Quality":
        """Read what ``write`` wrote."""
        return cls.from_json(Path(path).read_text(encoding="utf-8"))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by severity, indicator in natural order, month, expectation, then place."""
    return sorted(
        findings,
        key=lambda each: (
            SEVERITIES.index(each.severity), natural_key(each.indicator_code), each.month, each.expectation,
            each.file, each.row or 0, each.column, each.message,
        ),
    )  # fmt: skip


_FIRST = ("completeness", "timeliness", "reliability", "validity", "accuracy", "relevance")
"""What readers ask first of a figure: whether it is there, of when, and whether it can be compared and relied on."""


def told(findings: Iterable[Finding]) -> list[Told]:
    """What readers are told of the findings: a sentence for each kind, which names its indicators."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for each in findings:
        if each.shared:
            alike.setdefault((each.expectation, each.shared), []).append(each)
    kinds = sorted(alike.values(), key=lambda found: (_FIRST.index(found[0].characteristic), -len(found)))
    return [_told(found) for found in kinds]


def _told(found):
    places = dict.fromkeys((each.indicator_code, each.month) for each in found)
    marks = dict.fromkeys(Mark(each.indicator_code, each.readers, each.chip) for each in found if each.indicator_code)
    return Told(sentence(found[0].shared, list(places)), list(marks))


NAMED = 5
"""Indicators that a line names of those with the same finding."""


def grouped(findings: Iterable[Finding]) -> list[tuple[str, Finding]]:
    """The first finding of each expectation and severity, and what leads to it: empty where it is the only one.

    The lead is such as 'officer_is_one, 31 findings (CP 1.1, CP 1.2, CP 1.4, CP 1.5, CP 2.3 and 26 more). The first: '.
    """
    alike: dict[tuple[str, str], list[Finding]] = {}
    for each in findings:
        alike.setdefault((each.severity, each.expectation), []).append(each)
    return [(_lead(found) if len(found) > 1 else "", found[0]) for found in alike.values()]


def _lead(found):
    codes = list(dict.fromkeys(each.indicator_code for each in found if each.indicator_code))
    more = f" and {len(codes) - NAMED:,} more" if len(codes) > NAMED else ""
    named = f" ({', '.join(codes[:NAMED])}{more})" if codes else ""
    return f"{found[0].expectation}, {len(found):,} findings{named}. The first: "
