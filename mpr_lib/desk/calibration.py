"""Calibration: what a council's reports signalled and forecast, each as it was known then, and what came of it."""

import pandas as pd

from mpr_lib import words
from mpr_lib.book import Book, history_of, month_named, read_book, scorecard_of
from mpr_lib.book.book import as_at
from mpr_lib.book.workspace import found
from mpr_lib.desk.desk import months_of
from mpr_lib.report import blocks
from mpr_lib.report.document import Part
from mpr_lib.report.signal_words import chance_words, sentence_text
from mpr_lib.rules.months import at_months
from mpr_lib.rules.rating import variance
from mpr_lib.rules.values import format_number

SIGNALLED = ("CONCERN", "IMPROVEMENT", "CHANGE")
WARNED = ("FORECAST", "BOTH")
"""The early warnings that say where the year ends."""


def open_calibration(workspace: str = "", month: str = "") -> "Calibration":
    """What the reports up to a month signalled and forecast; without a month up to the newest with figures."""
    place = found(workspace)
    return Calibration(read_book(place, month_named(place, month)))


class Calibration:
    """Every indicator of every report up to a book's month, as known then: ``frame`` has a row for each.

    Beside the scorecard's columns: ``before``, its variation in the report before; ``actual``, where its year ended by
    what is known now, missing until it has; ``held``, whether that lies in the forecast's interval; ``met``, whether it
    met the annual target. Both are missing where either side is.
    """

    def __init__(self, book: Book):
        self.years = book.settings.years
        self.months = [month for month in months_of(book.workspace) if month <= book.month]
        self.frame = self._with_end(pd.concat(map(scorecard_of, (as_at(book, month) for month in self.months))), book)

    def _with_end(self, told, book):
        told = told.sort_values("reporting_month", kind="stable").reset_index(drop=True)
        ends = pd.PeriodIndex([self.years.months(year)[-1] for year in self.years.of(told["latest_month"])])
        columns = ["value", "is_proxy", "annual_target_low", "annual_target_high"]
        now = at_months(history_of(book), columns, told["indicator_code"], pd.Series(ends, told.index))
        actual = now["value"].mask(now["is_proxy"].fillna(True).astype(bool) | (told["latest_month"] >= ends))
        over = variance(pd.DataFrame({"polarity": told["polarity"], "value": actual,
            "target_low": now["annual_target_low"], "target_high": now["annual_target_high"]}))  # fmt: skip
        held = actual.between(told["forecast_low"], told["forecast_high"])
        return told.assign(
            before=told.groupby("indicator_code")["variation"].shift().fillna(""), actual=actual,
            held=held.astype("boolean").mask(actual.isna() | told["forecast"].isna()),
            met=(over >= 0).astype("boolean").mask(over.isna()),
        )  # fmt: skip

    def signalled(self) -> Part:
        """Each real change that a report was the first to tell, and what the reports after it told."""
        new = self.frame[self.frame["variation"].isin(SIGNALLED) & (self.frame["variation"] != self.frame["before"])]
        rows = [
            (words.month_words(row.reporting_month), row.indicator_code,
             blocks.cell(words.VARIATIONS[row.variation], detail=words.SIGNALS[row.signal]), self._came_of(row))
            for row in new.itertuples()
        ]  # fmt: skip
        headings = {"month": "Report", "code": ("Indicator", "code"), "told": "What it told", "came": "What came of it"}
        return _table("signals", "New signals by report", headings, rows)

    def _came_of(self, row):
        later = self.frame[(self.frame["indicator_code"] == row.indicator_code) & (self.frame.index > row.Index)]
        other = later[later["variation"] != row.variation]
        if len(other):
            turned = other.iloc[0]
            return f"{words.VARIATIONS[turned['variation']]} in {words.month_words(turned['reporting_month'])}"
        return f"Still so in {words.month_words(self.months[-1])}" if len(later) else "Told by the newest report"

    def forecasts(self) -> Part:
        """How many of the forecasts of ended years held, by the month of the year; four of five should."""
        ended = self._first(self.frame["held"])
        off = ((ended["forecast"] - ended["actual"]).abs() / ended["actual"].abs()).where(ended["actual"] != 0)
        rows = [
            (f"Month {number}", f"{len(own):,}", f"{own['held'].sum():,}", _share(own["held"]), _share(own["off"]))
            for number, own in ended.assign(off=off).groupby(self.years.month_number(ended["latest_month"]))
        ]  # fmt: skip
        if len(rows) > 1:
            rows.append(("All", f"{len(ended):,}", f"{ended['held'].sum():,}", _share(ended["held"]), _share(off)))
        headings = {"month": "Month of the year"} | {key: (label, "number") for key, label in _HELD.items()}
        return _table("forecasts", "Forecasts of years that have ended", headings, rows)

    def chances(self) -> Part:
        """How often targets were met, by how often the forecasts said that they would be."""
        known = self._first(self.frame["met"].where(self.frame["forecast_chance"].notna()))
        bands = pd.cut(known["forecast_chance"], [0, 0.2, 0.4, 0.6, 0.8, 1], labels=_BANDS, include_lowest=True)
        rows = [
            (band, f"{len(own):,}", _share(own["forecast_chance"]), _share(own["met"]))
            for band, own in known.groupby(bands, observed=True)
        ]
        headings = {"said": "Chance as forecast", "count": ("Forecasts", "number")}
        headings |= {"mean": ("On average", "number"), "met": ("Met their target", "number")}
        return _table("chances", "Chances of years that have ended", headings, rows)

    def _first(self, came):
        """The rows of which it is known what came of them, once for each figure: a later report repeats a forecast."""
        return self.frame[came.notna()].drop_duplicates(["indicator_code", "latest_month"])

    def warnings(self) -> Part:
        """Each year end that was warned of, by the report that was the first to, and how that year ended."""
        warned = self.frame[self.frame["early_warning"].isin(WARNED)]
        warned = warned.assign(year=self.years.of(warned["latest_month"]))
        rows = [
            (words.month_words(row.reporting_month), row.indicator_code,
             f"The target is {chance_words(row.forecast_chance)}", _ended(row))
            for row in warned.drop_duplicates(["indicator_code", "year"]).itertuples()
        ]  # fmt: skip
        headings = {"month": "Report", "code": ("Indicator", "code"), "told": "What it said", "came": "What came of it"}
        return _table("warnings", words.counted(len(rows), "early warning"), headings, rows)


_BANDS = ["Up to 20%", "20% to 40%", "40% to 60%", "60% to 80%", "Over 80%"]
_HELD = {"count": "Forecasts", "held": "In their interval", "share": "Share", "error": "Error, on average"}


def _ended(row):
    if pd.isna(row.met):
        return "Its year has not ended"
    return f"{'Met all the same' if row.met else 'Missed'}: it ended at {sentence_text(row.actual, row)}"


def _share(shares):
    """The mean of shares, in per cent; a dash where there is none."""
    mean = shares.astype(float).mean()
    return "–" if pd.isna(mean) else format_number(mean * 100, 0, "%")


def _table(name, caption, headings, rows):
    if not rows:
        return Part("", [blocks.note(f"{_NOTHING[name]} yet.", "none")])
    return Part("", [blocks.plain_table(f"calibration-{name}", caption, headings, rows)])


_NOTHING = {
    "signals": "No report has told of a real change",
    "forecasts": "No year of which a report forecast the end has ended",
    "chances": "No year of which a report forecast the end has ended",
    "warnings": "No report has warned of a year's end",
}
