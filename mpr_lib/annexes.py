"""Annexes: the optional parts of the library, each a package with one door, and here its one line.

A door is an annex's ``__init__``. Its ``OPENS`` names what the annex brings, each as ``"module:name"``, so that
nothing is loaded before it is asked for. What stands above knows no annex by
name; an annex whose folder is taken away is gone.

===============  =====================================================================================================
``commands``     ``register(app)`` adds its commands to ``mpr``
``section``      ``section(report)`` gives the blocks of the report's section of that name
``checks``       a module with ``SUITES`` (YAML files) and ``frames(book, scorecard, history)``, one for each suite
``reads``        ``read(reader, month, settings)`` gives what the book keeps under the annex's name, and its problems
``publishes``    ``write(book, scorecard, history, generated, folder)`` puts more files into a month's set
``edition``      another edition of a month (``mpr_lib.run.month``)
``announces``    ``announce(...)`` tells whoever wants to know how a run ended
===============  =====================================================================================================
"""

from importlib import import_module
from importlib.util import find_spec

ANNEXES = ("intake", "owed", "desk", "finance", "open_data", "public", "site", "notify", "start")


def brought(what: str) -> dict[str, object]:
    """What the annexes that are there bring under one name of the table above, by annex."""
    doors = {name: import_module(f"mpr_lib.{name}") for name in ANNEXES if find_spec(f"mpr_lib.{name}")}
    named = {name: door.OPENS[what] for name, door in doors.items() if what in getattr(door, "OPENS", {})}
    return {name: _resolved(*path.split(":")) for name, path in named.items()}


def _resolved(module: str, name: str = ""):
    found = import_module(module)
    return getattr(found, name) if name else found
