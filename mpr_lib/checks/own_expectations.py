"""Our own expectations, where Great Expectations has none: each is a predicate on a table's columns.

Importing this module imports Great Expectations and registers the expectations with it.
"""

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    MulticolumnMapMetricProvider,
    multicolumn_condition_partial,
)

from mpr_lib.checks import predicates

_DOMAIN = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")


class _CumulativeDoesNotFall(MulticolumnMapMetricProvider):
    condition_metric_name = "multicolumn_values.cumulative_does_not_fall"
    condition_domain_keys = _DOMAIN

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, **kwargs) -> pd.Series:
        return predicates.does_not_fall(column_list)


class _ProfileEndsAtAnnualTarget(MulticolumnMapMetricProvider):
    condition_metric_name = "multicolumn_values.profile_ends_at_annual_target"
    condition_domain_keys = _DOMAIN

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, **kwargs) -> pd.Series:
        return predicates.ends_at_annual_target(column_list)


class _ProfileHasEvenSteps(MulticolumnMapMetricProvider):
    condition_metric_name = "multicolumn_values.profile_has_even_steps"
    condition_domain_keys = _DOMAIN

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, **kwargs) -> pd.Series:
        return predicates.has_even_steps(column_list)


class ExpectCumulativeValuesToNotFallWithinYear(MulticolumnMapExpectation):
    """Expect each figure to be at least the one before it in its indicator's financial year (``does_not_fall``)."""

    map_metric = "multicolumn_values.cumulative_does_not_fall"


class ExpectProfileToEndAtAnnualTarget(MulticolumnMapExpectation):
    """Expect a year's last stated target to be the annual target (``ends_at_annual_target``)."""

    map_metric = "multicolumn_values.profile_ends_at_annual_target"


class ExpectProfileToHaveEvenSteps(MulticolumnMapExpectation):
    """Expect each month's step of a stated profile to be like its neighbours' (``has_even_steps``)."""

    map_metric = "multicolumn_values.profile_has_even_steps"
