"""Findings over months: what the expectations find in each month's book, as tables and as a map, for a notebook."""

from collections.abc import Iterator
from functools import cached_property

import pandas as pd

from mpr_lib import words
from mpr_lib.book import Workspace, history_of, month_named, read_book, scorecard_of
from mpr_lib.book.book import as_at
from mpr_lib.book.workspace import found
from mpr_lib.checks import delivered, run_checks
from mpr_lib.report import blocks, canvas
from mpr_lib.report.document import Part
from mpr_lib.report.palette import BAND, INK, INSIDE, PAPER, RULE, ZONES
from mpr_lib.rules.codes import natural_key

SEVERITIES = {"critical": 3, "warning": 2, "info": 1}
_COLOURS = {PAPER: INK, BAND: INK, ZONES["AMBER"]: INSIDE["AMBER"], ZONES["RED"]: INSIDE["RED"]}
"""The map's colours by severity, from none on, and those of the numbers in them."""
_WHOLE = "The data as a whole"
_OF_A_REPORT = ("comments", "settings")
"""Batches that only a month with a report of its own has something in, and of the scorecard one expectation."""


def open_findings(workspace: str = "", month: str = "", months: int = 12) -> "Findings":
    """Check a month and those before it, each as it was known then; without a month the newest with figures."""
    place = found(workspace)
    return Findings(place, month_named(place, month), months)


class Findings:
    """Every finding of as many months as have a return without a gap, the newest given, each ``checked`` as known then.

    ``frame`` has a row for each, with report, the month of the book that was checked, and the rank of its severity.
    """

    def __init__(self, workspace: Workspace, month: pd.Period, months: int):
        rows, self.month, self.checked = [], month, []
        for book, has_report in _books(workspace, month, months):
            history = history_of(book)
            wanted = [each for each in delivered() if has_report or not _is_of_report(each)]
            found = run_checks(book, scorecard_of(book, history), history, expectations=wanted)
            rows += [{"report": book.month, **vars(each)} for each in found.findings]
            self.checked.insert(0, book.month)
        columns = ["report", "expectation", "severity", "indicator_code", "month", "message", "action"]
        found = pd.DataFrame(rows, columns=columns).replace({"indicator_code": {"": _WHOLE}})
        self.frame = found.assign(rank=found["severity"].map(SEVERITIES))

    def summary(self) -> Part:
        """How many findings of each severity each month has."""
        counted = pd.crosstab(self.frame["report"], self.frame["severity"])
        counted = counted.reindex(index=self.checked, columns=[*SEVERITIES], fill_value=0)
        rows = [(words.month_words(month), *numbers) for month, *numbers in counted.itertuples()]
        headings = {"month": "Report"} | {name: (name.capitalize(), "number") for name in SEVERITIES}
        return _table("months", "Findings by report", headings, rows)

    def by_expectation(self) -> Part:
        """Which expectations find most, over all months, and for how many indicators."""
        by = self.frame.groupby(["rank", "severity", "expectation"])
        found = by["indicator_code"].agg(["count", "nunique"]).reset_index()
        found = found.sort_values(["rank", "count", "expectation"], ascending=[False, False, True])
        rows = [(name, severity.capitalize(), f"{count:,}", f"{codes:,}")
                for _, severity, name, count, codes in found.itertuples(index=False)]  # fmt: skip
        headings = {"name": "Expectation", "severity": "Severity"}
        headings |= {"size": ("Findings", "number"), "of": ("Indicators", "number")}
        return _table("expectations", "Findings by expectation", headings, rows)

    @cached_property
    def grid(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Indicators by reports, the busiest first: how many findings, and how severe the worst is (0 for none)."""
        cells = self.frame.groupby(["indicator_code", "report"])["rank"].agg(["size", "max"])
        size, worst = (cells[name].unstack(fill_value=0).reindex(columns=self.checked, fill_value=0)
                       for name in ("size", "max"))  # fmt: skip
        order = sorted(size.index, key=lambda code: (-worst.loc[code].max(), -size.loc[code].sum(), natural_key(code)))
        return size.loc[order], worst.loc[order]

    def map(self) -> Part:
        """A map of indicators by months: numbers are findings, colours the worst severity; said in words beneath."""
        size, worst = self.grid
        if size.empty:
            return Part("", [blocks.text("Nothing was found.")])
        width, height = 158 + 54 * size.shape[1], 58 + 19 * size.shape[0]

        def draw(axes, sns):
            labels = size.astype(str).where(size > 0, "")
            sns.heatmap(worst, annot=labels, fmt="", cmap=list(_COLOURS), vmin=0, vmax=3, cbar=False, ax=axes,
                        xticklabels=True, yticklabels=True,
                        linewidths=0.7, linecolor=RULE, annot_kws={"fontsize": 8})  # fmt: skip
            for said, rank in zip(axes.texts, worst.to_numpy().ravel(), strict=True):
                said.set_color(list(_COLOURS.values())[rank])
            axes.set(xlabel="", ylabel="")
            axes.tick_params(length=0, labelsize=8, labelrotation=0)

        box = (115, 29, width - 122, height - 43)
        caption = "Numbers count findings. Colour is the worst of them: blue info, amber warning, red critical."
        svg = canvas.drawn((width, height), box, draw)
        return Part("", [blocks.figure(svg, self.in_words(), "picture", caption)])

    def in_words(self) -> str:
        """What the map shows, for those who do not see it."""
        size, worst = self.grid
        months = " to ".join(dict.fromkeys(words.month_words(self.checked[place]) for place in (0, -1)))
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
        shown = shown[["indicator_code", "expectation", "message", "action"]]
        headings = {"code": ("Indicator", "code"), "name": "Expectation"}
        headings |= {"message": "What was found", "action": "What to do"}
        caption = f"{severity.capitalize()}: {words.month_words(self.month)}"
        return _table("list", caption, headings, shown.itertuples(index=False), "wide")


def _table(name, *content):
    return Part("", [blocks.plain_table(f"findings-{name}", *content)])


def _is_of_report(entry) -> bool:
    return entry.batch in _OF_A_REPORT or entry.name == "exception_has_commentary"


def _books(workspace, month, months) -> Iterator[tuple]:
    """The books of a month and those before it that have a return, and whether each has a report of its own."""
    newest = read_book(workspace, month)
    yield newest, True
    for before in (month - back for back in range(1, months)):
        if not workspace.has(workspace.return_file(before)):
            return
        has_report = workspace.has(workspace.month_settings(before))
        yield read_book(workspace, before) if has_report else as_at(newest, before), has_report
