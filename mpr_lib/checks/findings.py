"""Findings: each place where the data breaks an expectation, and what was checked besides."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from mpr_lib.errors import InputError
from mpr_lib.files import write_whole
from mpr_lib.rules.codes import natural_key

SEVERITIES = ("critical", "warning", "info")
CHARACTERISTICS = ("accuracy", "validity", "reliability", "timeliness", "relevance", "completeness")


@dataclass(frozen=True)
class Finding:
    """One place where the data breaks an expectation: ``message`` says what is wrong, ``action`` what to do.

    ``month`` is ``YYYY-MM``, ``found`` the text at fault; texts are empty and ``row`` is None where they do not apply.
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
class Quality:
    """What the expectations found in one month's book, in an order that never changes."""

    month: str
    findings: list[Finding]
    expectations: list[ExpectationResult]
    changes: list[Changed] = field(default_factory=list)

    @property
    def critical(self) -> list[Finding]:
        """The findings that must not be published."""
        return [finding for finding in self.findings if finding.severity == "critical"]

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity, none included."""
        found = [finding.severity for finding in self.findings]
        return {severity: found.count(severity) for severity in SEVERITIES}

    def to_json(self) -> str:
        """JSON for programs and people; the same findings give the same text."""
        content = {"month": self.month, "counts": self.counts, **asdict(self)}
        content["expectations"] = [{**asdict(each), "met": each.met} for each in self.expectations]
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Quality":
        """The quality that ``to_json`` wrote. Raises ``InputError`` on anything else."""
        try:
            return TypeAdapter(cls).validate_json(text)
        except ValidationError as error:
            said = f"this is not a file of data-quality findings ({error.errors()[0]['msg']})"
            raise InputError(f"{said}. Run the month again to make it.") from None

    def write(self, path) -> None:
        """Write the file whole or not at all."""
        write_whole(Path(path), self.to_json())

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
