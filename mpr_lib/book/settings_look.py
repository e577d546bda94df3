"""Settings of looks: a council's colours, logo, words, symbols and columns in params/report.yml."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mpr_lib.rules.contrast import ENOUGH, contrast, told_from

Sign = Literal["triangle", "circle", "star", "dash", "square", "cross", "diamond"]
ColumnName = Literal[
    "code", "name", "polarity", "month", "value", "target", "annual", "outcome", "direction", "trend", "managed_by",
    "committee", "comment",
]  # fmt: skip
SIGNS = {
    "AT_RISK": "triangle",
    "SOME_SLIPPAGE": "circle",
    "ON_COURSE": "star",
    "NO_VALUE": "dash",
    "NO_TARGET": "square",
}
"""The shape beside each expected outcome's word where a council says nothing else."""

NEEDED = ("code", "name", "outcome")
"""Columns without which a row says neither what it is about nor how it stands."""


class Strict(BaseModel):
    """Settings that refuse what they do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _colour(text):
    if len(text) == 4 and text.startswith("#"):
        text = "#" + "".join(2 * digit for digit in text[1:])
    if len(text) != 7 or text[0] != "#" or set(text[1:].upper()) - set("0123456789ABCDEF"):
        raise ValueError("Expected a colour such as '#5B2A86', in quotes, because # begins a remark")
    return text.upper()


def _inside(path):
    parts = path.replace("\\", "/").split("/")
    if parts[0] != "params" or ".." in parts:
        raise ValueError("Expected a file in params, such as params/logo.svg")
    if not path.lower().endswith((".svg", ".png")):
        raise ValueError("Expected an .svg or a .png file")
    return "/".join(parts)


class Logo(Strict):
    """A picture for the cover, and what those are told who do not see it."""

    file: Annotated[str, AfterValidator(_inside)]
    alt: str = Field(min_length=1)


class Brand(Strict):
    """The colour of the cover and of headings, and that of the words on it."""

    colour: Annotated[str, AfterValidator(_colour)] = "#12436D"
    text: Annotated[str, AfterValidator(_colour)] = "#FFFFFF"
    logo: Logo | None = None

    @model_validator(mode="after")
    def _legible(self):
        found = contrast(self.colour, self.text)
        if found < ENOUGH:
            better = told_from(self.colour, self.text)
            dark = "#000000" if contrast(self.colour, "#000000") > contrast(self.colour, "#FFFFFF") else "#FFFFFF"
            other = f", or text: '{dark}'" if contrast(self.colour, dark) >= ENOUGH and dark != self.text else ""
            raise ValueError(
                f"{self.text} on {self.colour} has a contrast of {found:.1f} to 1, and words need {ENOUGH} to 1. "
                f"Choose colour: '{better}'{other}"
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
        if len(set(signs)) < len(signs):
            twice = next(sign for sign in signs if signs.count(sign) > 1)
            raise ValueError(f"The sign {twice} stands for two outcomes. Expected a shape of its own for each")
        return self

    @property
    def given(self) -> dict[str, OutcomeLook]:
        return {code: look for code in SIGNS if (look := getattr(self, code))}

    @property
    def signs(self) -> dict[str, str]:
        """The shape of every outcome."""
        return {code: (self.given[code].sign if code in self.given else None) or sign for code, sign in SIGNS.items()}

    def names(self, usual: dict[str, str], short: bool = False) -> dict[str, str]:
        """The name of every outcome, the usual one where nothing else is said."""
        own = {code: (look.short or look.name) if short else look.name for code, look in self.given.items()}
        return {code: own.get(code) or name for code, name in usual.items()}


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
    return names


ColumnNames = Annotated[list[ColumnName], AfterValidator(_columns)]


class Columns(Strict):
    """The columns of the indicators' tables, in order."""

    exceptions: ColumnNames | None = None
    corporate: ColumnNames | None = None
    partnership: ColumnNames | None = None

    @model_validator(mode="after")
    def _comments(self):
        for name in ("exceptions", "corporate", "partnership"):
            keys = getattr(self, name) or []
            if "comment" in keys and keys[-1] != "comment":
                raise ValueError(f"Expected comment as the last column of {name}: it stands below the row")
        return self
