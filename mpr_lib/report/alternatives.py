"""Text alternatives: what a chart shows, in the words that somebody would use who reads it out."""

from mpr_lib.report import words


def trend_words(months, row, all_years: bool = False) -> str:
    """What the trend chart of one scorecard row shows: the latest figure, target, last year, the course so far.

    The course is that of this financial year and the last, or of ``all_years``.

    >>> # 'CP 5.4: 1.19 days in May 2018, above the target of 1.10; worse than 1.11 a year before. …'
    """
    recent = all_years or months["financial_year"] >= months["financial_year"].max() - 1
    known = months[months["value"].notna() & recent]
    if row.definition_break == row.definition_break:
        known = known[known["month"] >= row.definition_break]
    parts = [_latest(row), _last_year(row)]
    return f"{row.indicator_code}: {'; '.join(part for part in parts if part)}. {_course(known, row)}".strip()


def _latest(row):
    month = words.month_words(row.latest_month)
    if row.value != row.value:
        return f"no figure for {month}"
    said = f"{words.with_unit(row.value_text, row.unit)} in {month}" + (" (revised)" if row.is_revised else "")
    said += " (provisional)" if row.is_provisional else ""
    return f"{said}, {_side(row)}" if row.target_text else f"{said}, without a target"


def _side(row):
    ranged = row.target_low != row.target_high
    name = f"target range of {row.target_text}" if ranged else f"target of {row.target_text}"
    if row.value < row.target_low:
        return f"below the {name}"
    if row.value > row.target_high:
        return f"above the {name}"
    return f"inside the {name}" if ranged else f"exactly the {name}"


def _last_year(row):
    if row.direction == "NOT_AVAILABLE":
        return ""
    then = words.figure_words(row.last_year_value, row.unit)
    return (
        f"the same as a year before ({then})"
        if row.direction == "SAME"
        else f"{row.direction.lower()} than a year before ({then})"
    )


def _course(known, row):
    if len(known) < 2:
        return ""
    first, last = known["month"].iloc[0], known["month"].iloc[-1]
    low, high = known.loc[known["value"].idxmin()], known.loc[known["value"].idxmax()]
    span = f"From {words.month_words(first)} to {words.month_words(last)}"
    met = int((known["rating"] == "GREEN").sum())
    course = (
        f"{span} it was lowest in {words.month_words(low['month'])} ({low['value_text']}) "
        f"and highest in {words.month_words(high['month'])} ({high['value_text']})"
    )
    rated = int(known["rating"].isin(["GREEN", "AMBER", "RED"]).sum())
    return f"{course}, and on target in {met} of {words.counted(rated, 'month')}." if rated else f"{course}."
