"""The book: everything known for one council as at one reporting month."""

import hashlib
from dataclasses import dataclass, field

import pandas as pd

from mpr_lib.book import comparisons, tables
from mpr_lib.book.abbreviations import read_abbreviations
from mpr_lib.book.commentary import read_commentary
from mpr_lib.book.finance import Finance, read_finance
from mpr_lib.book.logo import read_logo
from mpr_lib.book.reading import InputReader
from mpr_lib.book.received import return_files
from mpr_lib.book.settings import MonthSettings, ReportSettings, check_month, read_settings
from mpr_lib.book.versions import check_corrections
from mpr_lib.book.workspace import Workspace
from mpr_lib.rules import history as history_rules
from mpr_lib.rules import scorecard as scorecard_rules
from mpr_lib.rules.frequency import latest_ages


@dataclass(frozen=True, eq=False)
class Book:
    """What was returned and agreed, typed but not judged; cells that could not be read are in ``problems``."""

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
    comparisons: pd.DataFrame = field(default_factory=comparisons.none)
    finance: Finance = field(default_factory=Finance)
    logo: dict[str, str] = field(default_factory=dict)

    @property
    def data_hash(self) -> str:
        """One SHA-256 over the names and contents of every input file."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.inputs.items()))
        return hashlib.sha256(lines.encode()).hexdigest()


def read_book(workspace: Workspace, month, *, begun: bool = False) -> Book:
    """Read a workspace as it stood at a reporting month: returns up to that month, that month's commentary.

    A month that has only ``begun`` may lack its settings and its return. Raises ``InputError`` for what makes a file
    unusable (missing, misspelt heading, wrong encoding, invalid YAML). A single cell that cannot be read is kept in
    ``problems``, for the expectations to report.
    """
    month = pd.Period(month, freq="M")
    reader = InputReader(workspace)
    settings, month_settings = _read_params(reader, month, begun)
    data = workspace.data
    described = reader.table(data / "indicators.csv", tables.INDICATORS, tables.INDICATORS_OPTIONAL)
    indicators = tables.indicators(described, settings)
    targets = tables.targets(reader.table(data / "targets.csv", tables.TARGETS), settings.first_month)
    stated = tables.stated_targets(reader.table(data / "stated_targets.csv", tables.STATED_TARGETS))
    judgements = tables.judgements(reader.table(data / "judgements.csv", tables.JUDGEMENTS))
    received = _read_returns(reader, month, month_settings, begun)
    commentary = read_commentary(reader, month, indicators[0]["indicator_code"])
    logo = read_logo(reader, settings.brand.logo)
    compared, finance = comparisons.read_comparisons(reader), read_finance(reader, month, settings.finance_months)
    parts = [indicators, targets, stated, judgements, received, compared, finance]
    problems = [found for _, found in parts if len(found)]
    return Book(
        workspace, month, settings, month_settings, *(frame for frame, _ in parts[:5]),
        values=newest_values(received[0]), commentary=commentary,
        abbreviations=read_abbreviations(reader),
        problems=pd.concat(problems, ignore_index=True) if problems else tables.no_problems(),
        inputs=dict(reader.hashes), comparisons=compared[0], finance=finance[0], logo=logo,
    )  # fmt: skip


def newest_values(returns: pd.DataFrame) -> pd.DataFrame:
    """The figure that stands for each indicator and month: the last received.

    A cell left empty in a later return takes nothing back: it never replaces a number.
    """
    known = returns[returns["month"].notna()]
    silent = known["number"].isna() & (known["no_value_reason"] == "NOT_SUPPLIED")
    ranked = known.assign(_says=~silent).sort_values("_says", kind="stable")
    newest = ranked.drop_duplicates(["indicator_code", "month"], keep="last")
    return newest.drop(columns="_says").sort_index().reset_index(drop=True)


def history_of(book: Book) -> pd.DataFrame:
    """Every indicator month by month, rated (``mpr_lib.rules.history``)."""
    return history_rules.history(
        book.indicators, book.targets, book.stated_targets, book.values, book.month,
        default_tolerance=book.settings.default_tolerance, first=book.settings.first_month,
        rules=[each.rule() for each in book.settings.rating_rules],
    )  # fmt: skip


def scorecard_of(book: Book, history: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per indicator for the book's month (``mpr_lib.rules.scorecard``)."""
    history = history_of(book) if history is None else history
    return scorecard_rules.scorecard(
        book.indicators,
        history,
        book.judgements,
        book.commentary,
        book.month,
        age=latest_ages(book.indicators, book.settings.latest_month_age),
    )


def _read_params(reader, month, begun):
    workspace = reader.workspace
    shared, monthly = workspace.report_settings, workspace.month_settings(month)
    settings = read_settings(ReportSettings, reader.text(shared), workspace.relative(shared))
    if begun and not monthly.is_file():
        return settings, MonthSettings(reporting_month=str(month))
    text = reader.text(monthly, "Copy the month before it and change reporting_month in it.")
    month_settings = read_settings(MonthSettings, text, workspace.relative(monthly))
    check_month(month_settings, month, workspace.relative(monthly))
    check_corrections(month_settings, workspace.relative(monthly))
    return settings, month_settings


def _read_returns(reader, month, settings, begun):
    """Every return that the month's report reads, in order of receipt."""
    nothing = pd.DataFrame(columns=[*tables.RETURNS, "file", "row"], dtype="str")
    frames, problems = [], []
    for received, _, path in return_files(reader.workspace, month, settings, begun=begun):
        frame, found = tables.returns(reader.table(path, tables.RETURNS, tables.RETURNS_OPTIONAL), received)
        frames.append(frame)
        problems.append(found)
    if not frames:
        return tables.returns(nothing, month)
    return pd.concat(frames, ignore_index=True), pd.concat(problems, ignore_index=True)
