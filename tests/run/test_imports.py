"""Packages that load in part, as they are used: nothing changes for those who use them."""

import subprocess
import sys

import pytest


def said(code, *given):
    """What a new Python prints that runs the code in the repository."""
    code = f"import sys\nfrom mpr_lib.run.execution import import_when_used\n{code}"
    run = subprocess.run([sys.executable, "-c", code, *given], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_what_a_package_takes_from_its_modules_loads_when_it_is_asked_for():
    code = (
        "import_when_used('xml.sax'); import_when_used('no_such_package.part')\n"
        "from xml import sax\n"
        "print('xml.sax.handler' in sys.modules)\n"
        "from xml.sax import ContentHandler; print(ContentHandler.__module__)\n"
        "print(sax.parseString(b'<a/>', ContentHandler()), sax.SAXException.__name__, hasattr(sax, 'nothing'))\n"
    )
    assert said(code) == ["False", "xml.sax.handler", "None SAXException False"]


def test_a_part_of_a_package_put_off_and_whoever_looks_for_it_find_what_they_would():
    code = (
        "import importlib.util\n"
        "import_when_used('xml.sax')\n"
        "print(importlib.util.find_spec('xml.sax').name, 'xml.sax.xmlreader' in sys.modules)\n"
        "import xml.sax.saxutils as part\n"
        "print(part.escape('<'), part.XMLGenerator.__mro__[1].__name__)\n"
    )
    assert said(code) == ["xml.sax False", "&lt; ContentHandler"]


@pytest.mark.slow
def test_the_checks_load_what_they_use_and_an_expectation_of_a_workspace_when_it_is_named():
    code = (
        "from mpr_lib.run.month import load_checks\n"
        "load_checks()\n"
        "core = 'great_expectations.expectations.core.expect_column_'\n"
        "unused = 'scipy.stats._stats_py', 'altair', f'{core}mean_to_be_between', f'{core}to_exist'\n"
        "print([name in sys.modules for name in (*unused, 'great_expectations.datasource.fluent.spark_datasource')])\n"
        "import scipy.stats, great_expectations as gx\n"
        "from great_expectations.datasource.fluent import SparkDatasource\n"
        "print(SparkDatasource.__name__, hasattr(gx.expectations, 'ExpectMiracles'))\n"
        "names = [name for name in gx.expectations._taken if name.startswith('Expect')]\n"
        "print(all(getattr(gx.expectations, name).__name__ == name for name in names), len(names) > 40)\n"
        "print(scipy.stats.kstest([0.5], 'uniform').pvalue)\n"
    )
    assert said(code) == [str([False] * 5), "SparkDatasource False", "True True", "1.0"]


@pytest.mark.slow
def test_an_expectation_that_was_put_off_checks_as_it_does_elsewhere():
    code = (
        "import pandas as pd\n"
        "from mpr_lib.checks import load_engine\n"
        "from mpr_lib.checks.suites import entry\n"
        "from mpr_lib.run.month import load_checks\n"
        "load_checks()\n"
        "mean = {'name': 'mean', 'expect': 'ExpectColumnMeanToBeBetween', 'column': 'number', 'max_value': 2}\n"
        "regex = {'name': 'regex', 'expect': 'ExpectColumnValuesToMatchRegex', 'column': 'text', 'regex': '^a'}\n"
        "of = dict(severity='warning', characteristic='validity', means='m', found='f', do='d')\n"
        "entries = [entry({**each, **of}, 'returns', 'returns.yml') for each in (mean, regex)]\n"
        "frame = pd.DataFrame({'number': [1.0, 5.0], 'text': ['ab', 'b']})\n"
        "for each in load_engine().Month('2018-05', {'returns': frame}, entries, {}).verdicts('returns'):\n"
        "    print(each.failing, each.error, each.as_a_whole)\n"
    )
    assert said(code) == ["[]  True", "[1]  False"]
