"""Palette: every colour and pattern of the report, by what it means; docs/decisions/colour.md says why these.

Tests hold each text to 4.5:1 and each shape to 3:1 against what it stands on, and the outcomes to 1.9:1 against each
other, in light and in dark: at risk is the darkest and some slippage the lightest.
"""

from mpr_lib.book.settings import SIGNS, told_from
from mpr_lib.files import packaged

COLOURS: dict[str, list[str]] = packaged("report/palette.yml")
"""Each colour in light and in dark."""

LIGHT = {name: light for name, (light, _) in COLOURS.items()}
DARK = {name: dark for name, (_, dark) in COLOURS.items()}
PRINT = {
    **LIGHT,
    **{name: "#000000" for name in LIGHT if name.endswith("-text")},
    **{name: "#FFFFFF" for name in LIGHT if name.endswith("-paper")},
    **{"ink": "#000000", "link": "#000000", "on-brand": "#000000", "brand": "#FFFFFF", "wash": "#FFFFFF"},
    **{"quiet": "#333333", "rule": "#999999"},
}
"""Paper: ink saved, and every word black, whatever the printer makes of colours."""

_GROUNDS = ("paper", "wash", "brand", "band")
FORCED = {
    name: "Canvas" if name in _GROUNDS or name.endswith(("-paper", "-inside")) else "CanvasText" for name in LIGHT
} | {"link": "LinkText", "focus": "Highlight"}
"""Where readers force their own colours: only theirs. Shapes, dashes and words still tell things apart."""

INK, QUIET, RULE, PAPER = (LIGHT[name] for name in ("ink", "quiet", "rule", "paper"))
VALUE, LAST_YEAR, OTHER, TARGET, BAND = (LIGHT[name] for name in ("value", "last-year", "other", "target", "band"))
OUTCOMES = {"AT_RISK": "at-risk", "SOME_SLIPPAGE": "slippage", "ON_COURSE": "on-course"}
OUTCOMES |= {"NO_VALUE": "none", "NO_TARGET": "none"}
"""The name that an expected outcome's colours begin with."""
VARIATIONS = {name.upper(): name for name in ("usual", "improvement", "concern", "change")}
"""The name of each variation's colour: none is red, amber or green, which are the rating's."""

_STRIPES = "repeating-linear-gradient({}, var(--mark) 0 {}px, var(--paper) {}px {}px)"
UNFILLED = {"NO_VALUE": _STRIPES.format("135deg", 1, 1, 9), "NO_TARGET": _STRIPES.format("0deg", 1, 1, 9)}
PATTERNS = {
    "SOME_SLIPPAGE": _STRIPES.format("90deg", 4, 4, 6),
    "ON_COURSE": "radial-gradient(var(--paper) 1px, var(--mark) 1.5px) 0 0 / 6px 6px",
}
"""What parts of a bar are filled with in place of a colour: without a value or target always, others where colours may
be lost: on paper, and where readers force their own. At risk stays whole."""
JUDGED = _STRIPES.format("45deg", 3, 3, 7)
"""The part that stands by judgement, not by its figures."""

_ZONES = {"RED": "at-risk", "AMBER": "slippage", "GREEN": "on-course"}
ZONES = {rating: LIGHT[name] for rating, name in _ZONES.items()}
INSIDE = {rating: LIGHT[f"{name}-inside"] for rating, name in _ZONES.items()}
"""The colours of a gauge's zones, and of the words in them."""

DRAWN = ("ink", "quiet", "rule", "paper", "value", "last-year", "other", "target", "band", *_ZONES.values())
DRAWN += (*(f"{name}-inside" for name in _ZONES.values()), *VARIATIONS.values())
THEMED = {LIGHT[name]: name for name in DRAWN}
"""The colours of drawings, all different, so that a page can change each of them with its theme."""


def branded(look: dict) -> tuple[dict, dict]:
    """The light and the dark palette, where a look has a council's colour in that: bands in it, links that can be read.

    ``look`` is a document's: a council's own colour, text and signs, each only where they are not the usual ones.
    """
    if "colour" not in look:
        return LIGHT, DARK
    colour = look["colour"]
    light = {"brand": colour, "on-brand": look["text"], "link": told_from(colour, LIGHT["wash"])}
    dark = {"on-brand": "#FFFFFF", "link": told_from(colour, DARK["wash"], 7), "brand": told_from(colour, "#FFFFFF", 9)}
    return {**LIGHT, **light}, {**DARK, **dark}


def theme(look: dict) -> dict:
    """The palette as the PDF takes it: colours by name, and by outcome the name of its colours and its shape."""
    return {"colours": branded(look)[0], "outcomes": OUTCOMES, "signs": SIGNS | look.get("signs", {})}


def theme_css(look: dict | None = None) -> str:
    """The palette as custom properties: light, dark where the reader or JupyterLab is dark, paper, forced colours."""
    light, dark = map(_properties, branded(look or {}))
    return "\n".join(
        (
            *(_of_outcome(outcome, name) for outcome, name in OUTCOMES.items()),
            f".mpr, .mpr-desk {{ {light} }}",
            f"@media (prefers-color-scheme: dark) {{ .mpr:not(.mpr-part) {{ {dark} }} }}",
            f'[data-jp-theme-light="false"] :is(.mpr-part, .mpr-desk) {{ {dark} }}',
            f"@media print {{ .mpr.mpr.mpr {{ {_properties(PRINT)} }} }}",
            f"@media (forced-colors: active) {{ .mpr.mpr.mpr {{ {_properties(FORCED)} }} }}",
            f"@media print, (forced-colors: active) {{ {_filled(PATTERNS)} }}",
            _filled(UNFILLED),
            f".mpr [data-judged] {{ --fill: {JUDGED}; }}",
        )
    )


def _of_outcome(outcome, name):
    parts = "".join(f" --mark{part}: var(--{name}{part});" for part in ("", "-text", "-paper", "-inside"))
    return f'.mpr [data-outcome="{outcome}"] {{{parts} --fill: var(--mark); }}'


def _filled(patterns):
    return " ".join(f'.mpr [data-outcome="{outcome}"] {{ --fill: {fill}; }}' for outcome, fill in patterns.items())


def _properties(colours):
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())
