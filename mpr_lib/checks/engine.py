"""Engine: the one module that knows Great Expectations. It runs the suites, in memory, and has our own expectations.

Importing it imports Great Expectations, about three seconds. Nothing is written, nothing is sent, no progress bars, and
the logging that Great Expectations switches on is switched back.
"""

import copy
import logging
import shutil
import tempfile
import threading
import warnings
from collections.abc import Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import numpy as np
import pandas as pd

from mpr_lib.book.tables import read_cell
from mpr_lib.checks import series
from mpr_lib.checks.readers import FILLED_LATER
from mpr_lib.checks.suites import TOLD, Entry, entry
from mpr_lib.errors import InputError
from mpr_lib.rules.months import FinancialYears
from mpr_lib.words import joined

_shown_before = warnings.showwarning
import great_expectations as gx  # noqa: E402
from great_expectations import expectations as gx_expectations  # noqa: E402
from great_expectations.core import ResultFormat  # noqa: E402
from great_expectations.data_context.types import base  # noqa: E402
from great_expectations.datasource.fluent import PandasDatasource  # noqa: E402
from great_expectations.execution_engine import PandasExecutionEngine  # noqa: E402
from great_expectations.expectations.expectation import Expectation, MulticolumnMapExpectation  # noqa: E402
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration  # noqa: E402
from great_expectations.expectations.metrics import map_metric_provider  # noqa: E402
from great_expectations.validator.v1_validator import Validator  # noqa: E402

if warnings.showwarning is not _shown_before:
    logging.captureWarnings(False)

ONE_AT_A_TIME = threading.Lock()
"""Great Expectations keeps one current context for the whole process."""

_SITE = "month"
_NAMED_ROWS = {"result_format": "COMPLETE", "include_unexpected_rows": False}


def readable(rows: pd.DataFrame, year: list | None = None, own_words: dict | None = None) -> pd.DataFrame:
    """Whether each row's texts can be read, each by the one reader of its column (``book.tables.READERS``)."""
    years = FinancialYears(*year) if year else FinancialYears()
    met = pd.Series(True, rows.index)
    for name in rows:
        column, texts = name.removesuffix("_text"), rows[name].fillna("")
        faulty = [text for text in set(texts) if read_cell(column, text, years, None, own_words or {})[1]]
        met &= ~texts.isin(faulty)
    return pd.DataFrame({"met": met})


_JUDGES: dict = {}


def _metric(judge, *keys):
    """A metric of Great Expectations that is met by the rows that one of our functions finds ``met``; its name."""

    class OwnMetric(map_metric_provider.MulticolumnMapMetricProvider):
        condition_metric_name = f"multicolumn_values.{judge.__name__}"
        condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser",
                                 "ignore_row_if")  # fmt: skip
        condition_value_keys = keys

        @map_metric_provider.multicolumn_condition_partial(engine=PandasExecutionEngine)
        def _pandas(cls, column_list: pd.DataFrame, **kwargs) -> pd.Series:
            return judge(column_list, **{key: kwargs[key] for key in keys if kwargs.get(key) is not None})["met"]

    _JUDGES[OwnMetric.condition_metric_name] = judge, keys
    return OwnMetric.condition_metric_name


class ExpectCellsToBeReadable(MulticolumnMapExpectation):
    """Expect each text to be one that its column's reader can read.

    ``year``: how financial years run and are named; ``own_words``: the workspace's words for no value, with reasons.
    """

    year: list | dict | None = None
    own_words: dict | None = None
    map_metric = _metric(readable, "year", "own_words")
    success_keys = ("year", "own_words")


class ExpectCumulativeValuesToNotFallWithinYear(MulticolumnMapExpectation):
    """Expect each figure to be at least the one before it in its indicator's financial year."""

    map_metric = _metric(series.does_not_fall)


class ExpectProfileToEndAtAnnualTarget(MulticolumnMapExpectation):
    """Expect a year's last stated target to be the annual target."""

    map_metric = _metric(series.ends_at_annual_target)


class ExpectProfileToHaveEvenSteps(MulticolumnMapExpectation):
    """Expect each step of a stated profile to be within ``uneven_by`` times its neighbours' mean, either way."""

    uneven_by: float | dict = series.UNEVEN_BY
    map_metric = _metric(series.has_even_steps, "uneven_by")
    success_keys = ("uneven_by",)


class ExpectMovesToBeWithinTheirOwnHistory(MulticolumnMapExpectation):
    """Expect each new figure to move no more than so many ``spreads`` from its indicator's usual move.

    At least ``enough`` moves of the ``months_back`` before judge it.
    """

    year_starts: int | dict = 4
    spreads: float | dict = series.SPREADS
    enough: int | dict = series.ENOUGH
    months_back: int | dict = series.BACK
    map_metric = _metric(series.is_in_line_with_history, "year_starts", "spreads", "enough", "months_back")
    success_keys = ("year_starts", "spreads", "enough", "months_back")


OWN = {each.__name__: _JUDGES[each.map_metric] for each in MulticolumnMapExpectation.__subclasses__()
       if each.__module__ == __name__}  # fmt: skip
"""Our expectations by name: the function that judges the rows of each, and the arguments that it takes."""


@dataclass(frozen=True)
class Verdict:
    """What one entry said of its frame: the positions of the failing rows, or the error that stopped it.

    ``as_a_whole`` is said of an expectation that looks at no single row, such as a column's mean, and is not met.
    """

    entry: Entry
    failing: list[int]
    error: str = ""
    as_a_whole: bool = False


class Month:
    """One month's frames and suites as a context of Great Expectations, in memory.

    ``frames`` has every batch's frame. ``stored`` puts into the context what whoever knows the library looks for:
    ``context.suites`` with a suite for each batch, ``context.checkpoints`` with one such as ``2018-05/returns``. What
    is changed there is kept nowhere: ``yaml_of`` gives the entry to paste.
    """

    def __init__(self, month: str, frames: Mapping, entries, parameters: Mapping, site: Path | None = None):
        self.month, self.parameters = month, dict(parameters)
        self.frames = {name: _plain(frame) for name, frame in frames.items()}
        self.context = _context(site)
        # That this source of data is imported is why the context knows it.
        self._source: PandasDatasource = self.context.data_sources.add_pandas("book")
        self._any_batch = _batch_definition(self._source, "any")
        self._pairs = {
            name: [(each, as_gx(each, frame, self.parameters)) for each in entries if each.batch == name]
            for name, frame in self.frames.items()
        }

    def stored(self, result_format: ResultFormat = ResultFormat.SUMMARY) -> "Month":
        """The same month with its suites and checkpoints in the context."""
        for name, pairs in self._pairs.items():
            suite = gx.ExpectationSuite(name, expectations=[expectation for _, expectation in pairs])
            suite, data = self.context.suites.add(suite), _batch_definition(self._source, name)
            called = f"{self.month}/{name}"
            checked = gx.ValidationDefinition(name=called, data=data, suite=suite)
            checked = self.context.validation_definitions.add(checked)
            self.context.checkpoints.add(
                gx.Checkpoint(name=called, validation_definitions=[checked], result_format=result_format)
            )
        return self

    def run(self, batch: str):
        """Run a batch's checkpoint with its suite as it is saved; returns Great Expectations' own result."""
        checkpoint = self.context.checkpoints.get(f"{self.month}/{batch}")
        data = {"dataframe": self.frames[batch]}
        return checkpoint.run(batch_parameters=data, expectation_parameters=self.parameters)

    def attempt(self, batch: str, *expectations, result_format: str | dict = "SUMMARY", validator=None) -> list:
        """Validate expectations on a batch and keep nothing: the results of Great Expectations, in the same order.

        A ``validator`` of the batch that is there already spares making one.
        """
        validator = validator or Validator(self._any_batch, batch_parameters={"dataframe": self.frames[batch]})
        # Copies without an id: one that has an id belongs to a stored suite.
        copies = [copy.copy(each) for each in expectations]
        suite = gx.ExpectationSuite("any", expectations=copies)
        for number, each in enumerate(copies):
            each.id = str(number)
        validator.result_format = result_format
        found = validator.validate_expectation_suite(suite, self.parameters).results
        by_id = {each.expectation_config.id: each for each in found}
        return [by_id.get(each.id) for each in copies]

    def yaml_of(self, batch: str, expectation) -> str:
        """An expectation, one of a suite's or a new one, as the entry to paste into ``params/expectations.yml``."""
        return entry_of(batch, expectation).as_yaml()

    def verdicts(self, batch: str) -> list[Verdict]:
        """Ask in the cheapest way which of a batch's expectations are met, and those that are not for their rows."""
        entries, expectations = zip(*self._pairs[batch], strict=True)
        if not len(self.frames[batch]):
            return [Verdict(each, []) for each in entries]
        named = {name for each in entries for name in (*each.columns, *each.condition_columns)}
        columns = [name for name in self.frames[batch] if name in named]
        # Of our own what costs is the function that judges the rows, so they are asked once.
        ours = [place for place, each in enumerate(entries) if each.expect in OWN]
        others = [place for place in range(len(entries)) if place not in ours]
        try:
            frame = self.frames[batch][columns]
            with _worked_out_once(frame):
                validator = Validator(self._any_batch, batch_parameters={"dataframe": frame})

                def ask(places, result_format):
                    asked = (expectations[place] for place in places)
                    found = self.attempt(batch, *asked, result_format=result_format, validator=validator)
                    return dict(zip(places, found, strict=True))

                known = ask(others, "BOOLEAN_ONLY")
                fails = [place for place, each in known.items() if each and not each.success and not _raised(each)]
                known |= ask(ours + fails, _NAMED_ROWS)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it becomes critical findings
            return [Verdict(each, [], _said(error)) for each in entries]
        return [_verdict(each, known[place]) for place, each in enumerate(entries)]

    def judged_by(self, each: Entry, rows: pd.DataFrame) -> pd.DataFrame:
        """What our own expectations judged these rows of their frame by; no columns for others.

        Each judges an indicator by what is its own, so that nothing is asked of others.
        """
        if each.expect not in OWN:
            return rows[[]]
        judge, keys = OWN[each.expect]
        condition, frame = each.condition(self.parameters), self.frames[each.batch]
        frame = frame[frame["indicator_code"].isin(rows["indicator_code"])]
        frame = frame.query(condition) if condition else frame
        said = {key: each.arguments[key] for key in keys if key in each.arguments}
        given = {key: self.parameters[value[1:]] if isinstance(value, str) else value for key, value in said.items()}
        return judge(frame[each.columns], **given).drop(columns="met").reindex(rows.index)


def _batch_definition(source, name):
    """A batch definition of a whole frame; Great Expectations writes its whole configuration anew for each."""
    return source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)


def _verdict(each, result):
    if result is None:
        return Verdict(each, [], "it gave no result")
    failing = sorted(int(position) for position in (result.result or {}).get("unexpected_index_list") or [])
    if result.success or failing:
        return Verdict(each, [] if result.success else failing)
    if not _raised(result) and "observed_value" in (result.result or {}):
        return Verdict(each, [], as_a_whole=True)
    return Verdict(each, [], _raised(result) or "it failed and named no row")


@contextmanager
def _worked_out_once(frame):
    """Work out once what Great Expectations does again and again while it validates a frame, half of what it costs.

    That is each expectation's configuration and back, and the rows of each condition: the frame itself where it is all
    of them. Nobody changes these, nor the frame.
    """
    known: dict = {}

    def once(asked, key):
        def remembered(*given, **named):
            at = asked, key(*given, **named)
            if at not in known:
                made = asked(*given, **named)
                made = frame if isinstance(made, pd.DataFrame) and len(made) == len(frame) else made
                # With what was given, so that nothing else gets its id.
                known[at] = made, given
            return known[at][0]

        return remembered

    with ExitStack() as put_back:
        for owner, name, key in _ASKED_OFTEN:
            asked = vars(owner)[name]
            put_back.callback(setattr, owner, name, asked)
            setattr(owner, name, property(once(asked.fget, key)) if isinstance(asked, property) else once(asked, key))
        yield


def _domain(engine, domain_kwargs):
    """What decides of a domain's rows: all but its one column."""
    return id(engine), repr(sorted((name, said) for name, said in domain_kwargs.items() if said and name != "column"))


_ASKED_OFTEN: list = [
    (Expectation, "configuration", id),
    (ExpectationConfiguration, "to_domain_obj", id),
    (PandasExecutionEngine, "get_domain_records", _domain),
]


def build_pages(month: str, frames, entries, parameters: Mapping, folder: Path) -> Path:
    """Build Great Expectations' own pages in a folder, in place of those that stand there; returns the first page.

    They print raw values and load scripts from the network, so they are built on request, never inside what is
    published.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"))
    try:
        with ONE_AT_A_TIME:
            built = Month(month, frames, entries, parameters, new).stored(ResultFormat.COMPLETE)
            for name in frames:
                built.run(name)
            built.context.build_data_docs(site_names=[_SITE])
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder / "index.html"


def as_gx(each: Entry, frame: pd.DataFrame, parameters: Mapping):
    """An entry as Great Expectations' own object, its wording in ``meta``.

    Raises ``InputError`` with the file and the entry for a class, argument, column or ``$name`` that is not known.
    """
    where = f"{each.source}, entry '{each.name}'"
    made = globals().get(each.expect) or getattr(gx_expectations, each.expect, None)
    if made is None or not each.expect.startswith("Expect"):
        raise InputError(f"{where}: Great Expectations has no class '{each.expect}'. Correct its name.")
    strange = [name for name in each.columns if name not in frame]
    if strange:
        known = ", ".join(sorted(map(str, frame)))
        raise InputError(f"{where}: the batch {each.batch} has no column '{strange[0]}'. It has {known}.")
    arguments = dict(each.arguments)
    listed = [name for value in arguments.values() if isinstance(value, list) for name in value]
    if any(str(name).startswith("$") for name in listed):
        raise InputError(f"{where}: found {listed}. Expected a $name alone, which stands for a whole list.")
    try:
        condition = each.condition(parameters)
        named = {name: value[1:] for name, value in arguments.items() if isinstance(value, str) and value[:1] == "$"}
        arguments |= {name: {"$PARAMETER": value} for name, value in named.items() if parameters[value] is not None}
    except KeyError as error:
        known = ", ".join(f"${name}" for name in sorted(parameters))
        raise InputError(f"{where}: nothing is called ${error.args[0]}. Expected one of {known}.") from None
    if each.source.startswith("params/"):
        _refuse_unknown(each, frame, condition, parameters, where)
    meta = {name: getattr(each, name) for name in _META} | {"one_per": list(each.one_per)}
    if condition:
        meta["row_condition"] = arguments["row_condition"]
        arguments |= {"row_condition": condition, "condition_parser": "pandas"}
    try:
        return made(**arguments, severity=each.severity, description=each.means, meta=meta)
    except Exception as error:  # noqa: BLE001 -- Great Expectations' own models say what they refuse
        raise InputError(f"{where}: {each.expect} refuses its arguments: {_said(error)}.") from None


def _refuse_unknown(each, frame, condition, parameters, where):
    """Refuse what a workspace's own entry names and its batch does not have, before a row fails and it is asked for."""
    try:
        empty = frame.head(0).query(condition) if condition else frame.head(0)
        judged = OWN[each.expect][0](empty[each.columns]) if each.expect in OWN else empty
        known, texts = {*frame, *judged}, (each.found, each.do, each.in_column, each.chip)
        strange = [name for name in _asked(*texts) if name not in {*known, *TOLD}]
        strange += [name for name in _asked(each.readers) if name not in {*known, *TOLD, *FILLED_LATER}]
        if strange:
            expected = f"Expected {joined(TOLD, 'or')}, or a column"
            raise InputError(f"{where}: nothing fills in {{{strange[0]}}}. {expected}.")
        strange = [name for name in (each.text, each.month, each.file, *each.one_per) if name and name not in known]
        if strange:
            raise InputError(f"{where}: the batch {each.batch} has no column '{strange[0]}'.")
        filled = {*known, *each.rows(empty, [])}
        each.of_all(empty.reindex(columns=sorted(filled)), parameters)
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 -- pandas and Python say what they do not understand
        raise InputError(f"{where}: {_said(error)}. Correct its row_condition, its columns or its texts.") from None


def _asked(*texts):
    return [name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None]


_META = ("name", "characteristic", "found", "do", "readers", "chip", "text", "in_column", "month", "file",
         "severity_from")  # fmt: skip


def entry_of(batch: str, expectation) -> Entry:
    """The entry that an expectation of Great Expectations is, with what its ``meta`` says."""
    configuration, meta = expectation.configuration, dict(expectation.meta or {})
    arguments = {name: value for name, value in configuration.kwargs.items() if name != "condition_parser"}
    arguments = {name: _parameter(value) for name, value in arguments.items()}
    if "row_condition" in arguments:
        arguments["row_condition"] = meta.pop("row_condition", None) or _condition(arguments["row_condition"])
    severity = getattr(expectation.severity, "value", expectation.severity)
    said = {"name": "", "characteristic": "", "found": "", "do": "", **meta}
    said |= {"expect": type(expectation).__name__, "severity": severity, "means": expectation.description or ""}
    blank = {name: f"({name})" for name in ("name", "found", "do", "means") if not said[name]}
    return entry(
        {**said, "characteristic": said["characteristic"] or "validity", **blank, **arguments}, batch, "this entry"
    )


def _condition(value):
    """A row condition as a text, which is all that YAML holds of one."""
    text = value.get("pass_through_filter") if isinstance(value, dict) else value
    if not isinstance(text, str):
        raise InputError("The row_condition is an object. Write it as a text for pandas, such as 'unit == \"%\"'.")
    return text


def _parameter(value):
    return f"${value['$PARAMETER']}" if isinstance(value, dict) and "$PARAMETER" in value else value


def _plain(frame):
    """A frame as Great Expectations compares and prints it: months as texts such as 2018-05."""
    months = [name for name in frame if isinstance(frame[name].dtype, pd.PeriodDtype)]
    return frame.assign(**{name: _texts(frame[name]) for name in months})


def _texts(months):
    places, different = pd.factorize(months)
    # What is missing is in the last place.
    return np.array([*map(str, different), np.nan], dtype=object)[places]


def _context(site):
    """A context that lives in memory, without progress bars; with a folder it can build documentation there."""
    sites = {}
    if site:
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site.resolve())}
        sites[_SITE] = {"class_name": "SiteBuilder", "show_how_to_buttons": False, "store_backend": store,
                        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"}}  # fmt: skip
    settings = base.DataContextConfig(
        store_backend_defaults=base.InMemoryStoreBackendDefaults(),
        progress_bars=base.ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
        data_docs_sites=sites or None,
    )
    return gx.get_context(project_config=settings, mode="ephemeral")


def _said(error) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _raised(result) -> str:
    """The first error of a result; Great Expectations gives one record, or one for each metric."""
    information = result.exception_info or {}
    records = [information] if "raised_exception" in information else list(information.values())
    for record in records:
        if record.get("raised_exception"):
            return " ".join(str(record.get("exception_message") or "unknown error").split())[:300]
    return ""
