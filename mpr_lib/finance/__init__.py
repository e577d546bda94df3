"""The finance section: a month's revenue, capital, savings, reserves and treasury, from their files to their page."""

OPENS = {
    "checks": "mpr_lib.finance.checks",
    "reads": "mpr_lib.finance.files:read_finance",
    "section": "mpr_lib.finance.section:finance",
    "notes": "mpr_lib.finance.section:cover_notes",
}
