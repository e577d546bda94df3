"""Palette: every colour that the report draws with, by what it means; docs/decisions/colour.md gives the contrasts."""

INK = "#16212E"
QUIET = "#4A5360"
RULE = "#D5DBE1"
PAPER = "#FFFFFF"
VALUE = "#12436D"
LAST_YEAR = "#801650"
TARGET = "#4A5361"
BAND = "#DCE6EE"

OUTCOMES = {
    "AT_RISK": {"text": "#A4123F", "shape": "#A4123F", "paper": "#FBE9EE", "sign": "triangle"},
    "SOME_SLIPPAGE": {"text": "#5F3B00", "shape": "#B86E00", "paper": "#FFF3DC", "sign": "circle"},
    "ON_COURSE": {"text": "#0B6B4F", "shape": "#0B6B4F", "paper": "#E3F4EC", "sign": "star"},
    "NO_VALUE": {"text": "#4A5360", "shape": "#4A5360", "paper": "#EEF1F4", "sign": "dash"},
    "NO_TARGET": {"text": "#4A5360", "shape": "#4A5360", "paper": "#EEF1F4", "sign": "square"},
}
ZONES = {"RED": "#F0C4D1", "AMBER": "#F8DCA6", "GREEN": "#B5E0CC"}

THEMED = {
    INK: "ink",
    QUIET: "quiet",
    RULE: "rule",
    PAPER: "paper",
    VALUE: "value",
    LAST_YEAR: "last-year",
    TARGET: "target",
    BAND: "band",
    ZONES["RED"]: "zone-red",
    ZONES["AMBER"]: "zone-amber",
    ZONES["GREEN"]: "zone-green",
    "#A4123F": "at-risk",
    "#B86E00": "slippage",
    "#0B6B4F": "on-course",
}
"""Colours that a page may change with its theme, by the name of their custom property in the style sheet."""
