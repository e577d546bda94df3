"""Section 4: partnership indicators by theme, or the statement that no figures were supplied."""

from mpr_lib.report import blocks, words
from mpr_lib.report.sections.cells import counts_block, exceptions_of, indicator_table
from mpr_lib.report.sections.corporate import KEYS
from mpr_lib.report.sections.detail import indicator_page
from mpr_lib.rules.codes import slug


def partnership(report) -> list:
    """A table for each theme and a page for each exception; a theme without indicators says so."""
    rows = report.partnership_rows
    month = words.month_words(report.month)
    themes = report.partnership_themes
    if rows.empty:
        listed = (
            f" The section covers {words.joined([theme.lower() for theme in themes])} indicators." if themes else ""
        )
        return [blocks.note(f"No partnership figures were supplied for {month}.{listed}")]
    shown = [counts_block("Partnership indicators by expected outcome", rows)]
    for theme in dict.fromkeys([*themes, *rows["aim"]]):
        part = rows[rows["aim"] == theme]
        shown.append(blocks.heading(3, theme or "No theme stated", f"partnership-theme-{slug(theme)}"))
        if part.empty:
            shown.append(blocks.note(f"No figures were supplied for {month}."))
            continue
        caption = f"{theme}: {words.counted(len(part), 'partnership indicator')}"
        shown.append(indicator_table(report, part, KEYS, f"partnership-{slug(theme)}", caption))
        shown += [indicator_page(report, row, "partnership") for row in exceptions_of(part).itertuples()]
    return shown
