"""Annexes: the optional parts of the library, each a package with one door, and here its one line.

A door is an annex's ``__init__``. Its ``OPENS`` names what the annex brings, each as ``"module:name"``, so that
nothing is loaded before it is asked for. The core (front door, rules, book, checks, report, run) knows no annex by
name but here; an annex whose folder is taken away is gone, and the rest works without it.

===============  =====================================================================================================
``reads``        ``read(reader, month, settings)`` gives what ``book.annexes`` keeps under the annex's name, and adds
                 the cells that could not be read to ``reader.problems``
``computes``     a module with three functions: ``codes(book)`` are the indicators whose figures it computes,
                 ``compute(book, values)`` gives the figures that stand with them, and ``follows(book, changed)`` adds
                 to pairs of code and month those whose figures follow from them
``checks``       a module beside the folder ``suites``, with two functions: ``frames(book, scorecard, history)`` makes
                 the batches of the suites, ``parameters(book)`` what their ``$names`` stand for
``states``       ``states(book)`` gives by code the state of comments of which it knows: APPROVED, or CHANGED since then
``approves``     ``record(workspace, month, what, seen, role, day)`` keeps that what was seen of indicators was approved
``section``      ``section(report)`` gives the blocks of the report's section of the annex's name
``notes``        ``notes(report)`` gives sentences for the cover
``card``         ``card(report, row)`` gives blocks for an indicator's card by their part of it: comment or more
``glance``       ``glance(report, row)`` gives what is done about an exception, for the first screen, or nothing
``beside``       ``beside(report, row)`` gives blocks that stand beside the desk's editor
``asked``        ``asked(report, committee)`` gives blocks for the cover of a committee's edition
``asks``         ``asks(book)`` gives by officer the text of a mail with what members may ask, before a meeting
``acts``         ``acts(book)`` gives the codes of indicators for which what is done is recorded beside their comments
``publishes``    ``write(book, scorecard, history, points, generated, folder)`` puts more files into a set
``files``        the names of those files, or ``files(book)`` gives them
``sheets``       ``sheets(book, scorecard)`` gives the workbook more sheets by name: a line that says what they hold,
                 their headings and rows of texts
``private``      paths of its files in a workspace, which the public edition leaves out unless ``public: also`` names it
``edition``      ``make(workspace, month, target)`` copies a workspace to make a month's other edition from, and gives
                 it with a function that refuses a folder which tells what the copy leaves out
``guards``       ``refuse(workspace, texts)`` refuses files of the public archive that tell what is withheld
``committees``   ``committee_editions(book, asked)`` gives by name the committees' editions of a month's set: a folder
                 in it, and what makes a document of the executed notebook, its document and quality
``explains``     ``explain(book)`` gives what a set's manifest says under the annex's name, or nothing
``forms``        ``form(book)`` gives by its file's name what makes another form of a report: of a document its bytes
``stores``       ``opened(url)`` is a workspace in a store, like ``run.console.Here``, or by ``sets()`` one of sets
``seals``        ``sign(folder)`` puts a signature beside a finished set's manifest
``announces``    ``announce(workspace, ended, public)`` tells how runs ended, and gives what went wrong in telling it
``chased``       ``chased(book, today)`` gives by officer a mail's subject and text with all that they owe, and whether
                 a figure is among it
``templates``    ``templates(workspace, month, names)`` gives by officer the name and bytes of their return workbook
``sends``        ``send(workspace, mail, day, letters)`` sends each mail once, and gives what became of each
``waits``        ``waits(book, today)`` gives what else a month waits for, as a list of ``rules.owed.Waiting``
``many``         ``beside(make, months, jobs, tell)`` gives how several months' runs ended, each in a process of its own
``warm``         ``Warm()`` is a process with everything imported, which does each piece of work in a fork of itself
``begins``       ``begins(month)`` gives texts by path that a new workspace begins with
``commands``     ``register(app)`` adds its commands to ``mpr``
===============  =====================================================================================================
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

ANNEXES = ("intake", "owed", "desk", "finance", "meetings", "records", "computed", "open_data", "public",
           "committees", "word", "site", "notify", "start", "seal", "trace", "approvals", "actions",
           "many", "fleet")  # fmt: skip


def brought(what: str) -> dict[str, Any]:
    """What the annexes that are there bring under one name of the table above, by annex."""
    named = {name: door.OPENS[what] for name, door in _doors().items() if what in getattr(door, "OPENS", {})}
    return {name: _resolved(*path.split(":")) for name, path in named.items()}


@cache
def _doors():
    """Looked for once: a card asks for each indicator."""
    return {name: import_module(f"mpr_lib.{name}") for name in ANNEXES if find_spec(f"mpr_lib.{name}")}


def _resolved(module: str, name: str = ""):
    found = import_module(module)
    return getattr(found, name) if name else found
