"""One indicator in depth: parts that a notebook shows, in the report's own style."""

from pathlib import Path

import pandas as pd

from mpr_lib import words
from mpr_lib.book import Workspace, read_book
from mpr_lib.book.commentary import comments_over_time
from mpr_lib.checks.jumps import moves
from mpr_lib.desk.desk import newest_month
from mpr_lib.errors import InputError
from mpr_lib.report import Report, blocks
from mpr_lib.report.charts import SIZE, drawn, is_monthly, level_axis
from mpr_lib.report.document import Part
from mpr_lib.report.palette import LAST_YEAR, QUIET, RULE, TARGET, VALUE
from mpr_lib.report.prose import read_prose
from mpr_lib.report.sections.cells import outcome_cell, target_cell
from mpr_lib.report.sections.detail import indicator_facts, trend, trend_figure
from mpr_lib.rules.codes import slug
from mpr_lib.rules.history import revisions
from mpr_lib.rules.months import FIRST_MONTH, PERIODS, month_number, read_month, year_label, year_months
from mpr_lib.rules.values import format_number

OFF_TARGET = ("AMBER", "RED")


def facts_blocks(report: Report, row) -> list:
    """The figures of one scorecard row as the report's facts, with how long it has been off target, and its trend."""
    off = ("Off target", blocks.cell(_months_off_target(report.months_of(row.indicator_code), row)))
    return [blocks.facts([*indicator_facts(report, row), off]), *trend(report, row)]


def _months_off_target(months, row):
    """For how many months with a figure in a row, up to the latest, an indicator has been off target, and since when.

    A new definition begins a new row of months.
    """
    if row.rating not in OFF_TARGET:
        return "No" if row.rating == "GREEN" else "Not known"
    rated = _comparable(months[months["month"] <= row.latest_month], row)
    off = rated["rating"].isin(OFF_TARGET)
    running = rated[off[::-1].cumprod()[::-1].astype(bool)]
    since = words.month_words(running["month"].iloc[0])
    return f"{words.counted(len(running), 'month')} running, since {since}" if len(running) > 1 else f"In {since}"


def _comparable(months, row):
    """The months with a figure of the definition that holds now."""
    known = months[months["value"].notna()]
    return known if pd.isna(row.definition_break) else known[known["month"] >= row.definition_break]


def added(months: pd.DataFrame, row, first: int = FIRST_MONTH) -> pd.DataFrame | None:
    """The months of a cumulative indicator's history that have figures, with move: what each added.

    None where figures do not add up: another basis, or percentages.
    """
    kinds = {kind: [getattr(row, kind)] * len(months) for kind in ("basis", "unit", "frequency", "profile")}
    since = pd.PeriodIndex([row.definition_break] * len(months), freq="M")
    known = moves(months.assign(number=months["value"], definition_break=since, **kinds), first)
    return known.assign(move=known["move"].round(9)) if known["adds"].any() else None


class Indicator:
    """One indicator as known in a month; each method is a part of its page."""

    def __init__(self, report: Report, code: str):
        row = next((row for row in report.scorecard.itertuples() if row.indicator_code == code), None)
        if row is None:
            raise InputError(f"There is no indicator '{code}'. The codes are those in data/indicators.csv.")
        self.report, self.row, self.code = report, row, code
        self.months = report.months_of(code)
        self.first = report.settings.first_month

    @classmethod
    def open(cls, workspace: str, month: str, code: str) -> "Indicator":
        """Open an indicator of a workspace; without a month the newest that has figures."""
        place = Workspace(Path(workspace))
        return cls(Report(read_book(place, read_month(month) if month else newest_month(place))), code)

    def facts(self) -> Part:
        """Name, figures, trend."""
        title = blocks.heading(3, f"{self.code} {self.row.short_name}")
        outcome = blocks.facts([("Expected outcome", outcome_cell(self.row))])
        return Part("", [title, outcome, *facts_blocks(self.report, self.row)], self.report.document)

    def years(self) -> Part:
        """Every year there is as a line over the months, and as a table; of a yearly figure the years as one line."""
        if self.months["value"].isna().all():
            return Part("", [blocks.note("No figure has been received yet.", "none")])
        figure = trend_figure(self.report, self.row) if self.row.frequency == "YEARLY" else self._years_figure()
        return Part("", [figure, self._years_table()] if figure else [self._years_table()])

    def in_months(self) -> Part:
        """What each month added, apart from the figure to date, where figures add up."""
        found = added(self.months, self.row, self.first)
        if found is None:
            said = "Its figures do not add up through the year: each month's figure stands for itself."
            if self.row.basis == "CUMULATIVE":
                said = "A percentage to date cannot be taken apart into months without what it is a percentage of."
            return Part("", [blocks.note(said, "none")])
        decimals = None if pd.isna(self.row.decimals) else int(self.row.decimals)
        rows = [
            (words.month_words(each.month), _number_cell(each.move, decimals),
             words.value_words(each.value_text, each.no_value_reason), target_cell(each.target_text))
            for each in found.itertuples()
        ]  # fmt: skip
        labels = {"month": "Month", "alone": "In the month", "value": "To date", "target": "Target to date"}
        caption = f"{self.code}: what each month added, and the figure to date"
        return self._table("added", caption, labels, rows, ("alone", "value", "target"))

    def revisions(self) -> Part:
        """Figures that were changed by a later return."""
        returns = self.report.book.returns
        found = revisions(returns[returns["indicator_code"] == self.code]).sort_values("month", kind="stable")
        if found.empty:
            return Part("", [blocks.text("No figure of this indicator has been revised.")])
        rows = [
            (words.month_words(each.month), each.was_text or "No figure", each.value_text or "No figure",
             blocks.cell(f"Return of {words.month_words(each.received)}", detail=each.note))
            for each in found.itertuples()
        ]  # fmt: skip
        labels = {"month": "Month", "before": "Before", "after": "Now", "received": "Changed by"}
        return self._table("revised", f"{self.code}: {words.counted(len(rows), 'revision')}", labels, rows)

    def comments(self) -> Part:
        """What was said of it, the newest first."""
        shown = []
        for comment in comments_over_time(self.report.book.workspace, self.code, self.report.month):
            by = ", ".join(part for part in (comment.role, self.report.day_words(comment.date), comment.state) if part)
            shown += [blocks.heading(3, words.month_words(comment.month)), blocks.prose(read_prose(comment.text))]
            shown += [blocks.text(by)] if by else []
        return Part("", shown or [blocks.note("Nothing has been said of it yet.", "none")])

    def _table(self, name, caption, labels, rows, numbers=()):
        return Part("", [blocks.plain_table(f"{name}-{slug(self.code)}", caption, labels, rows, numbers)])

    def _years_table(self):
        known = self.months[self.months["value"].notna()]
        years = sorted(known["financial_year"].unique(), reverse=True)
        places = month_number(known["month"], self.first)
        texts = dict(zip(zip(places, known["financial_year"], strict=True), known["value_text"], strict=True))
        due = [(place, month) for place, month in enumerate(year_months(self.report.year, self.first), start=1)
               if is_monthly(self.row) or (places == place).any()]  # fmt: skip
        rows = [(words.month_words(month).split()[0], *(_text_cell(texts.get((place, year))) for year in years))
                for place, month in due]  # fmt: skip
        labels = {"month": "Month"} | {f"y{year}": year_label(int(year), self.first) for year in years}
        caption = f"{self.code}: value by month, {words.counted(len(years), 'year')}"
        return blocks.plain_table(f"years-table-{slug(self.code)}", caption, labels, rows, [*labels][1:])

    def _years_figure(self):
        """The newest year is heavy, the one before coloured, older ones thin; words say each year's last figure."""
        known = _comparable(self.months, self.row).sort_values("month")
        if known.empty:
            return None
        known = known.assign(place=month_number(known["month"], self.first))
        years = [(year_label(int(year), self.first), own) for year, own in known.groupby("financial_year")][::-1]

        def draw(axes, _):
            for back, (label, own) in enumerate(years):
                _draw_year(axes, own, label, back, PERIODS.get(self.row.frequency, 1))
            names = [words.month_words(month)[:3] for month in year_months(self.report.year, self.first)]
            axes.set_xticks(range(1, 13), names)
            axes.set_xlim(0.7, 12.3)
            level_axis(axes, known[["value"]], self.row.basis)
            axes.tick_params(length=0, pad=4)
            axes.grid(axis="y", color=RULE, linewidth=0.7)
            axes.set_axisbelow(True)
            axes.spines[["top", "right", "left"]].set_visible(False)
            axes.text(-0.085, 1.06, words.unit_label(self.row.unit), transform=axes.transAxes, color=QUIET)

        last = [(label, own.iloc[-1]) for label, own in years]
        said = "; ".join(f"{label}: {one['value_text']} in {words.month_words(one['month'])}" for label, one in last)
        alt = f"{self.code} by month, a line for each year. The last figure of each: {said}."
        svg = drawn((SIZE[0] / 72, SIZE[1] / 72), (0.085, 0.12, 0.8, 0.76), draw)
        return blocks.figure(svg, alt, "trend", SIZE, "", f"years-{slug(self.code)}")


def _draw_year(axes, own, label, back, period):
    """One year's line, with a gap where the figure of a month, or of a quarter, is missing."""
    colour, width = [(VALUE, 2.4), (LAST_YEAR, 1.4)][back] if back < 2 else (TARGET, 0.9)
    line = own.set_index("place")["value"].reindex(range(own["place"].min(), own["place"].max() + 1, period))
    marker = {"marker": "o", "markersize": 4.5} if back == 0 or period > 1 else {}
    axes.plot(line.index, line.to_numpy(), color=colour, linewidth=width, **marker)
    last = own.iloc[-1]
    beside = {"xytext": (7, 0), "textcoords": "offset points", "va": "center", "annotation_clip": False}
    axes.annotate(label, (last["place"], last["value"]), color=colour, **beside)


def _text_cell(text):
    return blocks.cell(text or "No figure", missing="" if text else True)


def _number_cell(number, decimals):
    return blocks.cell("Not known", missing=True) if pd.isna(number) else blocks.cell(format_number(number, decimals))
