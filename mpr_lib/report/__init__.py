"""How a month is shown: sections made of blocks, charts, and the exporters to HTML and PDF."""

from mpr_lib.report.document import picture, table
from mpr_lib.report.report import Report, open_report

__all__ = ["Report", "open_report", "picture", "table"]
