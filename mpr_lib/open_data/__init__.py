"""Open data: every month's scorecard and values as CSV with a description of each column, and as a workbook."""

FILES = ("scorecard.csv", "values.csv", "scorecard.xlsx", "datapackage.json")
OPENS = {"publishes": "mpr_lib.open_data.data_package:write_open_data", "files": "mpr_lib.open_data:FILES"}
