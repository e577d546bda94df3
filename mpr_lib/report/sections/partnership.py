"""Section 4: partnership indicators by theme, or the statement that no figures were supplied."""

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.report.prose import read_prose
from mpr_lib.report.sections import cells
from mpr_lib.report.sections.detail import comparison_words, context_facts, indicator_page, signals, trend
from mpr_lib.rules.codes import slug


def partnership(report) -> list | None:
    """Counts over all, then for each theme its table, trends of what has no target, and detail pages."""
    if not report.has_partnership:
        return None
    rows = report.partnership_rows
    themes: list[str] = next((each.themes for each in report.settings.sections if each.code == "PARTNERSHIP"), [])
    if rows.empty:
        return [_nothing(report, themes, "partnership ")]
    shown = [cells.counts_block("Partnership indicators by expected outcome", rows)]
    for theme in dict.fromkeys([*(theme for theme in themes if theme in set(rows["aim"])), *rows["aim"]]):
        shown += _theme(report, theme, rows[rows["aim"] == theme])
    empty = [theme for theme in themes if theme not in set(rows["aim"])]
    return shown + ([_nothing(report, empty)] if empty else [])


def _nothing(report, themes, kind=""):
    """That no figures came, of which themes, in a sentence."""
    of = f" ({words.joined(themes)})" if themes else ""
    return blocks.note(f"No {kind}figures{of} were supplied for {words.month_words(report.month)}.")


def _theme(report, theme, rows):
    name = theme or "No theme stated"
    heading = blocks.heading(3, name, f"partnership-theme-{slug(name)}")
    table = cells.indicator_table(
        report, rows, f"partnership-{slug(name)}", words.counts_words(rows), named_by=heading["id"]
    )
    with_page = rows["indicator_code"].isin(report.detailed_codes)
    pages = [indicator_page(report, row, "partnership") for row in rows[with_page].itertuples()]
    return [heading, table, *_trends(report, name, rows[~with_page]), *pages]


def _trends(report, theme, rows):
    """A compact trend of each indicator that is shown for information."""
    rows = rows[rows["indicator_code"].isin(report.trend_codes)]
    if rows.empty:
        return []
    title = f"{theme}: {words.lowered(words.OUTCOMES['NO_TARGET'])}"
    shown = [blocks.heading(4, title, f"partnership-trends-{slug(theme)}")]
    for row in rows.itertuples():
        title = f"{row.indicator_code} {row.short_name}".strip()
        shown.append(blocks.heading(5, title, slug(row.indicator_code)))
        shown.append(blocks.group(_facts(report, row), *trend(report, row)))
        shown += signals(report, row)
        shown += [blocks.prose(read_prose(words.comment_words(row)))] if row.commentary else []
    return shown


def _facts(report, row):
    """What stands beside a compact trend, which has no detail page to say it."""
    compared = comparison_words(report, row)
    listed = [
        (f"Value, {words.month_words(row.latest_month)}", cells.value_cell(row)),
        cells.direction_fact(row),
        *([("Compared", compared)] if compared else []),
    ]
    return blocks.facts([*listed, *context_facts(report, row)])
