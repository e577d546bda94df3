"""The magics: %%commentary saves a cell as a comment and shows its hints, %commentary brings one into a cell."""

import shlex

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring
from IPython.display import HTML, display

from mpr_lib.desk import pages
from mpr_lib.desk.desk import Desk
from mpr_lib.desk.saving import ChangedMeanwhile, plain
from mpr_lib.errors import MprError

SHORT = 8
"""Letters of a version that stand for it on a line."""


@magics_class
class CommentaryMagics(Magics):
    """Comments written in notebook cells, kept from overwriting what others wrote."""

    def __init__(self, shell):
        super().__init__(shell)
        self.desks = {}
        self.seen = {}

    @magic_arguments()
    @argument("code", nargs="+", help="the indicator's code, such as CP 5.4")
    @argument("--month", default="", help="the month; else the notebook's variable month, else the newest")
    @argument("--workspace", default="", help="the workspace; else the notebook's variable workspace, else ..")
    @argument("--role", default="", help="who approves it")
    @argument("--approve", action="store_true", help="record that it is approved, by whose role and when")
    @argument("--replace", default="", help="the version to replace, as a conflict names it")
    @line_cell_magic
    def commentary(self, line, cell=None):
        """``%%commentary CP 5.4`` saves the cell below it; ``%commentary CP 5.4`` brings the comment into a cell."""
        options = parse_argstring(self.commentary, line)
        code = " ".join(options.code)
        try:
            desk = self._desk(options)
            if cell is None:
                self._bring(desk, code)
            else:
                self._save(desk, code, cell, options)
        except MprError as error:
            raise UsageError(str(error)) from None

    def _desk(self, options):
        names = self.shell.user_ns
        workspace = _unquoted(options.workspace) or names.get("workspace", "..")
        month = _unquoted(options.month) or names.get("month", "")
        if (workspace, month) not in self.desks:
            self.desks[workspace, month] = Desk(workspace, month)
        return self.desks[workspace, month]

    def _bring(self, desk, code):
        comment = desk.open(code).comment
        self.seen[desk.month, code] = comment.version
        self.shell.set_next_input(f"%%commentary {code}\n{comment.text}")

    def _save(self, desk, code, cell, options):
        """Save over the version that this notebook brought or saved; over another one only if it is named."""
        now = desk.open(code).comment
        base = self.seen.get((desk.month, code), "")
        if options.replace and now.version.startswith(options.replace):
            base = now.version
        try:
            if plain(cell) == now.text and not options.approve:
                saved = now
            else:
                saved = desk.save(code, cell, base, _unquoted(options.role), options.approve)
        except ChangedMeanwhile as error:
            version = error.now.version[:SHORT]
            _show(
                pages.magic_conflict_html(desk, code, plain(cell), error.now, f"--replace {version}" if version else "")
            )
            return
        self.seen[desk.month, code] = saved.version
        _show(pages.magic_html(desk, code, saved))


def _unquoted(text):
    return " ".join(shlex.split(text)) if text else ""


def _show(html):
    display(HTML(html))
