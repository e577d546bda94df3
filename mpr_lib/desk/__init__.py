"""The analyst's desk: writing a month's commentary with the facts beside it and the page as readers will see it.

What each function imports takes a second or more to load, and a notebook asks for one of them.
"""


def open_desk(workspace: str = "", month: str = ""):
    """The desk as a widget, for a notebook in JupyterLab; without a month the newest one that has figures."""
    # Loaded when needed: whoever imports the desk's findings goes without its widget.
    from mpr_lib.desk.notebook import desk_widget

    return desk_widget(workspace, month)


def open_indicator(workspace: str = "", month: str = "", code: str = ""):
    """One indicator in depth, for a notebook that asks it for its parts."""
    from mpr_lib.desk.desk import Desk
    from mpr_lib.desk.indicator import Indicator

    return Indicator(Desk(workspace, month).report, code)


def load_ipython_extension(shell):
    """``%load_ext mpr_lib.desk``: the ``%%commentary`` magic."""
    from mpr_lib.desk.notebook import CommentaryMagics

    shell.register_magics(CommentaryMagics)


OPENS = {"commands": "mpr_lib.desk.commands:register"}

__all__ = ["load_ipython_extension", "open_desk", "open_indicator"]
