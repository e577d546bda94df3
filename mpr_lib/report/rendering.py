"""Rendering: templates that lay out what Python has decided. Everything is escaped unless it is markup already."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment(signs: tuple = ()) -> Environment:
    """The Jinja environment: autoescape on for every template, undefined names are errors.

    ``signs`` are pairs of outcome and shape that are not the usual ones.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    from mpr_lib.report.drawing import themed_svg
    from mpr_lib.report.palette import SIGNS
    from mpr_lib.report.widths import column_widths

    made.filters["themed"] = lambda svg, prefix: Markup(themed_svg(svg, prefix))
    made.globals["column_widths"] = column_widths
    made.globals["signs"] = {**SIGNS, **dict(signs)}
    return made


def render(template: str, signs: tuple = (), **context) -> str:
    """Render one template by its path below ``templates``."""
    return environment(signs).get_template(template).render(**context)


@cache
def asset(path: str) -> str:
    """A style sheet or script of the templates folder, as text."""
    return (TEMPLATES / path).read_text(encoding="utf-8")
