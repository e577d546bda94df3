"""Open data: every month's scorecard and values as CSV with a description of each column, and as a workbook."""

OPENS = {"publishes": "mpr_lib.open_data.data_package:write_open_data"}
