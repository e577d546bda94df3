"""Open data: every month's scorecard and values as CSV with a description of each column, and as a workbook."""

from mpr_lib.run.open_data.csv_files import write_scorecard, write_values
from mpr_lib.run.open_data.texts import open_text

__all__ = ["open_text", "write_open_data", "write_scorecard", "write_values"]


def write_open_data(book, scorecard, history, generated: str, folder) -> None:
    """Write scorecard.csv, values.csv, scorecard.xlsx and the datapackage.json that describes the first two."""
    from mpr_lib.run.open_data.package import write_package
    from mpr_lib.run.open_data.workbook import write_workbook

    write_scorecard(scorecard, folder / "scorecard.csv")
    write_values(history, book.month, folder / "values.csv")
    write_workbook(book, scorecard, history, generated, folder / "scorecard.xlsx")
    write_package(book, generated, folder)
