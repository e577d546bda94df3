"""The ``mpr-html`` exporter: an executed report notebook as one self-contained, accessible page."""

from nbconvert.exporters.exporter import Exporter

from mpr_lib.report.document import page_html, read_document


class MprHTMLExporter(Exporter):
    """``jupyter nbconvert --to mpr-html outputs/2018-05/report.ipynb``."""

    export_from_notebook = "Monthly Performance Report (HTML)"
    output_mimetype = "text/html"
    file_extension = ".html"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Convert a notebook; returns the page's text and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        return page_html(read_document(nb)), resources
