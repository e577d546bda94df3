"""Exporters for nbconvert: the notebook that was run, as HTML and as PDF."""

from contextlib import suppress
from pathlib import Path

from nbclient.exceptions import CellExecutionError
from nbconvert.exporters.exporter import Exporter

from mpr_lib import errors
from mpr_lib.book.workspace import found
from mpr_lib.report.document import read_document


class ReportExporter(Exporter):
    """Reads the report out of a notebook, for ``made`` to set.

    With ``--execute`` the kernel works where the person is, if that is in a workspace, as Papermill's does; else beside
    the notebook. What is refused is one sentence on nbconvert's command line, and an error elsewhere.
    """

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Convert a notebook; returns what is made of it and nbconvert's resources."""
        with suppress(errors.MprError):
            found()
            given = resources or {}
            resources = {**given, "metadata": {**given.get("metadata", {}), "path": str(Path.cwd())}}
        try:
            nb, resources = super().from_notebook_node(nb, resources, **kwargs)
            return self.made(read_document(nb)), resources
        except (errors.MprError, CellExecutionError) as error:
            # Loaded when needed: the command line's half of nbconvert is there only where it was used.
            from nbconvert.nbconvertapp import NbConvertApp

            said = str(error) if isinstance(error, errors.MprError) else error.evalue
            if NbConvertApp.initialized() and hasattr(errors, getattr(error, "ename", type(error).__name__)):
                raise SystemExit(said) from None
            raise

    def made(self, document: dict) -> str | bytes:
        """The document, set."""
        raise NotImplementedError
