"""Settings: what params/report.yml (every month) and params/2018-05.yml (one month) may say."""

import colorsys
import re
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Annotated, Literal, get_args

import pandas as pd
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from mpr_lib.annexes import brought
from mpr_lib.book.plain_yaml import read_yaml
from mpr_lib.columns import NEEDED, SHOWN
from mpr_lib.errors import InputError, MonthTextError, near, shown
from mpr_lib.rules.history import LATEST_MONTH_AGE
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, read_month
from mpr_lib.rules.rating import DEFAULT_TOLERANCE, RatingRule
from mpr_lib.rules.values import as_word, is_figure
from mpr_lib.rules.xmr import RULES, RuleSet

LONGEST = 2000
"""Characters that one text of the settings may have."""

ENOUGH = 4.5
"""Contrast that words need with what they stand on."""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21.

    >>> contrast("#000000", "#FFFFFF"), round(contrast("#767676", "#FFFFFF"), 2)
    (21.0, 4.54)
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 4)


def told_from(colour: str, ground: str, least: float = ENOUGH) -> str:
    """The colour, or the nearest of its hue that has at least that contrast with the ground.

    >>> told_from("#12436D", "#FFFFFF"), told_from("#F5A623", "#FFFFFF")
    ('#12436D', '#A36907')
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    end = 0.0 if _luminance(ground) > 0.18 else 1.0
    for step in range(101):
        nearer = lightness + (end - lightness) * step / 100
        found = "#" + "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, nearer, saturation))
        if contrast(found, ground) >= least:
            break
    return found


def _luminance(colour):
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _parts(colour):
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


Sign = Literal["triangle", "circle", "star", "dash", "square", "cross", "diamond"]
SIGNS = {
    "AT_RISK": "triangle",
    "SOME_SLIPPAGE": "circle",
    "ON_COURSE": "star",
    "NO_VALUE": "dash",
    "NO_TARGET": "square",
}
"""The shape beside each expected outcome's word where a council says nothing else."""


class Strict(BaseModel):
    """Settings that refuse what they do not know. Each text of theirs is one without spaces around it, and no book."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, str_max_length=LONGEST)

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch(cls, given, field):
        if _has_numbers(cls.model_fields[field.field_name].annotation) and _has_switches(given):
            raise ValueError("Expected a number, which true, false, yes and no are not")
        return given


def _has_numbers(kind):
    return kind in (int, float, RatingRule) or any(map(_has_numbers, get_args(kind)))


def _has_switches(given):
    inside = given.values() if isinstance(given, dict) else given if isinstance(given, list) else ()
    return isinstance(given, bool) or any(map(_has_switches, inside))


def such(pattern: str, expected: str):
    """What a text of that form is held to; whoever writes another is told what was expected."""

    def check(text):
        if not re.fullmatch(pattern, text):
            raise ValueError(expected)
        return text

    return AfterValidator(check)


_VERSION = r"\s*[Vv](\d+(?:\.\d+)*)\s*"
Address = Annotated[str, such(r"(https?://.*)?", "Expected an address that begins with https:// or http://")]
Email = Annotated[str, such(r"[^\r\n]*@[^\r\n]*", "Expected a mail address such as performance@council.gov.uk")]
MAIL_ADDRESS = r"[^\s@,;<>]+@[^\s@,;<>]+"
Recipient = Annotated[str, such(MAIL_ADDRESS, "Expected one mail address such as a.person@example.org")]
_ENGLISH = "The report has English words only. Expected en, or en with a country such as en-GB"
English = Annotated[str, such(r"en(-[A-Z]{2})?", _ENGLISH)]
Version = Annotated[str, such(_VERSION, "Expected a version such as V1.1")]
Words = Annotated[str, such(r"(?s).*\S.*", "Expected words")]
Month = Annotated[str, AfterValidator(lambda text: str(read_month(text)))]


def _six_digits(colour):
    return (colour if len(colour) == 7 else re.sub(r"(\w)", r"\1\1", colour)).upper()


_COLOUR = "Expected a colour such as '#5B2A86', in quotes, because # begins a remark"
Colour = Annotated[str, such(r"#([0-9A-Fa-f]{3}){1,2}", _COLOUR), AfterValidator(_six_digits)]


def _inside(path):
    parts = path.replace("\\", "/").split("/")
    if parts[0] != "params" or ".." in parts:
        raise ValueError("Expected a file in params, such as params/logo.svg")
    if not path.lower().endswith((".svg", ".png")):
        raise ValueError("Expected an .svg or a .png file")
    return "/".join(parts)


_WORD = "Expected a Word document in params, such as params/template.docx"
WordTemplate = Annotated[str, such(r"params(/[^/.\\][^/\\]*)+\.docx", _WORD)]


class Logo(Strict):
    """A picture for the cover, and what those are told who do not see it."""

    file: Annotated[str, AfterValidator(_inside)]
    alt: str = Field(min_length=1)


class Brand(Strict):
    """The colour of the cover and of headings, and that of the words on it."""

    colour: Colour = "#12436D"
    text: Colour = "#FFFFFF"
    logo: Logo | None = None

    @model_validator(mode="after")
    def _legible(self):
        found = contrast(self.colour, self.text)
        if found < ENOUGH:
            better = told_from(self.colour, self.text)
            other = max("#000000", "#FFFFFF", key=lambda text: contrast(self.colour, text))
            raise ValueError(
                f"{self.text} on {self.colour} has a contrast of {found:.1f} to 1, and words need {ENOUGH} to 1. "
                f"Choose colour: '{better}', or text: '{other}'"
            )
        return self


class OutcomeLook(Strict):
    """What an expected outcome is called and which shape stands beside it."""

    name: str = Field("", min_length=1)
    short: str = ""
    sign: Sign | None = None


class OutcomeLooks(Strict):
    """Looks by outcome; what is left out stays as it is."""

    AT_RISK: OutcomeLook | None = None
    SOME_SLIPPAGE: OutcomeLook | None = None
    ON_COURSE: OutcomeLook | None = None
    NO_VALUE: OutcomeLook | None = None
    NO_TARGET: OutcomeLook | None = None

    @model_validator(mode="after")
    def _apart(self):
        signs = list(self.signs.values())
        twice = [sign for sign in signs if signs.count(sign) > 1]
        if twice:
            raise ValueError(f"The sign {twice[0]} stands for two outcomes. Expected a shape of its own for each")
        return self

    @property
    def given(self) -> dict[str, OutcomeLook]:
        return {code: look for code, look in self if look}

    @property
    def signs(self) -> dict[str, str]:
        """The shape of every outcome."""
        return SIGNS | {code: look.sign for code, look in self.given.items() if look.sign}

    def names(self, usual: dict[str, str], short: bool = False) -> dict[str, str]:
        """The name of every outcome, the usual one where nothing else is said."""
        own = {code: (short and look.short) or look.name for code, look in self.given.items()}
        return usual | {code: name for code, name in own.items() if name}


def _columns(names):
    missing = [name for name in NEEDED if name not in names]
    twice = [name for name in names if names.count(name) > 1]
    if missing or twice:
        raise ValueError(
            f"Expected each column once, with {', '.join(NEEDED)} among them"
            + (f": {', '.join(missing)} is missing" if missing else f": {twice[0]} is there twice")
        )
    if names[0] != "code":
        raise ValueError("Expected code first: it heads the rows")
    if "comment" in names[:-1]:
        raise ValueError("Expected comment as the last column: it stands below the row")
    return names


ColumnName = Annotated[str, such("|".join(SHOWN), f"Expected one of {', '.join(SHOWN)}")]
ColumnNames = Annotated[list[ColumnName], AfterValidator(_columns)]


class Columns(Strict):
    """The columns of the indicators' tables, in order."""

    exceptions: ColumnNames | None = None
    corporate: ColumnNames | None = None
    partnership: ColumnNames | None = None


class Licence(Strict):
    """The licence of the open data, as a data package names it: ``OGL-UK-3.0``, its title, its address."""

    name: str
    title: str = ""
    path: Address = ""


class PdfSettings(Strict):
    """``pdf``: of which indicators the PDF has a page, where the web page has all, and of how many at most; and whether
    its tables have all of them. What is not said is for the number of indicators to decide.
    """

    details: Literal["all", "at_risk", "none"] = "all"
    tables: Literal["all", "exceptions"] | None = None
    most_details: int | None = Field(default=None, ge=0)


class PageSettings(Strict):
    """``pages``: how many cards the report's page has itself; more are on pages by aim or committee."""

    most_details: int = Field(default=150, ge=0)
    by: Literal["aim", "committee"] = "aim"


def _private(names):
    known = brought("private")
    if strays := [name for name in names if name not in known]:
        raise ValueError(f"Expected any of {', '.join(known) or 'nothing'}, and '{strays[0]}' is none")
    return names


class PublicEdition(Strict):
    """``public``: what the edition of ``mpr run --public`` leaves out beside what is marked ``public: false``.

    ``also`` names the annexes whose files it has, where they keep some that are not published otherwise.
    """

    officers: bool = True
    also: Annotated[list[str], AfterValidator(_private)] = []


Approval = Annotated[
    list[Literal["comments", "figures"]],
    BeforeValidator(lambda given: ["comments"] if given == "required" else given),
]
"""What has to be approved before it is published as such; ``required`` is said of comments alone."""

When = Literal["success", "failure"]


class Webhook(Strict):
    """A web address that is sent a JSON text. An address that is itself a secret comes from MPR_WEBHOOK_URL."""

    url: Address = ""
    when: list[When] = ["success", "failure"]


class Mail(Strict):
    """A mail server and who is written to, of failures perhaps others. A password comes from MPR_SMTP_PASSWORD."""

    server: str
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    sender: Email
    to: list[Email] = Field(min_length=1)
    to_on_failure: list[Email] = []
    when: list[When] = ["success", "failure"]


class Subscribers(Strict):
    """Who gets the digest of an edition, once it is published: addresses, each edition's own."""

    internal: list[Recipient] = []
    public: list[Recipient] = []


class Notify(Strict):
    """``notify``: who is told when a run has ended, and where readers find the report."""

    report_url: Address = ""
    webhook: Webhook | None = None
    mail: Mail | None = None
    subscribers: Subscribers = Subscribers()


def _as_compared(reasons):
    """The words as cells are compared with them; refused is one that is a figure, or stands there twice."""
    found = {as_word(word): reason for word, reason in reasons.items()}
    figures = [word for word in found if not word or is_figure(word)]
    if figures:
        raise ValueError(f"Expected words such as 'Annual KPI', and '{figures[0]}' is none")
    if len(found) < len(reasons):
        raise ValueError("Expected each word once: capitals do not count")
    return found


NoValueReason = Literal["NOT_SUPPLIED", "AWAITED", "NOT_APPLICABLE", "NOT_DUE"]
NoValueWords = Annotated[dict[str, NoValueReason], AfterValidator(_as_compared)]


class Contact(Strict):
    name: str
    email: str = ""
    phone: str = ""

    def __str__(self):
        return ", ".join(filter(None, (self.name, self.email, self.phone)))


class Aim(Strict):
    name: str
    priorities: list[str] = []


class Committee(Strict):
    """A committee, other spellings of its name, and whether each run makes its edition of the report."""

    name: str
    spellings: list[str] = []
    edition: bool = False


class Section(Strict):
    code: str
    name: str
    themes: list[str] = []


class Withdrawn(Strict):
    """An input that was taken away on purpose after a report was made from it."""

    path: Words
    reason: Words
    role: Words
    date: date


Folder = Annotated[str, such(r"outputs|(data|notebooks)(/[^./][^/]*)*", "Expected a folder such as data/returns")]


class ReportSettings(Strict):
    """params/report.yml."""

    council: str
    title: Words = "Monthly Performance Report"
    language: English = "en-GB"
    publisher: str
    contacts: list[Contact]
    alternative_format: str = ""
    aims: list[Aim]
    aim_name: Words = "Aim"
    departments: list[str] = []
    no_single_department: str = "No single department"
    committees: list[Committee] = []
    sections: list[Section] = [Section(code="CORPORATE", name="Corporate Performance Indicators")]
    default_tolerance: float = Field(DEFAULT_TOLERANCE, ge=0, le=1)
    rating_rules: list[RatingRule] = []
    expectations: list = []
    no_value_words: NoValueWords = {}
    latest_month_age: int = Field(LATEST_MONTH_AGE, ge=0, le=12)
    spc_rules: RuleSet = "mdc"
    spc_fewest_points: int = Field(RULES["mdc"].fewest, ge=8, le=25)
    spc_baseline_points: int | None = Field(None, ge=13, le=36)
    warn_at: float = Field(0.2, gt=0, lt=0.5)
    first_month: int = Field(FROM_APRIL.starts, ge=1, le=12)
    year_name: str = Field("", coerce_numbers_to_str=True)
    finance_months: list[Annotated[int, Field(ge=1, le=12)]] = []
    shared_folders: list[Folder] = []
    site_url: Address = ""
    licence: Licence | None = None
    pdf: PdfSettings = PdfSettings()
    pages: PageSettings = PageSettings()
    docx: bool = False
    keep_returns: bool = False
    trace: bool = False
    word_template: WordTemplate = ""
    public: PublicEdition = PublicEdition()
    approval: Approval = []
    publish_unapproved: Literal["refuse", "mark", "allow"] = "mark"
    notify: Notify = Notify()
    finance_unit: Literal["pounds", "thousands", "millions"] = "thousands"
    finance_decimals: int | None = Field(None, ge=0, le=3)
    finance_tolerance: float = Field(0.01, ge=0, le=1)
    finance_services: list[str] = []
    brand: Brand = Brand()
    outcomes: OutcomeLooks = OutcomeLooks()
    columns: Columns = Columns()
    withdrawn: list[Withdrawn] = []

    @field_validator("year_name")
    @classmethod
    def _name_of_a_year(cls, example, others):
        FinancialYears(others.data.get("first_month", FROM_APRIL.starts), example)
        return example

    @property
    def years(self) -> FinancialYears:
        """How the council's financial years run, and what it calls them."""
        return FinancialYears(self.first_month, self.year_name)

    @property
    def committee_spelt(self) -> dict[str, str]:
        """The name of each committee by that and by its other spellings."""
        return {text: each.name for each in self.committees for text in (*each.spellings, each.name)}


class Correction(Strict):
    """What a version of a published report puts right."""

    version: Version
    date: date
    what: Words


OLDER = "reporting_month"
"""The older name of ``month`` in a month's settings."""


def with_month(given: dict) -> dict:
    """What is given for a month, its older name read as ``month``; raises ``MonthTextError`` for two that differ."""
    named = [given[key] for key in ("month", OLDER) if key in given]
    if len(named) > 1 and read_month(str(named[0])) != read_month(str(named[1])):
        raise MonthTextError(f"month is {named[0]}, and {OLDER}, its older name, is {named[1]}. Expected one of them.")
    others = {key: value for key, value in given.items() if key not in ("month", OLDER)}
    return {"month": named[0], **others} if named else others


class MonthSettings(Strict):
    """params/MONTH.yml. Without ``generated`` a report carries the time of its run."""

    month: Month
    version: str = "V1.0"
    corrections: list[Correction] = []
    generated: datetime | None = None
    finance_next: Month | None = None
    notes: list[str] = []

    _by_one_name = model_validator(mode="before")(with_month)


def read_settings(model: type[Strict], text: str, file: str):
    """Read one settings file into its model, or raise ``InputError`` that names every fault in it."""
    found = read_yaml(text, file)
    if not isinstance(found, dict):
        raise InputError(f"{file} holds no settings. Expected lines such as 'version: V1.0'.")
    return read_part(model, found, file)


def read_report_settings(reader) -> ReportSettings:
    """What the params/report.yml of an ``InputReader``'s workspace says."""
    path = reader.workspace.report_settings
    return read_settings(ReportSettings, reader.text(path), reader.workspace.relative(path))


def read_part(model: type, found: dict, file: str):
    """Read what YAML says into a model, or raise ``InputError`` that names every fault in it and the file."""
    try:
        return model(**{str(key): value for key, value in found.items()})
    except ValidationError as error:
        raise InputError([_fault(file, model, fault) for fault in error.errors()]) from None


def read_month_settings(text: str, month: pd.Period, file: str, said: dict | None = None) -> MonthSettings:
    """Read a month's settings; refuse those that say they are another month's (a copy that was not changed).

    What a notebook was given is ``said``, and goes before what the file says.
    """
    settings = read_settings(MonthSettings, text, file)
    if settings.month != str(month):
        raise InputError(
            f"{file} says month: {settings.month}. Expected {month}, as its name says. Correct the line or rename the "
            "file."
        )
    _check_corrections(settings, file)
    if said:
        settings = read_part(MonthSettings, settings.model_dump() | said, given := "What the notebook was given")
        _check_corrections(settings, given)
    return settings


_LINES = "Expected lines of the form 'key: value'"
_EXPECTED = {
    **dict.fromkeys(["list_type", "tuple_type"], "Expected a list: lines that begin with '- '"),
    **dict.fromkeys(["date_parsing", "date_from_datetime_parsing", "date_type"], "Expected a date such as 2018-06-21"),
    "string_type": "Expected a text: put quotes around it",
    "string_too_long": f"Expected no more than {LONGEST:,} characters",
}
_EXPECTED |= dict.fromkeys(["dict_type", "model_type", "model_attributes_type", "dataclass_type"], _LINES)
"""What is said in place of the words that pydantic has for programmers."""


def _fault(file, model, fault):
    said = _EXPECTED.get(fault["type"], fault["msg"].removeprefix("Value error, "))
    if fault["type"] == "string_type" and fault["input"] is None:
        said = "Expected a text. Where one begins with #, as '#6B1F52', quote it: without quotes # begins a remark"
    said = f"{said[0].upper()}{said[1:].rstrip('.')}."
    if not fault["loc"]:
        return f"{file}: {said}"
    parts = [str(part) for part in fault["loc"] if part != "[key]"]
    name, last = ".".join(parts), parts[-1]
    if fault["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        path = tuple(part for part in fault["loc"][:-1] if isinstance(part, str))
        known = [found[-1] for found in keys(model) if found[:-1] == path]
        hint = near(last, known) or f" It knows {', '.join(known)}."
        return f"{file} has '{name}', which the report does not use.{hint}"
    if fault["type"] == "missing":
        return f"{file} lacks '{name}', which the report needs. Add a line '{last}: …'."
    return f"{file}, '{name}': found {'nothing' if fault['input'] is None else shown(fault['input'])}. {said}"


def keys(model) -> list[tuple[str, ...]]:
    """Every key that settings may have, those of their parts too, each as the keys that lead to it."""
    if is_dataclass(model):
        kinds = {each.name: each.type for each in fields(model)}
    else:
        kinds = {name: each.annotation for name, each in model.model_fields.items()}
    found = []
    for name, kind in kinds.items():
        found += [(name,)] + [(name, *path) for part in _classes(kind) for path in keys(part)]
    return found


def _classes(kind):
    """The classes of settings inside list[…] and … | None."""
    if isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "model_fields")):
        yield kind
    for inside in get_args(kind):
        yield from _classes(inside)


FIRST = (1,)


def read_version(text: str) -> tuple[int, ...]:
    """A version as numbers that compare, none where the text is no version; zeros at the end say nothing.

    >>> read_version("V1.0"), read_version("V1.10") > read_version("v1.9"), read_version("Final")
    ((1,), True, ())
    """
    found = re.fullmatch(_VERSION, text)
    if not found:
        return ()
    numbers = [int(part) for part in found[1].split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _check_corrections(settings: MonthSettings, file: str) -> None:
    """Refuse a version above V1.0 that does not say what it corrects, and corrections out of order."""
    last, day = "V1.0", None
    for correction in settings.corrections:
        if read_version(correction.version) <= read_version(last) or (day and correction.date < day):
            raise InputError(
                f"{file}, 'corrections': {correction.version} of {correction.date} stands after {last}"
                f"{f' of {day}' if day else ''}. Expected the oldest first, each version above the one before it."
            )
        last, day = correction.version, correction.date
    version = read_version(settings.version)
    if settings.corrections and version != read_version(last):
        raise InputError(
            f"{file} says version: {settings.version}, and its last correction is {last}. Expected the same. "
            f"Write version: {last}; to issue an earlier version again, take the later corrections out of the list."
        )
    if not settings.corrections and version and version > FIRST:
        raise InputError(
            f"{file} says version: {settings.version} and not what that corrects. "
            f"Add it under corrections, with version: {settings.version}, date: and what:."
        )
