"""Rendering: templates that lay out what Python has decided. Everything is escaped unless it is markup already."""

import html
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from mpr_lib.columns import SHOWN
from mpr_lib.report.palette import SIGNS, THEMED
from mpr_lib.report.prose import BREAK, with_breaks

_NEEDLESS = re.compile(
    r'<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<defs>\s*<style.*?</style>\s*</defs>|<g id="[^"]*"/>'
    r'| transform="rotate\(-0 [^)]*\)"',
    re.DOTALL,
)
_COLOURS = re.compile("|".join(re.escape(colour) for colour in THEMED), re.IGNORECASE)


def tidy_svg(svg: str) -> str:
    """Drop what a drawing does not need inside a document: prologue, comments, groups' ids, odd white space."""
    svg = re.sub(r'<g id="[^"]*">', "<g>", _NEEDLESS.sub("", svg))
    # A scale of a hundredth less would draw letters that are outlines at half their size.
    svg = re.sub(r"scale\([^)]*\)|(\d+\.\d\d)\d+", lambda found: found[1] or found[0], svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    return re.sub(r">\s+<", "><", svg).strip()


def themed_svg(svg: str, prefix: str) -> str:
    """The drawing for a web page: sized by the page, in its font, in colours that follow light and dark.

    Assistive technology does not see it: its text alternative stands beside it. Drawings name their colours in
    ``style`` attributes only. ``prefix`` keeps its ids apart from those of other drawings.
    """
    svg = re.sub(r"font-family: ?(?:&#39;|[^;\"])*;?", "", svg)
    svg = re.sub(r"font: ([^;\"]*?)(\d[\d.]*px) [^;\"]*", r"font-size: \2", svg)
    svg = _COLOURS.sub(lambda found: f"var(--{THEMED[found[0].upper()]},{found[0]})", svg)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", svg.replace("xlink:href", "href"))
    svg = svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return re.sub(r'(<svg [^>]*?)width="[^"]*" height="[^"]*"', r"\1", svg, count=1)


_APART = re.compile(r"<(svg|select)\b.*?(?:</\1>|\Z)|<[^<>]*>|[^\s<]+", re.DOTALL)
_LONG = 22
"""Letters of a word that two columns on the narrowest phone have no room for."""


def soft_breaks(page: str) -> Markup:
    """The markup with places to break in words that are too long for a column: what it says stays the same text."""

    def broken(found):
        word = found[0]
        if word.startswith("<"):
            return word
        said = html.unescape(word)
        made = with_breaks(said, _LONG)
        return word if made == said else str(escape(made)).replace(BREAK, "<wbr>")

    return Markup(_APART.sub(broken, page))


TEMPLATES = Path(__file__).parent / "templates"


class _OfDicts(Environment):
    """Takes a name of a dict as its key at once: ten lookups in a cell fail, which by attribute first costs a third."""

    def getattr(self, obj, attribute: str):
        if not isinstance(obj, dict) or (attribute not in obj and hasattr(dict, attribute)):
            return super().getattr(obj, attribute)
        return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)


@cache
def environment(signs: tuple = (), own: Path = TEMPLATES) -> Environment:
    """The Jinja environment: autoescape on for every template, undefined names are errors.

    ``signs`` are pairs of outcome and shape that are not the usual ones, ``own`` is the folder of an annex's templates.
    """
    # A report is of one state of its templates, as of its code, and is not to look at their files for each cell.
    made = _OfDicts(
        loader=FileSystemLoader([own, TEMPLATES]),
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["themed"] = lambda svg, prefix: Markup(themed_svg(svg, prefix))
    made.filters["soft_breaks"] = soft_breaks
    made.globals["shown"] = SHOWN
    made.globals["signs"] = {**SIGNS, **dict(signs)}
    return made


def render(template: str, signs: tuple = (), own: Path = TEMPLATES, **context) -> str:
    """Render one template by its path below ``templates``, or below an annex's ``own``."""
    return environment(signs, own).get_template(template).render(**context)


@cache
def asset(path: str) -> str:
    """A style sheet or script of the templates folder, as text."""
    return (TEMPLATES / path).read_text(encoding="utf-8")
