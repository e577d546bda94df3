"""Pages: what the desk shows, as HTML that the report's own templates lay out. Everything is escaped."""

import re
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from jinja2 import Environment

from mpr_lib import words
from mpr_lib.desk.desk import NEEDS, STATES, months_of
from mpr_lib.desk.indicator import beside_blocks, facts_blocks
from mpr_lib.report.document import style as report_style
from mpr_lib.report.prose import read_prose
from mpr_lib.report.rendering import environment
from mpr_lib.report.sections.cells import basis_of, judged
from mpr_lib.rules.outcome import FROM_RATING, JUDGED

HERE = Path(__file__).parent


@cache
def _environment() -> Environment:
    made = environment(own=HERE / "templates")
    names = {"NEEDS": NEEDS, "STATES": STATES, "FROM_RATING": FROM_RATING, "JUDGED": JUDGED, "words": words}
    asked = (basis_of, beside_blocks, differences, facts_blocks, judged, months_of, read_prose, style)
    made.globals |= names | {each.__name__: each for each in asked}
    return made


def render(part: str, **context) -> str:
    """A part of the desk, by its template; most ask the ``desk`` for what they show, or what it ``opened``."""
    return _environment().get_template(f"{part}.html.j2").render(**context)


def style() -> str:
    """The report's style, light and dark as JupyterLab is, and the desk's own."""
    return f"{report_style()}\n{(HERE / 'static' / 'desk.css').read_text(encoding='utf-8')}"


def script() -> str:
    """The desk's script with the editor in its import's place: a widget's module cannot import another file."""
    desk, editor = ((HERE / "static" / name).read_text(encoding="utf-8") for name in ("desk.js", "editor.js"))
    return desk.replace('import { Editor, same } from "./editor.js";\n', editor)


def differences(mine: str, theirs: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts as runs of words, each with whether the other text lacks it.

    >>> differences("Two days lost.", "Three days lost.")[0]
    [('Two', True), (' days lost.', False)]
    """
    ours, others = (re.findall(r"\s+|[^\s]+", text) for text in (mine, theirs))
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, ours, others, autojunk=False).get_opcodes():
        left += [("".join(ours[a:b]), kind != "equal")] * (b > a)
        right += [("".join(others[c:d]), kind != "equal")] * (d > c)
    return left, right
