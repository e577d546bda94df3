"""The book: everything known for one council as at one reporting month."""

import base64
import os
import re
from dataclasses import dataclass, field, replace
from io import BytesIO
from xml.etree import ElementTree

import pandas as pd

from mpr_lib.annexes import brought
from mpr_lib.book import tables
from mpr_lib.book.commentary import read_commentary, with_approval
from mpr_lib.book.plain_yaml import read_yaml
from mpr_lib.book.returns import return_files
from mpr_lib.book.settings import Logo, MonthSettings, ReportSettings, read_month_settings, read_report_settings
from mpr_lib.book.workspace import InputReader, Workspace
from mpr_lib.errors import InputError
from mpr_lib.files import fingerprint
from mpr_lib.rules import history as history_rules
from mpr_lib.rules import scorecard as scorecard_rules
from mpr_lib.rules.history import net, revisions
from mpr_lib.rules.months import at_months, has_ended, is_among, is_introduced, latest_ages, read_month, with_cycles
from mpr_lib.rules.points import charted, charted_points, standing_steps, with_points
from mpr_lib.rules.rating import with_both_ends
from mpr_lib.rules.targets import carried_on, standing, with_stated_years
from mpr_lib.rules.variation import published, with_charts, with_variation
from mpr_lib.rules.year_end import early_warning, year_end

LARGEST = 512 * 1024
"""Bytes: every page carries the logo."""


def read_logo(reader: InputReader, logo: Logo | None) -> dict:
    """The logo as an address that holds it (src), as a drawing (svg) and in words (alt); empty without one.

    Raises ``InputError`` for a file that is missing, too large or no picture.
    """
    if logo is None:
        return {}
    what_to_do = "Put the logo there, or correct brand, logo in params/report.yml."
    raw = reader.raw(reader.workspace.root / logo.file, what_to_do)
    if len(raw) > LARGEST:
        size, largest = len(raw) // 1024, LARGEST // 1024
        raise InputError(f"{logo.file} has {size} kB. Expected {largest} kB or less: make it smaller.")
    if logo.file.lower().endswith(".svg"):
        return {"src": _address("svg+xml", raw), "svg": _drawing(raw, logo.file), "alt": logo.alt}
    return {"src": _address("png", raw), "svg": _around(raw, logo.file), "alt": logo.alt}


def _address(kind, raw):
    return f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"


def _drawing(raw, name):
    try:
        text = raw.decode("utf-8-sig")
        root = ElementTree.fromstring(text) if "<!ENTITY" not in text else None
    except (UnicodeDecodeError, ElementTree.ParseError):
        root = None
    if root is None or root.tag.rpartition("}")[2] != "svg":
        raise InputError(f"{name} cannot be read as SVG. Save it as plain SVG, or use a PNG.")
    if re.search(r"""(?:href|src)\s*=\s*["'](?!#|data:)""", text):
        raise InputError(f"{name} asks for other files or pages. Save it as an SVG that holds all that it shows.")
    return text


def _around(raw, name):
    """A PNG inside a drawing of its size."""
    # Loaded when needed: few comments hold a picture, and Pillow takes 50 ms.
    from PIL import Image

    try:
        with Image.open(BytesIO(raw), formats=["PNG"]) as picture:
            picture.load()
            width, height = picture.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise InputError(f"{name} cannot be read as PNG. Save it as PNG or SVG.") from None
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image href="{_address("png", raw)}" width="{width}" height="{height}"/></svg>'
    )


@dataclass(frozen=True, eq=False)
class Book:
    """What was returned and agreed, typed but not judged; cells that could not be read are in ``problems``.

    ``annexes`` holds what each annex read for itself, by its name, ``expectations`` what params/expectations.yml says.
    ``others`` is the book of the indicators that are in no report of this month: they have ended by then, or are not
    yet introduced. ``targets`` and ``stated_targets`` are those that stand in it, of all that were ever recorded.
    """

    workspace: Workspace
    month: pd.Period
    settings: ReportSettings
    month_settings: MonthSettings
    indicators: pd.DataFrame
    targets: pd.DataFrame
    stated_targets: pd.DataFrame
    judgements: pd.DataFrame
    returns: pd.DataFrame
    values: pd.DataFrame
    commentary: pd.DataFrame
    abbreviations: pd.DataFrame
    problems: pd.DataFrame
    inputs: dict[str, str]
    comparisons: pd.DataFrame
    recorded_steps: pd.DataFrame
    recorded_targets: pd.DataFrame
    recorded_stated_targets: pd.DataFrame
    annexes: dict[str, object] = field(default_factory=dict)
    expectations: list = field(default_factory=list)
    logo: dict[str, str] = field(default_factory=dict)
    others: "Book | None" = None

    @property
    def computed(self) -> set[str]:
        """The indicators whose figures annexes compute, so that nobody sends them."""
        return {code for annex in brought("computes").values() for code in annex.codes(self)}

    @property
    def steps(self) -> pd.DataFrame:
        """The steps that count in the report of the book's month, one per indicator and month (``rules.points``)."""
        return standing_steps(self.recorded_steps, self.month)

    @property
    def last_likely(self) -> pd.Period:
        """A year after the newest month that this report or any return is of: the last that a row is likely for."""
        return max(self.month, pd.Period(self.workspace.newest_return or str(self.month), freq="M")) + 12

    @property
    def data_hash(self) -> str:
        """One SHA-256 over the names and contents of every input file."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.inputs.items()))
        return fingerprint(lines.encode())


def month_named(workspace: Workspace, text: str = "") -> pd.Period:
    """The month that a notebook asks for; without one the newest with figures. Raises ``MprError`` for neither."""
    if not text and not workspace.newest_return:
        raise InputError(
            f"{workspace.relative(workspace.returns_folder)} holds no return. Name a month: month='2018-05'."
        )
    return read_month(text or workspace.newest_return)


def read_book(workspace: Workspace, month, *, begun: bool = False, said: dict | None = None) -> Book:
    """Read a workspace as it stood at a reporting month: returns up to that month, that month's commentary.

    A month that has only ``begun`` may lack its settings and its return. ``said`` goes before what the month's settings
    say. Raises ``InputError`` for what makes a file
    unusable (missing, misspelt heading, wrong encoding, invalid YAML). A single cell that cannot be read is kept in
    ``problems``, for the expectations to report.
    """
    month = pd.Period(month, freq="M")
    workspace.refuse_unreadable()
    reader = InputReader(workspace)
    settings, month_settings = read_params(reader, month, begun, said)
    reader.own_words = settings.no_value_words
    data = workspace.data
    indicators = tables.indicators(reader, settings)
    optional = tables.TARGETS_OPTIONAL
    targets = tables.read(reader, data / "targets.csv", tables.TARGETS, optional, years=settings.years)
    stated = tables.read(reader, data / "stated_targets.csv", tables.STATED_TARGETS, optional)
    # A target with one end has both ends equal.
    recorded = with_both_ends(targets, "annual_target"), with_both_ends(stated)
    targets, stated = _standing(*recorded, month, settings.years)
    judgements = tables.read(reader, data / "judgements.csv", tables.JUDGEMENTS)
    returns = tables.returns(reader, return_files(workspace, month, month_settings, begun=begun), indicators, not begun)
    commentary = read_commentary(reader, month, indicators["indicator_code"])
    logo = read_logo(reader, settings.brand.logo)
    others = data / "comparisons.csv"
    compared = tables.read(reader, others, tables.COMPARISONS, tables.COMPARISONS_OPTIONAL, needed=False)
    steps = tables.read(reader, data / "step_changes.csv", tables.STEP_CHANGES, needed=False)
    expectations = _read_expectations(reader, settings)
    annexes = {name: read(reader, month, settings) for name, read in brought("reads").items()}
    problems = [found for found in reader.problems if len(found)] or [pd.DataFrame(columns=tables.PROBLEM_COLUMNS)]
    values = newest_values(returns)
    indicators = with_cycles(indicators.assign(charted=charted(indicators, targets)), values, month, settings.years)
    # A definition that changes later says nothing of this month's report, nor when it is issued again.
    indicators["definition_break"] = indicators["definition_break"].where(indicators["definition_break"] <= month)
    book = Book(
        workspace, month, settings, month_settings, indicators,
        targets=targets, stated_targets=stated, judgements=judgements,
        returns=returns, values=values, commentary=commentary,
        abbreviations=tables.abbreviations(reader),
        problems=pd.concat(problems, ignore_index=True), inputs=dict(reader.hashes), comparisons=compared,
        recorded_steps=steps, recorded_targets=recorded[0], recorded_stated_targets=recorded[1],
        annexes=annexes, expectations=expectations, logo=logo,
    )  # fmt: skip
    book = _with_values(book)
    known = {code: state for states in brought("states").values() for code, state in states(book).items()}
    return _parted(replace(book, commentary=with_approval(commentary, settings, known)))


def _standing(targets, stated, month, years):
    """The annual and the stated targets that stand in a month's report, of those that were recorded."""
    stated = standing(stated, month, _KEYS)
    return with_stated_years(standing(targets, month, ["indicator_code", "financial_year"]), stated, years), stated


OF_INDICATORS = (
    "targets", "stated_targets", "recorded_targets", "recorded_stated_targets", "judgements", "comparisons",
    "recorded_steps", "returns", "values",
)  # fmt: skip
"""What a book has of each indicator, beside its description and its comment."""


def _parted(book: Book) -> Book:
    """The book of the indicators that are in the month's report, with that of the others.

    An indicator that sends figures is there, whatever its year_introduced. What is received now for a month after an
    indicator's last stays in the report's book, for the checks to find.
    """
    described, years = book.indicators, book.settings.years
    known = book.values.loc[book.values["number"].notna() & (book.values["month"] <= book.month), "indicator_code"]
    month = pd.Series(book.month, described.index)
    has_begun = is_introduced(described, month, years) | described["indicator_code"].isin(known)
    lives = has_begun & ~has_ended(described, month)
    own, other = described[lives], described[~lives]
    codes = set(other["indicator_code"]) - set(own["indicator_code"])
    last = other.drop_duplicates("indicator_code").set_index("indicator_code")["last_month"]
    of_own, of_others = {}, {}
    for name in OF_INDICATORS:
        frame = getattr(book, name)
        theirs = frame["indicator_code"].isin(codes)
        if name in ("returns", "values"):
            of_code = last.reindex(frame["indicator_code"]).set_axis(frame.index)
            too_late = has_ended(pd.DataFrame({"last_month": of_code}), frame["month"])
            theirs &= ~(too_late & (frame["received"] == book.month))
        of_own[name] = frame[~theirs].reset_index(drop=True) if theirs.any() else frame
        of_others[name] = frame[theirs].reset_index(drop=True)
    others = replace(book, indicators=other, **of_others)
    return replace(book, indicators=own, others=others, **of_own)


def newest_values(returns: pd.DataFrame) -> pd.DataFrame:
    """The figure that stands for each indicator and month: the last received.

    A cell left empty in a later return takes nothing back: it never replaces a number.
    """
    known = returns[returns["month"].notna()]
    silent = known["number"].isna() & (known["no_value_reason"] == "NOT_SUPPLIED")
    ranked = known.assign(_says=~silent).sort_values("_says", kind="stable")
    newest = ranked.drop_duplicates(["indicator_code", "month"], keep="last")
    return newest.drop(columns="_says").sort_index().reset_index(drop=True)


def _with_values(book):
    """The book with the figures that stand of its returns, and those that annexes compute of them."""
    values = newest_values(book.returns)
    for annex in brought("computes").values():
        values = annex.compute(book, values)
    return replace(book, values=values)


def history_of(book: Book) -> pd.DataFrame:
    """Every indicator month by month, rated (``mpr_lib.rules.history``)."""
    return history_rules.history(
        book.indicators, book.targets, book.stated_targets, book.values, book.month,
        tolerance=book.settings.default_tolerance, years=book.settings.years,
        rules=book.settings.rating_rules,
    )  # fmt: skip


def scorecard_of(book: Book, history: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per indicator for the book's month (``mpr_lib.rules.scorecard``), with its signals (``scored``)."""
    return scored(book, history_of(book) if history is None else history)[0]


def scored(book: Book, history: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The scorecard with all its signals, and the points they are told from.

    Beside the rating stand variation and assurance (``mpr_lib.rules.variation``), the year's end and the early warning
    (``mpr_lib.rules.year_end``), which is new against the month before as it was known then.
    """
    settings, years = book.settings, book.settings.years
    found, points, months = _varied(book, history)
    found = found.join(year_end(found, months, points, years))
    earlier = pd.Series("", found.index)
    asked = found.loc[(found["variation"] == "CONCERN") & (found["rating"] != "RED"), "indicator_code"]
    if len(asked):
        before = as_at(book, book.month - 1)
        before = replace(before, indicators=before.indicators[before.indicators["indicator_code"].isin(asked)])
        known = _varied(before, history_of(before))[0].set_index("indicator_code")["variation"]
        earlier = found["indicator_code"].map(known)
    number = years.month_number(found["latest_month"])
    found["early_warning"] = early_warning(
        found["rating"], found["variation"], earlier, found["forecast_chance"], number, settings.warn_at
    )
    return found[[*scorecard_rules.COLUMNS, *scorecard_rules.SIGNALS]], points


def _varied(book, history):
    """The scorecard with variation and assurance, its points, and the months that they are of."""
    age, settings = latest_ages(book.indicators, book.settings.latest_month_age), book.settings
    found = scorecard_rules.scorecard(
        book.indicators, history, book.judgements, book.commentary, book.month, age=age, years=settings.years
    )
    months = with_points(history, book.indicators, settings.years)
    points = charted_points(months, book.steps, book.month)
    points = with_charts(points, settings.spc_rules, settings.spc_fewest_points, settings.spc_baseline_points)
    found = with_variation(found, points, months, settings.spc_rules, settings.years)
    return found, published(points, found), months


def read_params(
    reader: InputReader, month: pd.Period, begun: bool = False, said: dict | None = None
) -> tuple[ReportSettings, MonthSettings]:
    """The settings of the workspace and of a month; those of a month that has only ``begun`` may be missing.

    Raises ``InputError`` for a missing file and for what it cannot mean.
    """
    workspace = reader.workspace
    settings, monthly = read_report_settings(reader), workspace.month_settings(month)
    if begun and not os.path.lexists(monthly):
        return settings, MonthSettings(month=str(month))
    text = reader.text(monthly, f"Make it with 'mpr next', or write the line 'month: {month}' into it.")
    return settings, read_month_settings(text, month, workspace.relative(monthly), said)


def _read_expectations(reader, settings):
    """What a workspace's file of expectations says, entry for entry; what each means is for the checks to say."""
    path = reader.workspace.expectations
    if not os.path.lexists(path):
        return settings.expectations
    name = reader.workspace.relative(path)
    if settings.expectations:
        raise InputError(
            f"{name} is there, and params/report.yml has the key 'expectations' as well. Move what stands under that "
            f"key to {name}."
        )
    found = read_yaml(reader.text(path), name) or []
    if not isinstance(found, list):
        raise InputError(f"{name} holds no list of expectations. Expected entries that begin with '- expectation:'.")
    return found


_KEYS = ["indicator_code", "month"]


def revisions_of(book: Book) -> pd.DataFrame:
    """What the returns for this month's report revised (``mpr_lib.rules.history``), one row for each figure.

    A corrected issue lists what its own corrections revised too.
    """
    return net(_received_now(book))


def rated_revisions(book: Book, history: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The revisions of this month's report with the ratings before and after, and other ratings that changed with them.

    Adds rating_then, target_then_text, rating and target_text. The second frame has the months whose own figure is the
    same and whose target (``LAST_YEAR``) or sum (accumulate) follows a revised one. Ratings before are worked out from
    the figures of then with the targets, tolerances and definitions of now.
    """
    found = revisions_of(book)
    if found.empty:
        return found.assign(rating_then="", target_then_text="", rating="", target_text=""), found
    now = history.set_index(_KEYS)[["rating", "target_text", "value_text", "unit"]]
    then = _history_before(book).set_index(_KEYS)[["rating", "target_text", "value_text"]]
    both = now.join(then.set_axis(["rating_then", "target_then_text", "value_then_text"], axis=1))
    listed = found.join(both.drop(columns=["value_text", "value_then_text"]), on=_KEYS)
    last = book.month if book.month_settings.corrections else book.month - 1
    others = both[(both["rating"] != both["rating_then"]) & (both.index.get_level_values("month") <= last)]
    return listed, others.drop(index=pd.MultiIndex.from_frame(found[_KEYS]), errors="ignore").reset_index()


def marked(frame: pd.DataFrame, book: Book, month_column: str = "month") -> pd.DataFrame:
    """Add is_revised: whether the figure of the row's indicator and month has ever been revised, or what makes it."""
    years, found = book.settings.years, revisions(book.returns)[_KEYS]
    sums = found[found["indicator_code"].isin(book.indicators.loc[book.indicators["accumulate"], "indicator_code"])]
    later = [(code, each) for code, month in sums.itertuples(index=False)
             for each in pd.period_range(month, years.months(years.of(month))[-1])]  # fmt: skip
    changed = {*found.itertuples(index=False, name=None), *later}
    for annex in brought("computes").values():
        changed = annex.follows(book, changed)
    if not changed:
        return frame.assign(is_revised=False)
    rows = zip(frame["indicator_code"], frame[month_column], strict=True)
    return frame.assign(is_revised=[row in changed for row in rows])


def _received_now(book):
    changes = revisions(book.returns)
    return changes[changes["received"] == book.month]


def _history_before(book):
    """The history as it was before this month's revisions: with what was received for the first time, without them."""
    changes = _received_now(book)
    kept = book.returns[~is_among(book.returns, changes, ["file", "row"])]
    return history_of(_with_values(replace(book, returns=kept)))


def book_before(book: Book) -> Book | None:
    """The book of the month before, if that has a report: params of its own and a return.

    It shares everything but the figures: only returns received by then count. Commentary and that month's own
    settings are not read again, and the inputs are the book's.
    """
    place, month = book.workspace, book.month - 1
    has_report = place.has(place.month_settings(month)) and place.has(place.return_file(month))
    return as_at(book, month) if has_report else None


def green_by_target(book: Book, now: pd.DataFrame, earlier: Book, before: pd.DataFrame) -> list[str]:
    """The codes rated red in the report before and green now that would not be green against the target of then.

    ``now`` and ``before`` are the scorecards of the book and of the ``earlier`` one. Where the figure is of another
    financial year than before, the target of then is last year's.
    """
    years, was = book.settings.years, before.set_index("indicator_code")
    turned = now[(now["rating"] == "GREEN") & (now["indicator_code"].map(was["rating"]) == "RED")]
    if turned.empty:
        return []
    then = years.of(pd.PeriodIndex(turned["indicator_code"].map(was["latest_month"]), freq="M"))
    new = turned["indicator_code"][years.of(turned["latest_month"]) != then]
    targets, stated = carried_on(earlier.targets, earlier.stated_targets, new, years.of(book.month), years)
    described = book.indicators[book.indicators["indicator_code"].isin(turned["indicator_code"])]
    history = history_of(replace(book, indicators=described, targets=targets, stated_targets=stated))
    rated = at_months(history, ["rating"], turned["indicator_code"], turned["latest_month"])["rating"]
    return list(turned["indicator_code"][rated.isin(["AMBER", "RED"])])


def as_at(book: Book, month: pd.Period) -> Book:
    """The book with only those figures that had been received by a month, and the targets that stood then."""
    received = book.returns[book.returns["received"] <= month]
    targets, stated = _standing(book.recorded_targets, book.recorded_stated_targets, month, book.settings.years)
    earlier = replace(book, month=month, returns=received, targets=targets, stated_targets=stated)
    return _with_values(replace(earlier, commentary=book.commentary.iloc[:0]))
