"""The widget: carries requests from the browser to the desk's face and answers back, and nothing else."""

import uuid

from mpr_lib.desk.desk import Desk
from mpr_lib.desk.face import Face
from mpr_lib.desk.pages import HERE, shell_html, style
from mpr_lib.errors import MprError


def desk_widget(workspace, month):
    """The desk of a workspace as a widget for JupyterLab."""
    try:
        import anywidget
        import seaborn  # noqa: F401 -- here it is waited for with the notebook, later with the first indicator
        import traitlets
    except ImportError:
        raise MprError(
            "The desk needs JupyterLab and anywidget, which are not installed here. Open it with 'make lab', or "
            "install them: pip install 'monthly-performance-report[lab]'."
        ) from None

    class DeskWidget(anywidget.AnyWidget):
        """The desk in a notebook."""

        _esm = HERE / "static" / "desk.js"
        _css = style()
        shell = traitlets.Unicode(shell_html()).tag(sync=True)

        def __init__(self, face):
            super().__init__()
            self.face = face
            self.on_msg(self._answer)

        def _answer(self, widget, request, buffers):
            reply, files = self.face.answer(request)
            self.send({"view": request.get("view"), **reply}, files)

        def __repr__(self):
            return f"The desk for {self.face.desk.month}: shown by JupyterLab."

    return DeskWidget(Face(Desk(workspace, month, name=uuid.uuid4().hex[:8])))
