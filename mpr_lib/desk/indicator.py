"""One indicator in depth: parts that a notebook shows, in the report's own style."""

from dataclasses import replace
from datetime import date

import pandas as pd

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.book.commentary import comments_over_time
from mpr_lib.book.tables import STEP_CHANGES
from mpr_lib.desk.desk import row_of
from mpr_lib.desk.first_draft import OFF_TARGET
from mpr_lib.errors import InputError
from mpr_lib.report import Report, blocks, canvas
from mpr_lib.report.course import is_monthly
from mpr_lib.report.document import Part
from mpr_lib.report.palette import LAST_YEAR, TARGET, VALUE
from mpr_lib.report.prose import read_prose
from mpr_lib.report.sections import cells
from mpr_lib.report.sections.cells import signed, stated_cell, target_cell
from mpr_lib.report.sections.detail import about_facts, signals, trend, trend_figure
from mpr_lib.report.xmr_chart import process_chart
from mpr_lib.rules.codes import slug
from mpr_lib.rules.history import as_defined_now, revisions
from mpr_lib.rules.months import FROM_APRIL, PERIODS, FinancialYears, read_month
from mpr_lib.rules.points import months_own
from mpr_lib.rules.values import format_number, printed

_LINES = [(VALUE, 2.4), (LAST_YEAR, 1.4), (TARGET, 0.9)]
"""Colour and width of the newest year's line, of that of the year before, and of older ones."""


def facts_blocks(report: Report, row) -> list:
    """One scorecard row as facts (how it stands, what it is, who answers for it, how it is made), signals and trend."""
    against = words.distance_words(row)
    facts = [
        ("Rating", blocks.cell(cells.rating_of(row), **cells.judgement(row))),
        (f"Value, {words.month_words(row.latest_month)}", cells.value_cell(row)),
        ("Target to date", cells.target_cell(row.target_text)),
        ("Against target", words.capitalised(against)),
        cells.direction_fact(row),
        ("Off target", blocks.cell(_months_off_target(report.months_of(row.indicator_code), row))),
        *about_facts(report, row),
    ]
    return [blocks.facts(facts), *told(report, row), *trend(report, row)]


def beside_blocks(report: Report, row) -> list:
    """What annexes put beside the editor."""
    return [block for beside in brought("beside").values() for block in beside(report, row)]


def told(report: Report, row) -> list:
    """What a row's card says of signals and of the year's end, and why there is no forecast where there is none."""
    why = row.forecast_reason if pd.isna(row.forecast) else ""
    return [*signals(report, row), *([blocks.text(f"No forecast: {words.WHY_NO_FORECAST[why]}.")] if why else [])]


def _months_off_target(months, row):
    """For how many months, quarters or years in a row, up to the latest, an indicator is off target, and since when.

    A new definition begins a new row of months.
    """
    if row.rating not in OFF_TARGET:
        return "No" if row.rating == "GREEN" else "Not known"
    rated = as_defined_now(months[(months["month"] <= row.latest_month) & months["value"].notna()], row)
    off = rated["rating"].isin(OFF_TARGET)
    running = rated[off[::-1].cumprod()[::-1].astype(bool)]
    since = words.month_words(running["month"].iloc[0])
    count = words.counted(len(running), words.period(row.frequency))
    return f"{count} running, since {since}" if len(running) > 1 else f"In {since}"


def added(months: pd.DataFrame, row, years: FinancialYears = FROM_APRIL) -> pd.DataFrame | None:
    """The months of a cumulative indicator's history that have figures, with move: what each added.

    None where figures do not add up (``mpr_lib.rules.points``).
    """
    if row.charted != "MONTHS_OWN":
        return None
    kinds = {kind: [getattr(row, kind)] * len(months) for kind in ("basis", "charted", "frequency", "accumulate")}
    since = pd.PeriodIndex([row.definition_break] * len(months), freq="M")
    own = months_own(months.assign(definition_break=since, **kinds), years)["own"]
    return months.assign(move=own)[months["number"].notna()]


class Indicator:
    """One indicator as known in a month; each method is a part of its page."""

    def __init__(self, report: Report, code: str):
        self.report, self.row, self.code = report, row_of(report, code), code
        self.months = report.months_of(code)
        self._known = self.months[self.months["value"].notna()]
        self.years_of = report.settings.years

    def facts(self) -> Part:
        """Name, figures, trend."""
        row, title = self.row, blocks.heading(3, f"{self.code} {self.row.short_name}")
        judged = {**cells.judged_mark(row), **cells.judgement(row)}
        outcome = "Expected outcome", blocks.cell(row.outcome_label, outcome=row.expected_outcome, **judged)
        return Part("", [title, blocks.facts([outcome]), *facts_blocks(self.report, row)], self.report.document)

    def years(self) -> Part:
        """Every year there is as a line over the months, and as a table; of a yearly figure the years as one line."""
        if self._known.empty:
            return Part("", [blocks.note("No figure has been received yet.", "none")])
        figure = trend_figure(self.report, self.row) if self.row.frequency == "YEARLY" else self._years_figure()
        return Part("", [figure, self._years_table()] if figure else [self._years_table()])

    def chart(self) -> Part:
        """Every point there is, between limits where there are any, and what they say; or why nothing is judged."""
        said, points = told(self.report, self.row), self.report.points_of(self.code)
        if points["point"].count() < 2:
            return Part("", said)
        svg, alt = process_chart(points, self.row, self.report.steps_of(self.code), self.months, most=len(points))
        return Part("", [blocks.figure(svg, alt, "trend", "", f"chart-{slug(self.code)}"), *said])

    def with_step(self, month: str, reason: str = "A step that is tried") -> "Indicator":
        """The same indicator as if its level had changed in a month, with a new mean and limits; nothing is written.

        Without a month it is this one.
        """
        if not month:
            return self
        begins, book = read_month(month), self.report.book
        if begins not in set(self.report.points_of(self.code)["month"]):
            raise InputError(f"{self.code} has no point in {words.month_words(begins)}. Expected a month of its chart.")
        step = pd.DataFrame({"indicator_code": [self.code], "month": [begins], "reason": [reason]})
        recorded = pd.concat([book.recorded_steps, step.reindex(columns=book.recorded_steps.columns)])
        return Indicator(Report(replace(book, recorded_steps=recorded)), self.code)

    def step_row(self, month: str, reason: str, role: str) -> str:
        """The heading of data/step_changes.csv and the row that records a step, from this report on."""
        if not month:
            return "No step is tried."
        said = [self.code, read_month(month), reason, role, date.today().isoformat(), self.report.month]
        return pd.DataFrame([said], columns=STEP_CHANGES).to_csv(index=False).rstrip()

    def in_months(self) -> Part:
        """What each month added, apart from the figure to date, where figures add up."""
        found = added(self.months, self.row, self.years_of)
        if found is None:
            said = "Its figures do not add up through the year: each month's figure stands for itself."
            if self.row.basis == "CUMULATIVE":
                said = "A ratio to date cannot be taken apart into months without what it is a ratio of."
            return Part("", [blocks.note(said, "none")])
        rows = [
            (words.month_words(each.month),
             stated_cell("" if pd.isna(each.move) else format_number(each.move, self.row.decimals), "Not known"),
             words.value_words(each.value_text, each.no_value_reason), target_cell(each.target_text))
            for each in found.itertuples()
        ]  # fmt: skip
        figures = {"alone": "In the month", "value": "To date", "target": "Target to date"}
        headings = {"month": "Month"} | {key: (label, "number") for key, label in figures.items()}
        caption = f"{self.code}: what each month added, and the figure to date"
        return Part("", [self._table("added", caption, headings, rows)])

    def revisions(self) -> Part:
        """Figures that were changed by a later return."""
        returns = self.report.book.returns
        found = revisions(returns[returns["indicator_code"] == self.code]).sort_values("month", kind="stable")
        if found.empty:
            return Part("", [blocks.text("No figure of this indicator has been revised.")])
        rows = [
            (words.month_words(each.month), printed(each.was_text, self.row.unit) or "No figure",
             printed(each.value_text, self.row.unit) or "No figure",
             blocks.cell(f"Return of {words.month_words(each.received)}", detail=each.note))
            for each in found.itertuples()
        ]  # fmt: skip
        headings = {"month": "Month", "before": "Before", "after": "Now", "received": "Changed by"}
        caption = f"{self.code}: {words.counted(len(rows), 'revision')}"
        return Part("", [self._table("revised", caption, headings, rows)])

    def comments(self) -> Part:
        """What was said of it, the newest first."""
        shown = []
        for comment in comments_over_time(self.report.book.workspace, self.code, self.report.month):
            shown.append(blocks.heading(3, words.month_words(comment.month)))
            shown += signed(read_prose(comment.text), comment.role, comment.date, comment.state)
        return Part("", shown or [blocks.note("Nothing has been said of it yet.", "none")])

    def _table(self, name, caption, headings, rows):
        return blocks.plain_table(f"{name}-{slug(self.code)}", caption, headings, rows)

    def _years_table(self):
        """A row for each month in which a figure is due, a column for each year, the newest first."""
        place, years = self.years_of.month_number(self._known["month"]), self.years_of
        table = self._known.assign(place=place).pivot(index="place", columns="financial_year", values="value_text")
        table = table.reindex(range(1, 13)) if is_monthly(self.row) else table
        table = table.fillna("")[table.columns[::-1]]
        names = [words.month_words(month).split()[0] for month in years.months(self.report.year)]
        rows = [(names[place - 1], *(stated_cell(text, "No figure") for text in texts))
                for place, *texts in table.itertuples()]  # fmt: skip
        headings = {"month": "Month"} | {f"y{year}": (years.label(int(year)), "number") for year in table}
        caption = f"{self.code}: value by month, {words.counted(table.shape[1], 'year')}"
        return self._table("years-table", caption, headings, rows)

    def _years_figure(self):
        """The newest year is heavy, the one before coloured, older ones thin; words say each year's last figure."""
        known, period = as_defined_now(self._known, self.row), PERIODS.get(self.row.frequency, 1)
        if known.empty:
            return None
        place = (self.years_of.month_number(known["month"]) - 1) // period + 1
        known = known.assign(place=place, year=known["financial_year"]).sort_values("month")
        years = [(self.years_of.label(int(year)), own) for year, own in known.groupby("year")][::-1]
        months = self.years_of.months(self.report.year)[period - 1 :: period]
        frame = pd.DataFrame({"place": range(1, len(months) + 1), "year": 0, "step": 0})
        lines = []
        for back, (label, own) in enumerate(years):
            colour, width = _LINES[min(back, 2)]
            marked = {"marker": "o", "markersize": 5} if back == 0 else {}
            frame[label] = frame["place"].map(own.set_index("place")["value"])
            lines.append(canvas.Line(label, label, {"color": colour, "linewidth": width, **marked}))
        ticks = frame["place"], [words.month_words(month)[:3] for month in months]
        svg = canvas.chart(frame, self.row, lines, (0.5, len(months) + 0.5), ticks)
        last = {label: own.iloc[-1] for label, own in years}
        said = [f"{label}: {end['value_text']} in {words.month_words(end['month'])}" for label, end in last.items()]
        alt = f"{self.code} by month, a line for each year. The last figure of each: {'; '.join(said)}."
        return blocks.figure(svg, alt, "trend", "", f"years-{slug(self.code)}")
