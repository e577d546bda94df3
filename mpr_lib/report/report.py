"""The report of one month: the object that a notebook opens and asks for its sections."""

import time
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pandas as pd

from mpr_lib import words
from mpr_lib.annexes import ANNEXES, brought
from mpr_lib.book import Book, Workspace, history_of, read_book, scorecard_of
from mpr_lib.book.book import earlier_books, marked, rated_revisions
from mpr_lib.book.settings import SIGNS, Brand, told_from
from mpr_lib.book.tables import used_abbreviations
from mpr_lib.errors import ParameterError, RunError
from mpr_lib.report import blocks
from mpr_lib.report.document import Part
from mpr_lib.report.prose import read_prose
from mpr_lib.rules.codes import slug
from mpr_lib.rules.outcome import is_exception
from mpr_lib.words import without_marks

QUALITY_PATIENCE = 120
"""Seconds to wait for the checks of a run that go on beside the notebook."""


def open_report(
    workspace: str = "..", month: str = "", quality_file: str = "", generated: str = "", draft: bool = False
):
    """Open a month's report.

    ``quality_file`` names the findings of a run that checks meanwhile; without it the checks run here. ``generated``
    is the time to print; without it that of the month's settings, or now.
    """
    try:
        reporting_month = pd.Period(month, freq="M")
    except ValueError:
        raise ParameterError(f"'{month}' is not a month. Expected a month such as 2018-05.") from None
    return Report(read_book(Workspace(Path(workspace)), reporting_month), quality_file, generated, draft)


class Report:
    """One month's book and scorecard, and a method for each section that returns its part."""

    def __init__(self, book: Book, quality_file: str = "", generated: str = "", draft: bool = False):
        self.book = book
        self.draft = draft
        self.quality_file = quality_file
        self.history = marked(without_marks(history_of(book)), book)
        self.scorecard = marked(scorecard_of(book, self.history), book, "latest_month")
        self.scorecard = words.worded(self.scorecard, self.settings.outcomes)
        self.generated = _time(generated) or book.month_settings.generated or datetime.now().replace(microsecond=0)

    # What a notebook shows, in the order of the report.

    def cover(self) -> Part:
        """Title, the month at a glance, what changed, contacts."""
        from mpr_lib.report.sections.cover import cover

        return Part("cover", cover(self), self.document)

    def key(self) -> Part:
        """What columns and symbols mean."""
        from mpr_lib.report.sections.key import key

        return Part("key", key(self))

    def exceptions(self) -> Part:
        """Section 1: what is at risk or slipping, with comments."""
        from mpr_lib.report.sections.exceptions import exceptions

        return Part("exceptions", exceptions(self))

    def corporate(self) -> Part:
        """Section 2: all corporate indicators by aim."""
        from mpr_lib.report.sections.corporate import corporate

        return Part("corporate", corporate(self))

    def detail(self) -> Part:
        """Section 3: a page for each exception."""
        from mpr_lib.report.sections.detail import detail

        return Part("detail", detail(self))

    def partnership(self) -> Part:
        """Section 4: partnership indicators by theme."""
        from mpr_lib.report.sections.partnership import partnership

        return Part("partnership", partnership(self))

    def quality(self) -> Part:
        """What the checks found."""
        from mpr_lib.report.sections.about import quality

        return Part("quality", quality(self))

    def revisions(self) -> Part:
        """What this month's return revised; a part of the data-quality section, and empty without revisions."""
        from mpr_lib.report.sections.about import revisions

        return Part("quality", revisions(self))

    def provenance(self) -> Part:
        """What the report was made from."""
        from mpr_lib.report.sections.about import provenance

        return Part("about", provenance(self))

    def __getattr__(self, name: str):
        """The method of a section that an annex brings under its own name: an empty part while the annex is not there.

        So ``report.finance()`` stands in notebooks whether there is a finance section or not.
        """
        if name not in ANNEXES:
            raise AttributeError(f"a report has no '{name}'")
        return lambda: Part(name, brought("section").get(name, lambda report: [])(self))

    # What the sections read.

    @property
    def month(self) -> pd.Period:
        return self.book.month

    @property
    def settings(self):
        return self.book.settings

    @property
    def month_settings(self):
        return self.book.month_settings

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
            "version": self.month_settings.version,
            "generated": self.generated.isoformat(),
            "draft": self.draft,
            "publisher": self.settings.publisher,
            "data_hash": self.book.data_hash,
            **self._look,
        }

    @property
    def _look(self) -> dict:
        """Colours and shapes for the exporters, where the council has its own."""
        brand, signs, look = self.settings.brand, self.settings.outcomes.signs, {}
        if (brand.colour, brand.text) != (Brand().colour, Brand().text):
            look = {"colour": brand.colour, "text": brand.text, "accent": told_from(brand.colour, "#FFFFFF")}
        if signs != SIGNS:
            look["signs"] = signs
        return {"look": look} if look else {}

    @property
    def generated_label(self) -> str:
        """The time of generation as printed: '21 June 2018 11:59'."""
        when = self.generated
        return f"{when.day} {words.month_words(pd.Period(when, freq='M'))} {when:%H:%M}"

    @cached_property
    def corporate_rows(self) -> pd.DataFrame:
        """The scorecard without the partnership's indicators."""
        return self.scorecard[self.scorecard["section"] != "PARTNERSHIP"]

    @cached_property
    def partnership_rows(self) -> pd.DataFrame:
        return self.scorecard[self.scorecard["section"] == "PARTNERSHIP"]

    @property
    def partnership_themes(self) -> list[str]:
        return next((each.themes for each in self.settings.sections if each.code == "PARTNERSHIP"), [])

    @cached_property
    def detailed_codes(self) -> set[str]:
        """Codes of the indicators that have a detail page: exceptions, and of the partnership's all with a target."""
        targeted = (self.scorecard["target_text"] != "") | (self.scorecard["annual_target_text"] != "")
        targeted &= self.scorecard["section"] == "PARTNERSHIP"
        return set(self.scorecard.loc[is_exception(self.scorecard) | targeted, "indicator_code"])

    @cached_property
    def trend_codes(self) -> set[str]:
        """Codes of the partnership's indicators without a detail page of which there is a trend to show."""
        known = self.history.loc[self.history["value"].notna(), "indicator_code"]
        return (set(self.partnership_rows["indicator_code"]) & set(known)) - self.detailed_codes

    @cached_property
    def earlier_scorecards(self) -> list[pd.DataFrame]:
        """The corporate scorecards of the reports before this one, newest first, as they were known then."""
        scores = (scorecard_of(book) for book in earlier_books(self.book))
        return [rows[rows["section"] != "PARTNERSHIP"] for rows in scores]

    @cached_property
    def revised(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The figures that this month's return revised, and the ratings that changed with them."""
        return rated_revisions(self.book, self.history)

    @cached_property
    def abbreviations(self) -> pd.DataFrame:
        """The workspace's abbreviations that occur in this report's names and comments."""
        texts = [*self.scorecard["short_name"], *self.scorecard["commentary"]]
        return used_abbreviations(self.book.abbreviations, " ".join(texts))

    @cached_property
    def findings(self):
        """The findings: of the run that goes on beside the notebook, or of checks that run here."""
        from mpr_lib.checks import Quality, run_checks

        if not self.quality_file:
            return run_checks(self.book, self.scorecard, self.history)
        path, patience = Path(self.quality_file), time.monotonic() + QUALITY_PATIENCE
        while not path.exists():
            if time.monotonic() > patience:
                raise RunError(
                    f"{path.name} did not appear within {QUALITY_PATIENCE} seconds: the checks have not finished."
                )
            time.sleep(0.02)
        return Quality.read(path)

    def months_of(self, code: str) -> pd.DataFrame:
        """One indicator's part of the history."""
        return self._months_by_code[code]

    @cached_property
    def _months_by_code(self):
        return dict(tuple(self.history.groupby("indicator_code", sort=False)))

    def comment_of(self, code: str):
        """One indicator's comment as a row of the book's commentary, or None."""
        found = self.book.commentary[self.book.commentary["indicator_code"] == code]
        return next(found.itertuples(), None)

    def prose_of(self, code: str) -> list[dict]:
        comment = self.comment_of(code)
        return read_prose(comment.text) if comment else []

    def comment_cell(self, row):
        """A comment in a table, or that there is none."""
        prose = self.prose_of(row.indicator_code)
        return (
            blocks.cell("Comment", prose=prose) if prose else blocks.cell("No commentary was supplied.", missing=True)
        )

    def departments_of(self, rows) -> list[str]:
        """The departments that occur, in the settings' order; without a single one last, not stated after that."""
        last = [self.settings.no_single_department, ""]
        known = [name for name in self.settings.departments if name not in last]
        others = [name for name in dict.fromkeys(rows["department"]) if name not in (*known, *last)]
        return [name for name in (*known, *sorted(others), *last) if (rows["department"] == name).any()]

    def aims_of(self, rows) -> list[str]:
        """The aims that occur, in the settings' order, unknown ones last."""
        names = [aim.name for aim in self.settings.aims]
        return [name for name in dict.fromkeys([*names, *rows["aim"]]) if (rows["aim"] == name).any()]

    def anchor_of(self, code: str) -> str:
        """Where the document shows an indicator: its detail page or its row, or nothing."""
        found = self.scorecard[self.scorecard["indicator_code"] == code]
        if found.empty:
            return ""
        section = "partnership" if found["section"].iloc[0] == "PARTNERSHIP" else "corporate"
        shown = self.detailed_codes | self.trend_codes
        return f"#{slug(code)}" if code in shown else f"#{section}-{slug(code)}"

    def month_text_words(self, month) -> str:
        """A finding's month for people; a finding about no month concerns the reporting month's data."""
        return words.month_words(pd.Period(month, freq="M")) if month else "All"

    def day_words(self, day: str) -> str:
        """An ISO date for people: '21 June 2018'; other texts as they are."""
        try:
            when = datetime.fromisoformat(day)
        except ValueError:
            return day
        return f"{when.day} {words.month_words(pd.Period(when, freq='M'))}"


def _time(text):
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ParameterError(f"generated is '{text}'. Expected a time such as 2018-06-21T11:59:00.") from None
