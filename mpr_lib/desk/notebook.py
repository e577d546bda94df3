"""Notebook: the desk as a widget of JupyterLab, and in a cell: %%commentary saves it, %commentary brings a comment."""

import shlex
from functools import cache

import pandas as pd
from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments
from IPython.display import HTML, display

from mpr_lib import words
from mpr_lib.desk import pages
from mpr_lib.desk.desk import NEEDS, STATES, Desk
from mpr_lib.desk.face import Face
from mpr_lib.desk.saving import ChangedMeanwhile, plain
from mpr_lib.errors import MprError
from mpr_lib.report.canvas import seaborn

SHORT = 8
"""Letters of a version that stand for it on a line."""


def desk_widget(workspace: str, month: str):
    """The desk of a workspace as a widget: it carries requests to the desk's face and answers back, no more.

    Where anywidget is not installed it is the table of what is to be written, which cells can write.
    """
    # Loaded when needed: what JupyterLab alone needs is not there where the report is only run.
    try:
        import anywidget
        import traitlets
    except ImportError:
        print(
            "The desk's editor needs anywidget, which is not installed here ('mpr desk' says how). Or write in a "
            "cell: %load_ext mpr_lib.desk, then %commentary and a code brings the comment."
        )
        return listed(_desk_of(workspace, month))
    seaborn()  # here it is waited for with the notebook, later with the first indicator

    class DeskWidget(anywidget.AnyWidget):
        """The desk in a notebook."""

        _esm = pages.script()
        _css = pages.style()
        shell = traitlets.Unicode(pages.render("shell")).tag(sync=True)

        def __init__(self, face):
            super().__init__()
            self.face = face
            self.on_msg(self._answer)

        def _answer(self, widget, request, buffers):
            reply, files = self.face.answer(request)
            self.send(reply, files)

    return DeskWidget(Face(Desk(workspace, month)))


_desk_of = cache(Desk)
"""A notebook's cells share a desk: its figures are read once."""


def listed(desk: Desk) -> pd.DataFrame:
    """The month's indicators by code, those that need a comment first: Indicator, Outcome, Comment, Why."""
    rows = {
        each.code: (each.name, words.OUTCOMES_SHORT[each.row.expected_outcome], STATES[each.state], NEEDS[each.need])
        for each in desk.entries()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["Indicator", "Outcome", "Comment", "Why"])


@magics_class
class CommentaryMagics(Magics):
    """Comments written in notebook cells, kept from overwriting what others wrote."""

    def __init__(self, shell):
        super().__init__(shell)
        self.seen = {}

    @magic_arguments()
    @argument("code", nargs="*", help="the indicator's code, such as CP 5.4; without one, all are listed")
    @argument("--month", default="", help="the month; else the notebook's variable month, else the newest")
    @argument("--workspace", default="", help="the workspace; else the variable workspace, else found upwards")
    @argument("--role", default="", help="who approves it")
    @argument("--approve", action="store_true", help="record that it is approved, by whose role and when")
    @argument("--replace", default="", help="the version to replace, as a conflict names it")
    @line_cell_magic
    def commentary(self, line, cell=None):
        """``%%commentary CP 5.4`` saves the cell below it; ``%commentary CP 5.4`` brings the comment into a cell.

        ``%commentary`` alone lists what is to be written.
        """
        options = self.commentary.parser.parse_args(shlex.split(line))
        code, names = " ".join(options.code), self.shell.user_ns
        try:
            workspace = options.workspace or names.get("workspace", "")
            desk = _desk_of(workspace, options.month or names.get("month", ""))
            if cell is None and not code:
                return listed(desk)
            if cell is None:
                comment = desk.open(code).comment
                self.seen[desk.month, code] = comment.version
                self.shell.set_next_input(f"%%commentary {code}\n{comment.text}")
            else:
                display(HTML(self._saved(desk, code, plain(cell), options)))
        except MprError as error:
            raise UsageError(str(error)) from None

    def _saved(self, desk, code, text, options):
        """Save over the version that this notebook brought or saved; over another one only if it is named."""
        now = desk.open(code).comment
        base, option, saved = self.seen.get((desk.month, code), ""), "", True
        if options.replace and now.version.startswith(options.replace):
            base = now.version
        try:
            if text != now.text or options.approve:
                now = desk.save(code, text, base, options.role, options.approve)
            self.seen[desk.month, code] = now.version
        except ChangedMeanwhile as error:
            version, saved = error.now.version[:SHORT], False
            option = f"--replace {version}" if version else ""
        return pages.render("magic", desk=desk, opened=desk.open(code), text=text, saved=saved, option=option)
