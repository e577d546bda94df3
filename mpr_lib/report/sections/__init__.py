"""Sections: one module per section of the report, each a function from the report to its blocks."""
