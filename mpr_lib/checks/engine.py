"""Engine: the one module that runs Great Expectations for a report.

``own_expectations`` only adds classes to it, and ``data_docs`` builds its pages on request.

Importing it imports Great Expectations, about three seconds. It keeps everything in memory: nothing is written,
nothing is sent, no progress bars, and the logging that Great Expectations switches on is switched back.
"""

import logging
import threading
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from mpr_lib.checks.declaration import Expectation

_shown_before = warnings.showwarning
import great_expectations as gx  # noqa: E402
from great_expectations import expectations as gx_expectations  # noqa: E402
from great_expectations.data_context.types.base import (  # noqa: E402
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)

from mpr_lib.checks import own_expectations  # noqa: E402

if warnings.showwarning is not _shown_before:
    logging.captureWarnings(False)

ONE_AT_A_TIME = threading.Lock()
"""Great Expectations keeps one current context for the whole process."""


@dataclass(frozen=True)
class Verdict:
    """What one expectation said of its table: the positions of the failing rows, or the error that stopped it."""

    expectation: Expectation
    failing: list[int]
    error: str = ""


def validate(
    tables: Mapping[str, pd.DataFrame], expectations: Iterable[Expectation], parameters: Mapping
) -> list[Verdict]:
    """Run each expectation on its table, which has a RangeIndex and at least one row.

    ``parameters`` fills in the ``$PARAMETER`` arguments. An expectation that cannot run has its error in its verdict.
    """
    wanted = list(expectations)
    with ONE_AT_A_TIME:
        asset = _context().data_sources.add_pandas("book").add_dataframe_asset("tables")
        whole = asset.add_batch_definition_whole_dataframe("whole")
        verdicts = {}
        for name in dict.fromkeys(expectation.table for expectation in wanted):
            of_table = [expectation for expectation in wanted if expectation.table == name]
            verdicts |= _validate_table(whole, tables[name], of_table, dict(parameters))
    return [verdicts[expectation.name] for expectation in wanted]


def _context():
    """A context that lives in memory, without documentation sites and progress bars."""
    settings = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
    )
    return gx.get_context(project_config=settings, mode="ephemeral")


def _validate_table(whole, table, expectations, parameters):
    suite = gx.ExpectationSuite(name=expectations[0].table)
    try:
        for expectation in expectations:
            suite.add_expectation(as_gx(expectation))
        batch = whole.get_batch({"dataframe": table[_columns(expectations, table)]})
        results = batch.validate(suite, result_format="COMPLETE", expectation_parameters=parameters).results
    except Exception as error:  # noqa: BLE001 -- whatever it is, it becomes critical findings
        said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        return {each.name: Verdict(each, [], said) for each in expectations}
    found = {result.expectation_config.meta["name"]: result for result in results}
    return {each.name: _verdict(each, found.get(each.name)) for each in expectations}


def _columns(expectations, table):
    """The columns that the expectations look at; each one handed over costs time."""
    named = {}
    for expectation in expectations:
        for argument, value in expectation.arguments.items():
            if argument.startswith("column"):
                named |= dict.fromkeys(value if isinstance(value, list) else [value])
    return [column for column in named if column in table]


def as_gx(expectation: Expectation):
    """The declared expectation as Great Expectations' own object, its name in ``meta``."""
    home = own_expectations if hasattr(own_expectations, expectation.gx) else gx_expectations
    return getattr(home, expectation.gx)(
        **expectation.arguments, severity=expectation.severity, meta={"name": expectation.name}
    )


def _verdict(expectation, result):
    if result is None:
        return Verdict(expectation, [], "it gave no result")
    error = _raised(result.exception_info or {})
    if error:
        return Verdict(expectation, [], error)
    failing = sorted(int(position) for position in result.result.get("unexpected_index_list") or [])
    if not result.success and not failing:
        return Verdict(expectation, [], "it failed and named no row")
    return Verdict(expectation, failing)


def _raised(information) -> str:
    """The first error of a result; Great Expectations gives one record, or one for each metric."""
    records = [information] if "raised_exception" in information else list(information.values())
    for record in records:
        if record.get("raised_exception"):
            return " ".join(str(record.get("exception_message") or "unknown error").split())[:300]
    return ""
