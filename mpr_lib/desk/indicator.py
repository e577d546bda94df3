"""One indicator in depth: parts that a notebook shows, in the report's own style."""

from pathlib import Path

import pandas as pd

from mpr_lib import words
from mpr_lib.book import Workspace, read_book
from mpr_lib.book.commentary import comments_over_time
from mpr_lib.desk.desk import newest_month
from mpr_lib.desk.facts import facts_blocks
from mpr_lib.desk.months import in_month, revisions_of
from mpr_lib.desk.years_chart import SIZE, years_chart, years_words
from mpr_lib.errors import InputError
from mpr_lib.report import Report, blocks
from mpr_lib.report.document import Part
from mpr_lib.report.prose import read_prose
from mpr_lib.report.sections.cells import outcome_cell, target_cell
from mpr_lib.rules.codes import slug
from mpr_lib.rules.months import read_month
from mpr_lib.rules.values import format_number


class Indicator:
    """One indicator as known in a month; each method is a part of its page."""

    def __init__(self, report: Report, code: str):
        row = next((row for row in report.scorecard.itertuples() if row.indicator_code == code), None)
        if row is None:
            raise InputError(f"There is no indicator '{code}'. The codes are those in data/indicators.csv.")
        self.report, self.row, self.code = report, row, code
        self.months = report.months_of(code)

    @classmethod
    def open(cls, workspace: str, month: str, code: str) -> "Indicator":
        """Open an indicator of a workspace; without a month the newest that has figures."""
        place = Workspace(Path(workspace))
        return cls(Report(read_book(place, read_month(month) if month else newest_month(place))), code)

    def facts(self) -> Part:
        """Name, figures, trend."""
        title = blocks.heading(3, f"{self.code} {self.row.short_name}")
        outcome = blocks.facts([("Expected outcome", outcome_cell(self.row))])
        return self._part([title, outcome, *facts_blocks(self.report, self.row)], self.report.document)

    def years(self) -> Part:
        """Every year there is as a line over the months, and as a table."""
        drawn = years_chart(self.months, self.row, self.report.settings.years)
        if drawn is None:
            return self._part([blocks.note("No figure has been received yet.", "none")])
        alt = years_words(self.months, self.row, self.report.settings.years)
        figure = blocks.figure(drawn, alt, "trend", SIZE, "", f"years-{slug(self.code)}")
        return self._part([figure, self._years_table()])

    def in_months(self) -> Part:
        """What each month added, apart from the figure to date, where figures add up."""
        found = in_month(self.months, self.row, self.report.settings.years)
        if found is None:
            said = "Its figures do not add up through the year: each month's figure stands for itself."
            if self.row.basis == "CUMULATIVE":
                said = "A percentage to date cannot be taken apart into months without what it is a percentage of."
            return self._part([blocks.note(said, "none")])
        rows = [
            blocks.row(
                {
                    "month": blocks.cell(words.month_words(each.month)),
                    "alone": _number_cell(each.in_month, self._decimals),
                    "value": blocks.cell(words.value_words(each.value_text, each.no_value_reason)),
                    "target": target_cell(each.target_text),
                }
            )
            for each in found.itertuples()
        ]
        labels = (("month", "Month"), ("alone", "In the month"), ("value", "To date"), ("target", "Target to date"))
        columns = [blocks.column(key, label, *(() if key == "month" else ("number", "end"))) for key, label in labels]
        caption = f"{self.code}: what each month added, and the figure to date"
        return self._part([blocks.table(f"added-{slug(self.code)}", caption, columns, rows, "narrow")])

    def revisions(self) -> Part:
        """Figures that were changed by a later return."""
        found = revisions_of(self.report.book.returns, self.code)
        if found.empty:
            return self._part([blocks.text("No figure of this indicator has been revised.")])
        rows = [
            blocks.row(
                {
                    "month": blocks.cell(words.month_words(each.month)),
                    "before": blocks.cell(each.before or "No figure"),
                    "after": blocks.cell(each.value_text or "No figure"),
                    "received": blocks.cell(f"Return of {words.month_words(each.received)}", detail=each.note),
                }
            )
            for each in found.itertuples()
        ]
        labels = (("month", "Month"), ("before", "Before"), ("after", "Now"), ("received", "Changed by"))
        columns = [blocks.column(key, label) for key, label in labels]
        caption = f"{self.code}: {words.counted(len(rows), 'revision')}"
        return self._part([blocks.table(f"revised-{slug(self.code)}", caption, columns, rows, "narrow")])

    def comments(self) -> Part:
        """What was said of it, the newest first."""
        shown = []
        for comment in comments_over_time(self.report.book.workspace, self.code, self.report.month):
            by = ", ".join(part for part in (comment.role, self.report.day_words(comment.date), comment.state) if part)
            shown += [blocks.heading(3, words.month_words(comment.month)), blocks.prose(read_prose(comment.text))]
            shown += [blocks.text(by)] if by else []
        return self._part(shown or [blocks.note("Nothing has been said of it yet.", "none")])

    @property
    def _decimals(self):
        return None if pd.isna(self.row.decimals) else int(self.row.decimals)

    def _years_table(self):
        known = self.months[self.months["value"].notna()]
        shown = sorted(known["financial_year"].unique(), reverse=True)
        years = self.report.settings.years
        by_place = {(year, years.month_number(month)): text for year, month, text in zip(
            known["financial_year"], known["month"], known["value_text"], strict=True)}  # fmt: skip
        columns = [blocks.column("month", "Month")]
        columns += [blocks.column(f"y{year}", years.label(int(year)), "number", "end") for year in shown]
        rows = []
        for place, month in enumerate(years.months(self.report.year), start=1):
            texts = {f"y{year}": by_place.get((year, place)) for year in shown}
            cells = {key: blocks.cell(text or "No figure", missing="" if text else True) for key, text in texts.items()}
            rows.append(blocks.row({"month": blocks.cell(words.month_words(month).split()[0]), **cells}))
        caption = f"{self.code}: value by month, {words.counted(len(shown), 'year')}"
        return blocks.table(f"years-table-{slug(self.code)}", caption, columns, rows, "narrow")

    def _part(self, shown, document=None):
        return Part("", shown, document or {})


def _number_cell(number, decimals):
    return blocks.cell("Not known", missing=True) if pd.isna(number) else blocks.cell(format_number(number, decimals))
