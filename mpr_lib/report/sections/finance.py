"""The finance section: in months without finance reports, the note that says when the next are due."""

import pandas as pd

from mpr_lib.report import blocks, words


def finance(report) -> list:
    """The note about finance reports."""
    return [blocks.note(finance_words(report) or "No finance report was supplied for this month.")]


def finance_words(report) -> str:
    """'There are no finance reports this month. The next are due in the June 2018 report.', from the settings."""
    if report.month.month in report.settings.finance_months:
        return ""
    following = report.month_settings.finance_next
    if following is None and report.settings.finance_months:
        months = (report.month + ahead for ahead in range(1, 13))
        following = next(month for month in months if month.month in report.settings.finance_months)
    said = "There are no finance reports this month."
    if following is None:
        return said
    return f"{said} The next are due in the {words.month_words(pd.Period(following, freq='M'))} report."
