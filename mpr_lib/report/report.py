"""The report of one month: the object that a notebook opens and asks for its sections."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from mpr_lib import checks, words
from mpr_lib.annexes import ANNEXES, brought
from mpr_lib.book import Book, history_of, month_named, read_book
from mpr_lib.book.book import marked, rated_revisions, scored
from mpr_lib.book.settings import SIGNS, Brand, with_month
from mpr_lib.book.workspace import found
from mpr_lib.errors import ParameterError, RunError
from mpr_lib.report.document import Part, show_frames
from mpr_lib.report.sections.about import provenance, quality, revisions
from mpr_lib.report.sections.choices import choices
from mpr_lib.report.sections.corporate import corporate
from mpr_lib.report.sections.cover import cover
from mpr_lib.report.sections.detail import detail
from mpr_lib.report.sections.exceptions import exceptions
from mpr_lib.report.sections.key import key
from mpr_lib.report.sections.partnership import partnership
from mpr_lib.report.sections.signals import signals
from mpr_lib.rules.codes import slug
from mpr_lib.rules.outcome import is_exception
from mpr_lib.rules.values import printed
from mpr_lib.words import as_printed

QUALITY_PATIENCE = 120
"""Seconds to wait for the checks of a run that go on beside the notebook."""


class Material:
    """What the sections of one month's report read: its book and scorecard, and questions to both.

    ``committee`` names whose edition it is, if it is not the whole report; ``drawn`` holds articles that are made, by
    code. ``known`` are its history, scorecard and points where they are worked out.
    """

    def __init__(
        self, book: Book, quality_file: str = "", generated: str = "", draft: bool = False, committee: str = "",
        known: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None = None,
    ):  # fmt: skip
        self.book, self.month = book, book.month
        self.settings, self.month_settings = book.settings, book.month_settings
        self.draft, self.quality_file = draft, quality_file
        self.committee = committee
        self.drawn: dict[str, dict] = {}
        history = history_of(book) if known is None else known[0]
        scorecard, self.points = scored(book, history) if known is None else known[1:]
        self.history = marked(as_printed(history), book)
        self.scorecard = marked(as_printed(scorecard), book, "latest_month")
        self.scorecard = words.worded(self.scorecard, self.settings.outcomes)
        partnership = self.scorecard["section"] == "PARTNERSHIP"
        self.corporate_rows, self.partnership_rows = self.scorecard[~partnership], self.scorecard[partnership]
        self.generated = _time(generated) or book.month_settings.generated or datetime.now().replace(microsecond=0)

    @property
    def year(self) -> int:
        """The reporting month's financial year."""
        return self.settings.years.of(self.month)

    @property
    def document(self) -> dict:
        """What the exporters need to know of the document as a whole."""
        return {
            "lang": self.settings.language,
            "title": f"{self.settings.title} {words.month_words(self.month)}",
            "council": self.settings.council,
            "month": str(self.month),
            "month_label": words.month_words(self.month),
            "version": words.version_number(self.month_settings.version),
            "generated": self.generated.isoformat(),
            "draft": self.draft,
            "publisher": self.settings.publisher,
            "data_hash": self.book.data_hash,
            **self._look,
            **self.settings.model_dump(include={"pdf", "pages"}, exclude_defaults=True),
        }

    @property
    def _look(self) -> dict:
        """Colours and shapes for the exporters, where the council has its own."""
        own, usual = (brand.model_dump(exclude={"logo"}) for brand in (self.settings.brand, Brand()))
        signs = self.settings.outcomes.signs
        look = (own if own != usual else {}) | ({"signs": signs} if signs != SIGNS else {})
        return {"look": look} if look else {}

    @cached_property
    def rows(self) -> dict[str, Any]:
        """The scorecard's rows by code."""
        return {row.indicator_code: row for row in self.scorecard.itertuples()}

    @property
    def generated_label(self) -> str:
        """The time of generation as printed: '21 June 2018 11:59'."""
        return f"{words.day_words(self.generated)} {self.generated:%H:%M}"

    @cached_property
    def detailed_codes(self) -> set[str]:
        """Codes of the indicators that have a detail page: exceptions, and of the partnership's all with a target."""
        rows = self.partnership_rows
        has_target = (rows["target_text"] != "") | (rows["annual_target_text"] != "")
        targeted = rows[has_target & (rows["polarity"] != "NONE")]
        return {*self.scorecard.loc[is_exception(self.scorecard), "indicator_code"], *targeted["indicator_code"]}

    @cached_property
    def trend_codes(self) -> set[str]:
        """Codes of the partnership's indicators without a detail page of which there is a trend to show."""
        known = self.history.loc[self.history["value"].notna(), "indicator_code"]
        return (set(self.partnership_rows["indicator_code"]) & set(known)) - self.detailed_codes

    @cached_property
    def revised(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The figures that this month's return revised, and the ratings that changed with them."""
        return rated_revisions(self.book, self.history)

    @cached_property
    def findings(self):
        """The findings: of the run that goes on beside the notebook, or of checks that run here."""
        if not self.quality_file:
            return checks.run_checks(self.book, self.scorecard, self.history)
        path, patience = Path(self.quality_file), time.monotonic() + QUALITY_PATIENCE
        while not path.exists():
            if time.monotonic() > patience:
                raise RunError(
                    f"{path.name} did not appear within {QUALITY_PATIENCE} seconds: the checks have not finished."
                )
            time.sleep(0.02)
        return checks.Quality.read(path)

    @property
    def has_own(self) -> bool:
        """Whether the body has a section of its own indicators, by its settings or in fact."""
        return bool(self._sections - {"PARTNERSHIP"})

    @property
    def has_partnership(self) -> bool:
        return "PARTNERSHIP" in self._sections

    @property
    def _sections(self):
        return {*(each.code for each in self.settings.sections), *self.scorecard["section"]}

    months_of = cached_property(lambda self: _by_code(self.history))
    """Gives one indicator's part of the history, by its code; the next do so of its points, steps and comments."""
    points_of = cached_property(lambda self: _by_code(self.points))
    steps_of = cached_property(lambda self: _by_code(self.book.steps))
    comments_of = cached_property(lambda self: _by_code(self.book.commentary))

    @cached_property
    def comparisons_of(self) -> Callable[[str], pd.DataFrame]:
        """Gives what others had up to the reporting month, as far as it is a number, beside ours and ours_text."""
        found, keys = self.book.comparisons, ["indicator_code", "month"]
        found = found[(found["month"] <= self.month) & found["number"].notna()]
        found = found.drop_duplicates([*keys, "comparator"], keep="last")
        ours = self.history[[*keys, "value", "value_text"]].set_axis([*keys, "ours", "ours_text"], axis=1)
        units = found["indicator_code"].map(self.scorecard.set_index("indicator_code")["unit"])
        found = found.assign(value_text=list(map(printed, found["value_text"], units)))
        return _by_code(found.merge(ours, "left", keys).fillna({"ours_text": ""}))

    @cached_property
    def moved_targets(self) -> dict[str, pd.DataFrame]:
        """Annual targets, and those of a month, that were changed within their year, by the name of their columns."""
        recorded = {"annual_target": self.book.targets, "target": self.book.stated_targets}
        return {name: rows[rows["was_row"].notna()] for name, rows in recorded.items()}

    def by_department(self, rows) -> dict[str, pd.DataFrame]:
        """The rows of each department, in the settings' order; without a single one last, not stated after that."""
        last = [self.settings.no_single_department, ""]
        known = [name for name in self.settings.departments if name not in last]
        return _grouped(rows, "department", [*known, *sorted({*rows["department"]} - {*last}), *last])

    def by_aim(self, rows) -> dict[str, pd.DataFrame]:
        """The rows of each aim, in the settings' order, unknown ones last."""
        return _grouped(rows, "aim", [*(aim.name for aim in self.settings.aims), *rows["aim"]])

    def anchor_of(self, code: str) -> str:
        """Where the document shows an indicator: its detail page or its row, or nothing."""
        if code not in self.rows:
            return ""
        section = "partnership" if self.rows[code].section == "PARTNERSHIP" else "corporate"
        return self.page_of(code) or f"#{section}-{slug(code)}"

    def page_of(self, code: str) -> str:
        """The anchor of an indicator's detail page or of its trend, or nothing where it has neither."""
        return f"#{slug(code)}" if code in self.detailed_codes or code in self.trend_codes else ""


def _by_code(frame: pd.DataFrame) -> Callable[[str], pd.DataFrame]:
    """Gives one indicator's part of a frame, by its code; no rows where it has none."""
    places = frame.groupby("indicator_code", sort=False).indices

    def part(code):
        # Cut when it is asked for: of 10,000 indicators the frames alone are a third of a gigabyte.
        at = places.get(code, [])
        together = len(at) and at[-1] - at[0] + 1 == len(at)
        return frame.iloc[at[0] : at[-1] + 1] if together else frame.iloc[at]

    return part


def _grouped(rows, column, names):
    parts = {name: rows[rows[column] == name] for name in dict.fromkeys(names)}
    return {name: part for name, part in parts.items() if len(part)}


def _section(blocks_of, name: str = ""):
    """A method that gives a section's part, of the name that its place in the document has; None is no such section."""

    def part(self) -> Part:
        made = blocks_of(self)
        return Part(name or blocks_of.__name__, made or [], absent=made is None, method=blocks_of.__name__)

    part.__doc__ = blocks_of.__doc__
    return part


class Report(Material):
    """One month's report: a method for each section, in their order, that returns its part."""

    def cover(self) -> Part:
        """The cover, which brings what the exporters need to know of the document as a whole."""
        return Part("cover", [*cover(self), *choices(self)], self.document, method="cover")

    def quality(self) -> Part:
        """What readers should know of the figures, which brings what the document marks its indicators with."""
        return Part("quality", quality(self), {"marks": self.findings.marks}, method="quality")

    key = _section(key)
    exceptions = _section(exceptions)
    corporate = _section(corporate)
    detail = _section(detail)
    signals = _section(signals)
    partnership = _section(partnership)
    revisions = _section(revisions, "quality")
    provenance = _section(provenance, "about")

    def __getattr__(self, name: str):
        """The method of a section that an annex brings under its own name: an empty part while the annex is not there.

        So ``report.finance()`` stands in notebooks whether there is a finance section or not.
        """
        if name not in ANNEXES:
            raise AttributeError(f"a report has no '{name}'")
        return lambda: Part(name, brought("section").get(name, lambda report: [])(self))


def open_report(
    workspace: str = "", month: str = "", quality_file: str = "", generated: str = "", draft: bool = False, **said
):
    """Open a month's report; without a month that of the newest figures, without a workspace the nearest upwards.

    ``quality_file`` names the findings of a run that checks meanwhile; without it the checks run here. ``generated``
    is the time to print; without it that of the month's settings, or now. What else is ``said`` and not None goes
    before the month's settings of that name; ``reporting_month`` is an older name of ``month``.
    """
    place, given = found(workspace), {"month": month or None, **said}
    given = with_month({key: value for key, value in given.items() if value not in (None, "")})
    period = month_named(place, str(given.pop("month", "")))
    show_frames()
    return Report(read_book(place, period, said=given), quality_file, generated, draft)


def _time(text):
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ParameterError(f"generated is '{text}'. Expected a time such as 2018-06-21T11:59:00.") from None
