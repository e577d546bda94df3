"""Data Docs: Great Expectations' own pages on a month's check tables, for whoever looks after the report.

They print raw values and load scripts from the network, so they are built on request, never inside what is published.
"""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import great_expectations as gx
import pandas as pd
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)

from mpr_lib.checks.engine import ONE_AT_A_TIME, as_gx

_SITE = "month"


def build_pages(tables: Mapping[str, pd.DataFrame], expectations, parameters: Mapping, folder: Path) -> Path:
    """Build the pages in a folder, in place of those that stand there; returns the first page.

    Takes what ``engine.validate`` takes. A page for each table, and one that lists them.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        with ONE_AT_A_TIME:
            context = _context(new)
            asset = context.data_sources.add_pandas("book").add_dataframe_asset("tables")
            for name in dict.fromkeys(expectation.table for expectation in expectations):
                of_table = [expectation for expectation in expectations if expectation.table == name]
                _check(context, asset.add_batch_definition_whole_dataframe(name), tables[name], of_table, parameters)
            context.build_data_docs(site_names=[_SITE])
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder / "index.html"


def _context(folder):
    """A context in memory that writes nothing but the pages, without buttons that explain Great Expectations."""
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())}
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": store,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    settings = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
        data_docs_sites={_SITE: site},
    )
    return gx.get_context(project_config=settings, mode="ephemeral")


def _check(context, batch, table, expectations, parameters):
    """Check one table, so that its results are among those that the pages show."""
    suite = context.suites.add(gx.ExpectationSuite(name=expectations[0].table))
    for expectation in expectations:
        suite.add_expectation(as_gx(expectation))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=suite.name, data=batch, suite=suite))
    checkpoint = context.checkpoints.add(gx.Checkpoint(name=suite.name, validation_definitions=[definition]))
    checkpoint.run(batch_parameters={"dataframe": table}, expectation_parameters=dict(parameters))
