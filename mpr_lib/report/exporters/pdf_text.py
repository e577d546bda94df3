"""Officers' text made fit for paper: every character drawable, every word breakable."""

import re
import unicodedata

from mpr_lib.report.fonts import drawable_characters

# What Source Sans Pro certainly has; only texts with something else are looked up in the font files.
COMMON = re.compile(r"[\n\t\x20-\x7e\xa0-\u017f‘’“”–—…•€™≤≥−\u200b\xad]*\Z")
LONG_WORD = re.compile(r"[^\s\u200b]{29,}")
NATURAL_BREAK = re.compile(r"(?<=[@./\\_\-&=?:,;])(?=[^\s\u200b])")
BREAK = "\u200b"
PIECE = 20


def fit_for_paper(text: str) -> str:
    """Replace what no font can draw by its name, and let over-long words break.

    >>> fit_for_paper("Well done 👍")
    'Well done [thumbs up sign]'
    """
    return LONG_WORD.sub(lambda found: breakable(found[0]), drawable(text))


def drawable(text: str) -> str:
    """Return text whose characters all have a glyph; control characters and variation selectors go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if COMMON.match(text):
        return text
    return "".join(drawable_character(character) for character in text)


def drawable_character(character: str) -> str:
    """Return the character, or its Unicode name in brackets where no font has it.

    >>> drawable_character("中"), drawable_character("é"), drawable_character("\\x00")
    ('[cjk unified ideograph-4e2d]', 'é', '')
    """
    if character in "\n\t" or character == BREAK:
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Cn", "Co") or "VARIATION SELECTOR" in unicodedata.name(character, ""):
        return "" if category in ("Cc", "Mn") else f"[U+{ord(character):04X}]"
    if ord(character) in drawable_characters():
        return character
    return "" if category == "Cf" else f"[{unicodedata.name(character, 'symbol').lower()}]"


def breakable(word: str) -> str:
    """Allow breaks after an address's punctuation, and anywhere in a piece that is still too long.

    >>> breakable("someone@" + "x" * 21).replace(BREAK, "|")
    'someone@|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x'
    """
    pieces = NATURAL_BREAK.split(word)
    return BREAK.join(BREAK.join(piece) if len(piece) > PIECE else piece for piece in pieces)
