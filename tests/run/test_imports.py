"""Modules that load when they are used: nothing changes for those who use them."""

import subprocess
import sys


def test_a_module_put_off_loads_with_its_first_name():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from mpr_lib.run.execution import import_when_used\n"
        "import_when_used('xml.dom.minidom'); import_when_used('no_such_module')\n"
        "from xml.dom import minidom\n"
        "print('xml.dom.minicompat' in sys.modules)\n"
        "print(minidom.parseString('<a/>').documentElement.tagName, 'xml.dom.minicompat' in sys.modules)\n"
        "from xml.dom.minidom import Document; print(Document.__name__)\n"
    )
    run = subprocess.run([sys.executable, "-c", code, "."], capture_output=True, text=True, check=False)
    assert run.stdout.split() == ["False", "a", "True", "Document"], run.stderr


def test_a_part_of_a_module_put_off_and_whoever_looks_for_it_find_what_they_would():
    code = (
        "import importlib.util, sys; sys.path.insert(0, sys.argv[1])\n"
        "from mpr_lib.run.execution import import_when_used\n"
        "import_when_used('xml.dom')\n"
        "print(importlib.util.find_spec('xml.dom').name, 'xml.dom.domreg' in sys.modules)\n"
        "import xml.dom.minidom as part\n"
        "from xml.dom import Node\n"
        "print(part.parseString('<a/>').documentElement.nodeType == Node.ELEMENT_NODE)\n"
    )
    run = subprocess.run([sys.executable, "-c", code, "."], capture_output=True, text=True, check=False)
    assert run.stdout.split() == ["xml.dom", "False", "True"], run.stderr
