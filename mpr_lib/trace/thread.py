"""The thread: from an indicator's printed figures back to the cell, the row and the rule that they come from."""

import json
from collections import defaultdict
from typing import NamedTuple

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.book.workspace import SOURCES, InputReader
from mpr_lib.errors import InputError, near
from mpr_lib.files import fingerprint, packaged, read_whole
from mpr_lib.report.course import against_target
from mpr_lib.report.report import Material
from mpr_lib.report.sections.key import rating_words
from mpr_lib.rules.codes import slug
from mpr_lib.rules.history import as_defined_now, revisions
from mpr_lib.rules.outcome import standing_judgements

_WORDS = packaged("trace/thread.yml")
TITLES: dict[str, str] = _WORDS["titles"]
TARGETS: dict[str, str] = _WORDS["targets"]


class Place(NamedTuple):
    """Where something stands: a file, and in it a row, or a sheet's cell; ``sha256`` is that of an officer's file."""

    file: str
    row: int | None = None
    sheet: str = ""
    cell: str = ""
    sha256: str = ""

    def __str__(self):
        sheet, cell, row = self.sheet and f"sheet '{self.sheet}'", self.cell and f"cell {self.cell}", self.row
        return ", ".join(filter(None, [self.file, sheet, cell, row and f"row {row}"]))

    @property
    def listed(self) -> str:
        """It with the fingerprint of the file."""
        return f"{self} (SHA-256 {self.sha256})" if self.sha256 else str(self)


class Step(NamedTuple):
    """One step: its name for programs, its title, what it is in sentences, and where that stands."""

    name: str
    title: str
    said: list[str]
    places: list[Place]


def code_of(text: str, codes) -> str:
    """The code that somebody typed, as it is or as pages name it (cp-5-4), whatever its capitals and spaces.

    Raises ``InputError`` for one that no indicator of the report has, with the nearest.
    """
    ways = [str, lambda code: "".join(code.split()).casefold(), slug, lambda code: slug(code).replace("-", "")]
    for way in ways:
        found = [code for code in codes if way(code) == way(text.strip())]
        if len(found) == 1:
            return found[0]
    known = ", ".join(list(codes)[:3])
    raise InputError(f"'{text}' is no indicator of this report. Expected one of {known} ….{near(text, codes)}")


def published_state(book) -> tuple[bool | None, str]:
    """Whether the month's published set is made from the book's very data (None: no set tells), in a sentence."""
    folder = book.workspace.outputs / str(book.month)
    name = book.workspace.relative(folder)
    try:
        made = json.loads(read_whole(folder / "manifest.json", f"{name}/manifest.json"))["data_hash"]
    except InputError:
        return None, f"It is not published in {name} yet."
    except (ValueError, KeyError, TypeError):
        return None, f"{name}/manifest.json cannot be read, so it does not say from which data the set was made."
    if made == book.data_hash:
        return True, f"What is published in {name} was made from these very data (SHA-256 {made})."
    return False, f"What is published in {name} was made from other data than stand here now (SHA-256 {made})."


class Threads:
    """The threads of one month's indicators; ``report`` has its figures as they are printed."""

    def __init__(self, report: Material):
        self.report, self.book, self.years = report, report.book, report.settings.years
        book, standing = report.book, standing_judgements(report.book.judgements, report.month)
        self._returned = _by(book.returns, "file", "row")
        self._revised = _by(revisions(book.returns), "indicator_code", "month")
        self._sources = _by(book.annexes["trace"], "indicator_code", "month")
        self._stated = _by(book.stated_targets.dropna(subset=["target_low"]), "indicator_code", "month")
        self._annual = _by(book.targets, "indicator_code", "financial_year")
        self._judged, self._comments = _by(standing, "indicator_code"), _by(book.commentary, "indicator_code")
        self._approved = brought("explains").get("approvals", lambda book: [])(book)

    def of(self, code: str) -> list[Step]:
        """The steps from what is printed of an indicator of the scorecard to its sources."""
        row = self.report.rows[code]
        parts = self.parts(row)
        return [
            self._printed(row), *map(self._received, parts), *self._sum(row, parts), self._revisions(parts),
            self._target(row), self._rating(row), self._outcome(row), self._comment(row), self._version(row),
        ]  # fmt: skip

    def parts(self, row) -> list:
        """The months of the history whose figures make the value: its own, or of what accumulates the year's so far."""
        months = self.report.months_of(row.indicator_code)
        if not row.accumulate:
            return list(months[months["month"] == row.latest_month].itertuples())
        of_year = months["financial_year"] == self.years.of(row.latest_month)
        so_far = months[of_year & (months["month"] <= row.latest_month) & months["row"].notna()]
        return list((as_defined_now(so_far, row) if row.definition_break <= row.latest_month else so_far).itertuples())

    def _printed(self, row):
        said, when = words.with_unit(row.value_text, row.unit), words.when(row.basis, row.latest_month)
        stands = f"{said} {when}, {against_target(row) or 'without a target'}."
        rated = f"Rating: {words.RATINGS[row.rating].lower()}. Expected outcome: {row.outcome_label}."
        return _step(
            "printed",
            stands if row.value == row.value else f"No figure for {words.month_words(row.latest_month)}.",
            rated,
        )

    def _received(self, month):
        received = self.row_of(month)
        if received is None and month.computed_from:
            said = f"It is computed from {month.computed_from}."
            return _step("received", said, places=[_row(month), *self._inputs(month)], month=month.month)
        if received is None:
            why = words.REASON_WORDS.get(month.no_value_reason, "no return has one")
            return _step("received", f"None was received: {why}.", month=month.month)
        how = f"was computed from {received.computed_from}," if received.computed_from else "was received"
        said = f"'{received.value_text}' {how} with the return of {words.month_words(received.received)}."
        source, where = self.source_of(received)
        places = [_row(source), _cell(source), *self._kept(source)] if source else []
        note = received.note and f"Note: {received.note}"
        return _step("received", said, note, where, places=[_row(received), *places], month=month.month)

    def _inputs(self, computed):
        """Where the figures were received from which that of a month follows by a formula."""
        for annex in brought("computes").values():
            for code in self.report.rows:
                followed = annex.follows(self.book, {(code, 0)}) - {(code, 0)}
                behind = [ahead for made, ahead in followed if made == computed.indicator_code]
                months = self.report.months_of(code)
                asked = months[months["month"].isin([computed.month - back for back in behind])]
                yield from map(_row, filter(None, map(self.row_of, asked.itertuples())))

    def row_of(self, month):
        """The row of a return that a month of the history comes from; None where nothing was received."""
        return _last(self._returned[month.file, month.row])

    def source_of(self, received):
        """Where a row of a return was received, as the import noted it, or None; and a sentence that says which."""
        file = received.file.removesuffix(".csv") + SOURCES
        noted = [each for each in self._sources[received.indicator_code, received.month] if each.file == file]
        source = _last([each for each in noted if each.value == received.value_text])
        if source:
            day = f" on {words.day_words(source.imported)}" * bool(source.imported)
            return source, f"It was imported{day} from {_cell(source)}, which shows '{source.text}'."
        if noted:
            return None, f"It was changed by hand afterwards: {_cell(noted[-1])} was imported as '{noted[-1].value}'."
        return None, "No source is noted: it was typed by hand, or received before sources were noted."

    def _kept(self, source):
        """The officer's file itself, where it is kept; one that is not what was imported says so."""
        for path in sorted((self.book.workspace.data / "received").glob(f"{source.sha256}.*")):
            is_same = fingerprint(InputReader(self.book.workspace).raw(path)) == source.sha256
            false = "" if is_same else " (its bytes are not those that were imported)"
            yield Place(f"{self.book.workspace.relative(path)}{false}", sheet=source.sheet, cell=source.cell)

    def _sum(self, row, parts):
        if row.accumulate and row.value == row.value:
            added = " + ".join(words.figure_words(part.number) for part in parts if part.number == part.number)
            yield _step("sum", f"{added} = {row.value_text}")

    def _revisions(self, parts):
        found = [each for part in parts for each in self._revised[part.indicator_code, part.month]]
        said = [
            f"{words.month_words(each.month)}: '{each.was_text}' became '{each.value_text}' with the return of "
            f"{words.month_words(each.received)}{f' ({each.note})' if each.note else ''}."
            for each in found
        ]
        return _step("revisions", *(said or ["None."]), places=map(_row, found))

    def _target(self, row):
        stated, annual = self._targets(row)
        said = f"{row.target_text}: {self.target_rule(row)}" if row.target_text else "There is none for this month."
        # Of a target that is stated alone the annual row is the stated one's.
        since = {each.reason: each.reported_from for each in (annual, stated) if each and each.reason}
        told = [
            f"It stands{f' from the report of {words.month_words(first)}' if first == first else ''}: {why}"
            for why, first in since.items()
        ]
        places = dict.fromkeys(_row(each) for each in (stated, annual) if each)
        return _step("target", said, *told, places=places, month=row.latest_month)

    def _targets(self, row):
        """The rows of stated and of annual targets that a scorecard's row goes by; None where there is none."""
        stated = self._stated[row.indicator_code, row.latest_month]
        return _last(stated), _last(self._annual[row.indicator_code, self.years.of(row.latest_month)])

    def target_rule(self, row) -> str:
        """How the target to date of a row comes about, in a sentence."""
        stated, annual = self._targets(row)
        whole, start = row.annual_target_text or "nothing", words.figure_words(annual.baseline, row.unit)
        number, year = self.years.month_number(row.latest_month), self.years.label(self.years.of(row.latest_month))
        down = words.counted(int(row.decimals), "decimal") if row.decimals > 0 else "a whole number"
        rule = TARGETS["STATED" if stated else row.profile]
        return rule.format(whole=whole, start=start, number=number, year=year, down=down)

    def _rating(self, row):
        said, own = self.rating_rule(row)
        ends = []
        for colour in ("green", "amber"):
            limits = (getattr(row, f"{colour}_{side}") for side in ("low", "high"))
            known = [words.figure_words(limit, row.unit) for limit in limits if limit == limit]
            ends += [f"{colour} ends at {words.joined(known)}"] * bool(known)
        ended = ends and f"{words.joined(ends).capitalize()}."
        return _step("rating", said, ended, places=[Place("params/report.yml"), *own])

    def rating_rule(self, row) -> tuple[str, list[Place]]:
        """By which rule a row is rated, as the report's key says it; and where its target has limits of its own."""
        described, (_, annual) = self.book.indicators, self._targets(row)
        said = rating_words(self.report.settings, described[described["indicator_code"] == row.indicator_code])
        limits = {name: getattr(annual, f"{name}_text", "") for name in ("tolerance", "amber_low", "amber_high")}
        own = words.joined([f"{name} {text}" for name, text in limits.items() if text])
        said = words.capitalised(said) + f" Its target has {own}." * bool(own)
        return said, [_row(annual)] if own else []

    def _outcome(self, row):
        judged = _last(self._judged[row.indicator_code,])
        if not judged:
            return _step("outcome", f"{row.outcome_label}: it follows from the rating.")
        said = f"{row.outcome_label}, by judgement: {judged.reason} ({words.signed(judged.role, judged.date)})"
        return _step("outcome", said, places=[_row(judged)])

    def _comment(self, row):
        found = _last(self._comments[row.indicator_code,])
        if not found:
            return _step("comment", words.NO_COMMENT)
        who = words.signed(found.role, found.date) or "Nobody has signed it"
        state = words.UNAPPROVED.get(found.unapproved) or f"State: {found.state or 'not said'}."
        return _step("comment", f"{who}.", state, places=[Place(found.file)])

    def _version(self, row):
        """The version of the report, what it corrects, and who approved the indicator's figures and comment."""
        settings, here = self.report.month_settings, self.book.workspace.month_settings(self.book.month)
        own = [each for each in self._approved if each["indicator_code"] == row.indicator_code]
        said = [f"{each['what'].capitalize()} approved: {words.signed(each['role'], each['date'])}." for each in own]
        said.append(f"Version {words.version_number(settings.version)}.")
        said += [
            f"Version {words.version_number(each.version)} ({words.day_words(each.date)}) corrects: {each.what}"
            for each in settings.corrections
        ]
        return _step("version", *said, places=[Place(self.book.workspace.relative(here))])


def _step(name, *said, places=(), month=None):
    """A step by its name, with those sentences that there are; ``month`` is the one that its title names."""
    title = TITLES[name].format(month=words.month_words(month))
    return Step(name, title, list(filter(None, said)), list(places))


def _by(frame, *columns) -> dict[tuple, list]:
    """A frame's rows, in their order, by what they have in some columns; none where no row has that."""
    found: dict[tuple, list] = defaultdict(list)
    for row in frame.itertuples():
        found[tuple(getattr(row, column) for column in columns)].append(row)
    return found


def _last(rows):
    return rows[-1] if rows else None


def _cell(source):
    return Place(source.source_file, sheet=source.sheet, cell=source.cell, sha256=source.sha256)


def _row(found):
    return Place(found.file, int(found.row))
