"""Cells and tables that several sections share."""

import re

from mpr_lib import words
from mpr_lib.book.tables import officers
from mpr_lib.columns import SHOWN, TABLES
from mpr_lib.report import blocks
from mpr_lib.report.charts import periods_shown
from mpr_lib.report.course import is_monthly
from mpr_lib.report.prose import paragraph, read_prose
from mpr_lib.report.small_charts import sparkline
from mpr_lib.rules.codes import slug
from mpr_lib.rules.outcome import OUTCOMES, by_judgement, distance_in_tolerances, is_exception
from mpr_lib.rules.values import printed, range_text


def title_of(row) -> str:
    """An indicator's title for readers: its plain public title where it has one."""
    return row.public_title or row.short_name or row.indicator_code


def indicator_table(report, rows, id: str, caption: str, groups=(), named_by: str = ""):
    """A table of indicators: ``rows`` of the scorecard, in the columns of the section that its id begins with.

    ``groups`` are pairs of the cell that heads a group and its part of the rows; ``named_by`` is the id of a heading
    that names the table, so that the caption need not say it again.
    """
    section, years = id.split("-")[0], annual_years(report, rows)
    keys, year = getattr(report.settings.columns, section) or TABLES[section], words.joined(years, "or")
    than = words.direction_heading(rows)
    columns = [blocks.column(key, SHOWN[key].heading.format(year=year, than=than), SHOWN[key].cell) for key in keys]
    shown = []
    for head, part in groups or [(None, rows)]:
        shown += [blocks.group_row({keys[0]: head})] if head else []
        for row, distance in zip(part.itertuples(), distance_in_tolerances(part), strict=True):
            made = {key: CELLS[key](report, row) for key in keys}
            if "annual" in made and [annual_year(report, row.latest_month)] != years:
                said = annual_year(report, row.latest_month), made["annual"].get("detail")
                made["annual"]["detail"] = " · ".join(filter(None, said))
            if "direction" in made and not than:
                made["direction"] = direction_cell(row, with_than=True)
            shown.append(indicator_row(row, made, id, distance))
    return blocks.table(id, caption, columns, shown, **({"named_by": named_by} if named_by else {}))


def annual_year(report, month) -> str:
    """The financial year of an annual target, which is that of its row's latest month, by name."""
    return report.settings.years.label(report.settings.years.of(month))


def annual_years(report, rows) -> list[str]:
    """The financial years whose annual targets the rows show, by name, the earliest first; of rows without any, all."""
    targeted = rows[rows["annual_target_text"] != ""]
    every = (rows if targeted.empty else targeted)["latest_month"]
    return list(dict.fromkeys(annual_year(report, month) for month in sorted(every.unique())))


MOST = 1000
"""The largest distance that a row's attribute says, where nothing is tolerated too: JSON has no infinity."""


def indicator_row(row, made, table_id, distance):
    """A row of an indicator's cells, with what readers filter and sort it by; ``distance`` is in tolerances."""
    known = {"distance": round(max(-MOST, min(distance, MOST)), 4)} if distance == distance else {}
    return blocks.row(
        made, "indicator",
        id=f"{table_id.split('-')[0]}-{slug(row.indicator_code)}", code=row.indicator_code,
        outcome=row.expected_outcome, rating=row.rating, direction=row.direction, variation=row.variation,
        assurance=row.assurance, **judged_mark(row), **belongs_to(row),
        **known,
    )  # fmt: skip


def belongs_to(row) -> dict:
    """What readers may choose an indicator by, apart from how it stands."""
    return {
        "department": row.department, "committee": row.scrutiny_committee, "aim": row.aim,
        "managed_by": "; ".join(officers(row.managed_by)),
    }  # fmt: skip


def judged_mark(row) -> dict:
    """That a row's outcome stands by judgement, for a cell, a row or an article; nothing where it is the rating's."""
    return {"judged": True} if row.judged else {}


def judgement(row) -> dict:
    """What a cell says beside an outcome or a rating where an officer judged."""
    return {"mark": "Judged:", "detail": judged(row)} if row.outcome_reason else {}


def judged(row) -> str:
    """Why the expected outcome is not the rating's, in a sentence; empty where nobody judged."""
    if not row.outcome_reason:
        return ""
    by = f" ({row.judgement_role})" if row.judgement_role else ""
    rating, outcome = rating_of(row).lower(), words.lowered(row.outcome_short)
    return f"Rated {rating}, judged {outcome}{by}: {row.outcome_reason}"


def direction_cell(row, with_figure: bool = False, with_than: bool = False):
    """Better or worse, or a dash where neither way is; with what the figure was then, or with when that is."""
    if row.polarity == "NONE":
        return blocks.cell(words.NO_DIRECTION, missing=True)
    then = f" ({words.figure_words(row.compared_value, row.unit)})"
    known = with_figure and row.direction != "NOT_AVAILABLE"
    than = f"{words.THAN.get(row.direction)} {words.before_words(row)}".capitalize()
    detail = than * (with_than and row.direction != "NOT_AVAILABLE")
    return blocks.cell(f"{words.DIRECTIONS[row.direction]}{then * known}", direction=row.direction, detail=detail)


def variation_cell(variation: str):
    """Whether something has really changed: its shape and its words, quiet where that is not judged."""
    return blocks.cell(words.VARIATIONS[variation], variation=variation, missing=variation == "NOT_JUDGED")


def direction_fact(row) -> tuple:
    """Better or worse, as a term that says than what and its cell with the figure of then."""
    before = words.before_words(row)
    term = "Same month last year" if before == words.LAST_YEAR else words.capitalised(before)
    return term + ", by months alone" * words.by_months_alone(row), direction_cell(row, with_figure=True)


def rating_of(row) -> str:
    """The rating of a scorecard row in words."""
    return words.UNRATED if row.polarity == "NONE" and row.target_text else words.RATINGS[row.rating]


def value_cell(row):
    """A value as received, or why there is none; a proxy says so in its own words, [r] revised and [p] provisional."""
    said = words.marked_text(words.value_words(row.value_text, row.no_value_reason), row)
    return blocks.cell(said, missing=row.value != row.value)


def linked(report, said: str, codes) -> dict:
    """A paragraph of a sentence in which each of these codes leads to where the document shows its indicator."""
    anchors = {code: report.anchor_of(code) for code in codes}
    known = "|".join(map(re.escape, sorted(filter(anchors.get, anchors), key=len, reverse=True)))
    parts = re.split(rf"(?<![\w.])({known})(?!\w|\.\d)", said) if known else [said]
    return paragraph(*((part, anchors[part]) if anchors.get(part) else part for part in parts if part))


def stated_cell(text: str, otherwise: str = words.NOT_STATED):
    """A text, or in quiet words that there is none."""
    return blocks.cell(text or otherwise, missing=not text)


def target_cell(text: str):
    return stated_cell(text, words.RATINGS["NO_TARGET"])


def target_moved(report, row) -> dict[str, str]:
    """What the row's target ``was`` before it was changed within its year, and is ``now``, since which ``month`` and
    why (``reason``), in words; empty where it was not.
    """
    of = {"financial_year": report.settings.years.of(row.latest_month), "month": row.latest_month}
    for (name, moved), (period, when) in zip(report.moved_targets.items(), of.items(), strict=True):
        if len(moved) and len(rows := moved[(moved["indicator_code"] == row.indicator_code) & (moved[period] == when)]):
            each = rows.iloc[-1]
            said = {"month": words.month_words(each["reported_from"]), "reason": each["reason"].rstrip(".")}
            return {"was": target_text(each, f"was_{name}", row.unit), "now": target_text(each, name, row.unit), **said}
    return {}


def target_text(target, name: str, unit: str) -> str:
    """A recorded target as it is printed; ``name`` is that of its ends' columns."""
    return printed(range_text(target[f"{name}_low_text"], target[f"{name}_high_text"]), unit)


def _annual_cell(report, row):
    """The annual target, and what it was before it was changed within the year."""
    moved = target_moved(report, row)
    return target_cell(row.annual_target_text) | ({"detail": f"was {moved['was']}"} if moved else {})


def comment_cell(report, row):
    """A comment in a table, or that there is none."""
    prose = read_prose(words.comment_words(row))
    return blocks.cell("Comment", prose=prose) if prose else stated_cell("", words.NO_COMMENT)


def signed(prose: list[dict], *by: str) -> list:
    """What somebody wrote, and below it who and when (``words.signed``), as far as that is known."""
    names = words.signed(*by)
    return [blocks.prose(prose), *([blocks.text(names)] if names else [])]


def polarity_of(row) -> str:
    return words.POLARITIES.get(row.polarity, row.polarity or words.NOT_STATED)


def basis_of(row) -> str:
    """How a figure adds up, in words; empty where nobody said."""
    return "" if row.basis == "UNSTATED" else words.basis_words(row.basis, row.frequency)


def counts_block(label, rows):
    """How many of the rows have which expected outcome, in the report's order, none left out that occurs."""
    named = dict(zip(rows["expected_outcome"], rows["outcome_label"], strict=True))
    shorts = dict(zip(rows["expected_outcome"], rows["outcome_short"], strict=True))
    items = []
    for outcome in (each for each in OUTCOMES if each in named):
        part = rows[rows["expected_outcome"] == outcome]
        count, judged, said = len(part), int(by_judgement(part).sum()), words.judged_words(part)
        item = {"outcome": outcome, "label": named[outcome], "count": count, "judged": judged, "short": shorts[outcome]}
        items.append(item | ({"judged_words": f"{count - judged}, " * (judged < count) + said} if said else {}))
    return blocks.counts(label, items) | {"codes": list(rows["indicator_code"])}


def exceptions_of(rows):
    return rows[is_exception(rows)]


def trend_cell(report, row):
    months = report.months_of(row.indicator_code)
    if not is_monthly(row):
        # Few figures, so those of all the years count.
        months = periods_shown(months, row, report.month, report.settings.years).assign(financial_year=0)
    drawn = sparkline(months, row.definition_break, row.basis)
    if drawn:
        return blocks.cell(drawn[1], svg=drawn[0], alt=drawn[1])
    figures = int(months["value"].notna().sum())
    return blocks.cell("One figure" if figures else "No figures", missing=True)


CELLS = {
    "code": lambda report, row: blocks.cell(row.indicator_code, href=report.page_of(row.indicator_code)),
    "name": lambda report, row: blocks.cell(
        row.short_name or row.indicator_code, detail=" · ".join(filter(None, (basis_of(row), judged(row))))
    ),
    "polarity": lambda report, row: blocks.cell(polarity_of(row)),
    "month": lambda report, row: blocks.cell(words.month_words(row.latest_month)),
    "value": lambda report, row: value_cell(row),
    "target": lambda report, row: target_cell(row.target_text),
    "annual": _annual_cell,
    "outcome": lambda report, row: blocks.cell(row.outcome_short, outcome=row.expected_outcome, **judged_mark(row)),
    "direction": lambda report, row: direction_cell(row),
    "signal": lambda report, row: variation_cell(row.variation),
    "trend": trend_cell,
    "managed_by": lambda report, row: stated_cell(row.managed_by),
    "committee": lambda report, row: stated_cell(row.scrutiny_committee),
    "comment": comment_cell,
}
