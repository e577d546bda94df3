"""Settings: what params/report.yml (every month) and params/2018-05.yml (one month) may say."""

import difflib
from datetime import date, datetime
from typing import Annotated, Literal

import pandas as pd
import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)  # fmt: skip

from mpr_lib.book.settings_look import Brand, Columns, Logo, OutcomeLook, OutcomeLooks
from mpr_lib.book.settings_publishing import Address, Licence, Mail, Notify, PublicEdition, Webhook
from mpr_lib.book.settings_rules import ExpectationChange, RatingRule
from mpr_lib.book.versions import read_version
from mpr_lib.errors import InputError, MonthTextError
from mpr_lib.rules.finance import FINANCE_TOLERANCE
from mpr_lib.rules.latest import LATEST_MONTH_AGE
from mpr_lib.rules.months import FIRST_MONTH, read_month
from mpr_lib.rules.rating import DEFAULT_TOLERANCE
from mpr_lib.rules.year_start import YearStart


def _month(text: str) -> str:
    try:
        return str(read_month(text))
    except MonthTextError as error:
        raise ValueError(str(error)) from None


def _version(text: str) -> str:
    if read_version(text) is None:
        raise ValueError("Expected a version such as V1.1")
    return text


def _words(text: str) -> str:
    if not text.strip():
        raise ValueError("Expected words")
    return text


def _text(value):
    """YAML reads 2018 as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


MonthText = Annotated[str, AfterValidator(_month)]
VersionText = Annotated[str, AfterValidator(_version)]
Words = Annotated[str, AfterValidator(_words)]


class Strict(BaseModel):
    """Settings that refuse what they do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(Strict):
    name: str
    email: str = ""
    phone: str = ""


class Aim(Strict):
    name: str
    priorities: list[str] = []


class Committee(Strict):
    name: str
    spellings: list[str] = []


class Section(Strict):
    code: str
    name: str
    themes: list[str] = []


class ReportSettings(Strict):
    """params/report.yml."""

    council: str
    title: str = "Monthly Performance Report"
    language: str = "en-GB"
    publisher: str
    contacts: list[Contact]
    alternative_format: str = ""
    aims: list[Aim]
    departments: list[str] = []
    no_single_department: str = "No single department"
    committees: list[Committee] = []
    sections: list[Section] = [Section(code="CORPORATE", name="Corporate Performance Indicators")]
    default_tolerance: float = Field(DEFAULT_TOLERANCE, ge=0, le=1)
    rating_rules: list[RatingRule] = []
    expectations: list[ExpectationChange] = []
    latest_month_age: int = Field(LATEST_MONTH_AGE, ge=0, le=12)
    first_month: int = Field(FIRST_MONTH, ge=1, le=12)
    year_name: Annotated[str, BeforeValidator(_text)] = ""
    finance_months: list[Annotated[int, Field(ge=1, le=12)]] = []
    site_url: Address = ""
    licence: Licence | None = None
    public: PublicEdition = PublicEdition()
    notify: Notify = Notify()
    finance_unit: Literal["pounds", "thousands", "millions"] = "thousands"
    finance_decimals: int | None = Field(None, ge=0, le=3)
    finance_tolerance: float = Field(FINANCE_TOLERANCE, ge=0, le=1)
    finance_services: list[str] = []
    brand: Brand = Brand()
    outcomes: OutcomeLooks = OutcomeLooks()
    columns: Columns = Columns()

    @field_validator("year_name")
    @classmethod
    def _name_of_a_year(cls, example, others):
        YearStart(others.data.get("first_month", FIRST_MONTH), example)
        return example

    @model_validator(mode="after")
    def _named_years(self):
        """Let the first month know what the council calls its years, wherever it goes."""
        self.__dict__["first_month"] = YearStart(self.first_month, self.year_name)
        return self


class Correction(Strict):
    """What a version of a published report puts right."""

    version: VersionText
    date: date
    what: Words


_PARTS = {("contacts",): Contact, ("aims",): Aim, ("committees",): Committee, ("sections",): Section,
          ("rating_rules",): RatingRule, ("expectations",): ExpectationChange}  # fmt: skip
_PARTS |= {("corrections",): Correction}
_PARTS |= {("licence",): Licence, ("public",): PublicEdition, ("notify",): Notify}
_PARTS |= {("brand",): Brand, ("brand", "logo"): Logo, ("outcomes",): OutcomeLooks, ("columns",): Columns}
_PARTS |= {("outcomes", code): OutcomeLook for code in OutcomeLooks.model_fields}
_PARTS |= {("notify", "webhook"): Webhook, ("notify", "mail"): Mail}


class MonthSettings(Strict):
    """params/MONTH.yml. Without ``generated`` a report carries the time of its run."""

    reporting_month: MonthText
    version: str = "V1.0"
    corrections: list[Correction] = []
    generated: datetime | None = None
    finance_next: MonthText | None = None
    notes: list[str] = []


def read_settings(model: type[Strict], text: str, file: str):
    """Read one settings file into its model, or raise ``InputError`` that names every fault in it."""
    found = read_yaml(text, file)
    if not isinstance(found, dict):
        raise InputError(f"{file} holds no settings. Expected lines such as 'version: V1.0'.")
    try:
        return model(**{str(key): value for key, value in found.items()})
    except ValidationError as error:
        raise InputError([_fault(file, model, fault) for fault in error.errors()]) from None


def read_yaml(text: str, file: str, first_line: int = 1):
    """What YAML text says; raises ``InputError`` with the place of a fault, a key given twice included."""
    try:
        return yaml.load(text, Loader=_UniqueKeys)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" line {mark.line + first_line}, column {mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or "it is not valid YAML"
        raise InputError(f"{file}{place}: cannot be read as YAML: {what}. Correct that line.") from None
    except ValueError as error:
        raise InputError(f"{file}: cannot be read as YAML: {error}. Correct that date or number.") from None


def check_month(settings: MonthSettings, month: pd.Period, file: str):
    """Refuse a month's settings that say they are another month's (a copy that was not changed)."""
    if settings.reporting_month != str(month):
        raise InputError(
            f"{file} says reporting_month: {settings.reporting_month}. Expected {month}, as its name says. "
            "Correct the line or rename the file."
        )


class _UniqueKeys(yaml.SafeLoader):
    """YAML that refuses a key given twice, where the last one would silently win."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key}' is given twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _fault(file, model, fault):
    path, last = fault["loc"][:-1], str(fault["loc"][-1])
    name = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{file} has '{name}', which the report does not use.{_suggestion(last, _part(path, model))}"
    if fault["type"] == "missing":
        return f"{file} lacks '{name}', which the report needs. Add a line '{last}: …'."
    said = fault["msg"].removeprefix("Value error, ")
    return f"{file}, '{name}': found {fault['input']!r}. {said[0].upper()}{said[1:].rstrip('.')}."


def _suggestion(name, model):
    near = difflib.get_close_matches(name, model.model_fields, n=1)
    return f" Did you mean '{near[0]}'?" if near else f" It knows {', '.join(model.model_fields)}."


def _part(path, model):
    """The model whose keys a fault's place would have to name."""
    return _PARTS.get(path[:2], _PARTS.get(path[:1], model))
