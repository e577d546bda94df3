"""Committees' editions: the report of what one committee reviews, in the month's own set."""

OPENS = {"committees": "mpr_lib.committees.making:committee_editions"}
