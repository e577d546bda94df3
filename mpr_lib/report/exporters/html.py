"""The ``mpr-html`` exporter: an executed report notebook as one self-contained, accessible page."""

from mpr_lib.report.document import page_html
from mpr_lib.report.exporters import ReportExporter


class MprHTMLExporter(ReportExporter):
    """``jupyter nbconvert --to mpr-html outputs/2018-05/report.ipynb``."""

    export_from_notebook = "Monthly Performance Report (HTML)"
    output_mimetype = "text/html"
    file_extension = ".html"

    def made(self, document: dict) -> str:
        """The page's text."""
        return page_html(document)
