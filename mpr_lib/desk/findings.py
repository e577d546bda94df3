"""Findings over months: what the expectations find in each month's book, as tables and as a map, for a notebook."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.report.document import Part
from mpr_lib.rules.codes import natural_key

SEVERITIES = {"critical": 3, "warning": 2, "info": 1}
_COLOURS = ("#FFFFFF", "#DCE6EE", "#F2C48D", "#D9798F")
_WHOLE = "The data as a whole"
_OF_A_REPORT = ("comments", "settings")
"""Batches that only a month with a report of its own has something in, and of the scorecard one expectation."""


def open_findings(workspace: str = "..", month: str = "", months: int = 12) -> "Findings":
    """Check a month and those before it, each as it was known then; without a month the newest with figures."""
    from mpr_lib.book import Workspace

    place = Workspace(Path(workspace))
    newest = max((path.stem[:7] for path in place.returns_folder.glob("*.csv")), default="")
    return Findings.of(place, pd.Period(month or newest, freq="M"), months)


class Findings:
    """Every finding of some months: ``frame`` has a row each, with report, the month of the book that was checked."""

    def __init__(self, month: pd.Period, frame: pd.DataFrame, checked: list[pd.Period]):
        self.month, self.frame, self.checked = month, frame, checked

    @classmethod
    def of(cls, workspace, month: pd.Period, months: int) -> "Findings":
        """Read the workspace and check as many months as have a return without a gap."""
        from mpr_lib.book import history_of, scorecard_of
        from mpr_lib.checks import delivered, run_checks

        rows, checked = [], []
        for book, has_report in _books(workspace, month, months):
            history = history_of(book)
            wanted = [each for each in delivered() if has_report or not _is_of_report(each)]
            found = run_checks(book, scorecard_of(book, history), history, expectations=wanted)
            rows += [{"report": book.month, **vars(each)} for each in found.findings]
            checked.append(book.month)
        columns = ["report", "expectation", "severity", "indicator_code", "month", "message", "action"]
        return cls(month, pd.DataFrame(rows, columns=columns), sorted(checked))

    def summary(self) -> Part:
        """How many findings of each severity each month has."""
        counted = pd.crosstab(self.frame["report"], self.frame["severity"]).reindex(index=self.checked, fill_value=0)
        rows = [
            blocks.row({"month": blocks.cell(words.month_words(month))}
                       | {name: blocks.cell(str(counted.get(name, {}).get(month, 0))) for name in SEVERITIES})
            for month in self.checked
        ]  # fmt: skip
        numbers = [blocks.column(name, name.capitalize(), "number", "end") for name in SEVERITIES]
        columns = [blocks.column("month", "Report"), *numbers]
        return Part("", [blocks.table("findings-months", "Findings by report", columns, rows, "narrow")])

    def by_expectation(self) -> Part:
        """Which expectations find most, over all months, and for how many indicators."""
        found = self.frame.groupby(["severity", "expectation"])["indicator_code"].agg(["size", "nunique"]).reset_index()
        found = found.assign(rank=found["severity"].map(SEVERITIES)).sort_values(
            ["rank", "size", "expectation"], ascending=[False, False, True]
        )
        rows = [
            blocks.row({"name": blocks.cell(each.expectation), "severity": blocks.cell(each.severity.capitalize()),
                        "size": blocks.cell(f"{each.size_:,}"), "of": blocks.cell(f"{each.nunique:,}")})
            for each in found.rename(columns={"size": "size_"}).itertuples()
        ]  # fmt: skip
        columns = [blocks.column("name", "Expectation"), blocks.column("severity", "Severity"),
                   blocks.column("size", "Findings", "number", "end"),
                   blocks.column("of", "Indicators", "number", "end")]  # fmt: skip
        return Part("", [blocks.table("findings-expectations", "Findings by expectation", columns, rows, "narrow")])

    @cached_property
    def grid(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Indicators by reports, the busiest first: how many findings, and how severe the worst is (0 for none)."""
        named = self.frame.assign(
            code=self.frame["indicator_code"].replace("", _WHOLE), worst=self.frame["severity"].map(SEVERITIES)
        )
        cells = named.groupby(["code", "report"])["worst"].agg(["size", "max"])
        size, worst = (cells[name].unstack(fill_value=0).reindex(columns=self.checked, fill_value=0)
                       for name in ("size", "max"))  # fmt: skip
        order = sorted(size.index, key=lambda code: (-worst.loc[code].max(), -size.loc[code].sum(), natural_key(code)))
        return size.loc[order], worst.loc[order]

    def map(self) -> Part:
        """A map of indicators by months: numbers are findings, colours the worst severity; said in words beneath."""
        from mpr_lib.report.document import picture

        size, worst = self.grid
        if size.empty:
            return Part("", [blocks.text("Nothing was found.")])
        caption = "Numbers count findings. Colour is the worst of them: blue info, amber warning, red critical."
        return picture(self._drawn(size, worst), self.in_words(), caption)

    def _drawn(self, size, worst):
        import matplotlib as mpl
        import seaborn as sns
        from matplotlib.colors import ListedColormap
        from matplotlib.figure import Figure

        with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "mpr"}):
            figure = Figure(figsize=(2.2 + 0.75 * size.shape[1], 0.8 + 0.26 * size.shape[0]))
            axes = figure.subplots()
            labels = size.astype(str).where(size > 0, "")
            sns.heatmap(worst, annot=labels, fmt="", cmap=ListedColormap(_COLOURS), vmin=0, vmax=3, cbar=False, ax=axes,
                        linewidths=0.7, linecolor="#D5DBE1", annot_kws={"color": "#16212E", "fontsize": 8})  # fmt: skip
            axes.set(xlabel="", ylabel="")
            axes.set_xticklabels([str(month) for month in self.checked], rotation=0, fontsize=8)
            axes.set_yticks([place + 0.5 for place in range(len(size))], size.index, rotation=0, fontsize=8)
            axes.tick_params(length=0)
        return figure

    def in_words(self) -> str:
        """What the map shows, for those who do not see it."""
        size, worst = self.grid
        first = words.month_words(self.checked[0])
        months = first if len(self.checked) == 1 else f"{first} to {words.month_words(self.checked[-1])}"
        busiest = [f"{code} with {words.counted(int(size.loc[code].sum()), 'finding')}" for code in size.index[:3]]
        warned = int((worst.max(axis=1) >= SEVERITIES["warning"]).sum())
        return (
            f"Map of {words.counted(len(size), 'indicator')} with findings by month, {months}. {warned} of them have a "
            f"warning or worse. First come {words.joined(busiest)}."
        )

    def list(self, severity: str = "warning", code: str = "") -> Part:
        """The newest month's findings of a severity, of all indicators or of one."""
        shown = self.frame[(self.frame["report"] == self.month) & (self.frame["severity"] == severity)]
        shown = shown[shown["indicator_code"] == code] if code else shown
        if shown.empty:
            return Part("", [blocks.text("Nothing was found.")])
        rows = [
            blocks.row({"code": blocks.cell(each.indicator_code or _WHOLE), "name": blocks.cell(each.expectation),
                        "message": blocks.cell(each.message), "action": blocks.cell(each.action)})
            for each in shown.itertuples()
        ]  # fmt: skip
        columns = [blocks.column("code", "Indicator", "code"), blocks.column("name", "Expectation"),
                   blocks.column("message", "What was found"), blocks.column("action", "What to do")]  # fmt: skip
        caption = f"{severity.capitalize()}: {words.month_words(self.month)}"
        return Part("", [blocks.table("findings-list", caption, columns, rows)])


def _is_of_report(entry) -> bool:
    return entry.batch in _OF_A_REPORT or entry.name == "exception_has_commentary"


def _books(workspace, month, months) -> Iterator[tuple]:
    """The books of a month and those before it that have a return, and whether each has a report of its own."""
    from mpr_lib.book import read_book
    from mpr_lib.book.book import as_at

    newest = read_book(workspace, month)
    yield newest, True
    for back in range(1, months):
        before = month - back
        if not workspace.return_file(before).is_file():
            return
        if workspace.month_settings(before).is_file():
            yield read_book(workspace, before), True
        else:
            yield replace(as_at(newest, before), commentary=newest.commentary.iloc[:0]), False
