"""Open data: every month's scorecard, values and points as CSV with each column described, and as a workbook."""

FILES = ("scorecard.csv", "values.csv", "points.csv", "scorecard.xlsx", "datapackage.json")
OPENS = {"publishes": "mpr_lib.open_data.data_package:write_open_data", "files": "mpr_lib.open_data:FILES"}
