"""Settings of rules: how params/report.yml words the rules that rate, and what it expects otherwise of the data."""

import difflib
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from mpr_lib.rules.rating_rules import RatingRule as Rule

Edge = Literal["better", "worse"]
LATE = "value_is_not_late"


class Strict(BaseModel):
    """Settings that refuse what they do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RatingRule(Strict):
    """One of ``rating_rules`` (``mpr_lib.rules.rating_rules.RatingRule`` says what each line means)."""

    name: str = ""
    indicator_codes: list[str] = []
    units: list[str] = []
    sections: list[str] = []
    aims: list[str] = []
    tolerance: float | None = Field(None, ge=0)
    green_tolerance: float = Field(0.0, ge=0)
    tolerance_in: Literal["share", "points"] = "share"
    on_target: Edge = "better"
    on_limit: Edge = "better"
    beyond: Literal["red", "by_direction"] = "red"

    @model_validator(mode="after")
    def _whole(self):
        if self.tolerance is None and (self.tolerance_in == "points" or self.green_tolerance):
            raise ValueError("Expected a tolerance beside tolerance_in: points or a green_tolerance")
        if self.tolerance is not None and self.green_tolerance > self.tolerance:
            raise ValueError("Expected a green_tolerance that is no wider than the tolerance")
        if self.tolerance_in == "share" and (self.tolerance or 0) > 1:
            raise ValueError("Expected a share of the target such as 0.05 for 5 %, or tolerance_in: points")
        return self

    def rule(self) -> Rule:
        """The rule as ``mpr_lib.rules`` takes it."""
        given = self.model_dump()
        return Rule(**{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})


def _off(word):
    """YAML reads off as false."""
    return "off" if word is False else word


class ExpectationChange(Strict):
    """One of ``expectations``: what a workspace expects otherwise than others, of which indicators, and why."""

    expectation: str
    indicator_codes: list[str] = []
    severity: Annotated[Literal["critical", "warning", "info", "off"] | None, BeforeValidator(_off)] = None
    allowed_lag: int | None = Field(None, ge=0, le=99)
    reason: str = Field(min_length=1)

    @field_validator("expectation")
    @classmethod
    def _known(cls, name):
        from mpr_lib.book.checks.catalogue import CATALOGUE, UNCHANGEABLE

        names = [each.name for each in CATALOGUE]
        near = difflib.get_close_matches(name, names, n=1)
        if name not in names:
            raise ValueError(
                f"Expected the name of an expectation such as '{near[0]}'"
                if near
                else "Expected the name of an expectation: docs/expectations.md lists them"
            )
        if name in UNCHANGEABLE:
            raise ValueError("This one says what was changed, and cannot be changed itself")
        return name

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
