"""%%commentary: a cell saved as a comment, shown with its hints, and never over what the notebook has not seen."""

import pytest

pytest.importorskip("IPython")

from IPython.core.error import UsageError
from IPython.testing.globalipapp import start_ipython

FILE = "data/commentary/2018-05/cp-5-4.md"


@pytest.fixture
def shell(place, monkeypatch):
    shell = start_ipython() or __import__("IPython").get_ipython()
    shell.run_line_magic("reload_ext", "mpr_lib.desk")
    shell.user_ns.update(workspace=str(place), month="2018-05")
    shown = []
    monkeypatch.setattr("mpr_lib.desk.notebook.display", lambda html: shown.append(html.data))
    shell.shown = shown
    return shell


def test_a_comment_is_brought_into_a_cell_and_saved_from_it(shell, place):
    brought = []
    shell.set_next_input = brought.append
    shell.run_line_magic("commentary", "CP 5.4")
    assert brought[0].startswith("%%commentary CP 5.4\nThe council did not achieve")
    shell.run_cell_magic("commentary", "CP 5.4", "Sickness is **1.91** days.\n")
    assert (place / FILE).read_text() == "---\nstate: draft\n---\nSickness is **1.91** days.\n"
    assert "<strong>1.91</strong>" in shell.shown[-1]
    assert "1.91 is not a figure of CP 5.4" in shell.shown[-1]
    shell.run_cell_magic("commentary", 'CP 5.4 --approve --role "Head of HR"', "Sickness is 1.19 days.")
    assert "role: Head of HR" in (place / FILE).read_text()


def test_a_cell_never_replaces_what_the_notebook_has_not_seen(shell, place):
    before = (place / FILE).read_text()
    shell.run_cell_magic("commentary", "CP 5.4", "Mine.")
    assert (place / FILE).read_text() == before
    assert "Nothing was overwritten" in shell.shown[-1]
    option = shell.shown[-1].split("%%commentary CP 5.4 ")[1].split("</code>")[0]
    shell.run_cell_magic("commentary", f"CP 5.4 {option}", "Mine.")
    assert (place / FILE).read_text() == "---\nstate: draft\n---\nMine.\n"


def test_a_new_comment_needs_nothing_else(shell, place):
    shell.run_cell_magic("commentary", "CP 3.6", "Visits are counted late.")
    assert (place / "data/commentary/2018-05/cp-3-6.md").read_text().endswith("Visits are counted late.\n")


def test_what_is_refused_is_a_message(shell):
    with pytest.raises(UsageError, match="There is no indicator 'CP 99'"):
        shell.run_cell_magic("commentary", "CP 99", "Words.")


def test_a_front_end_without_the_widget_has_the_table_and_the_cells(place):
    """The desk's own notebook as nbclient runs it, where anywidget cannot be imported."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(place / "notebooks/commentary.ipynb", 4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import sys; sys.modules['anywidget'] = None"))
    saved = '%%commentary CP 5.4 --approve --role "Head of HR"\nSickness is 1.19 days.'
    notebook.cells += map(nbformat.v4.new_code_cell, ["%commentary CP 5.4", saved, "%commentary"])
    NotebookClient(notebook, resources={"metadata": {"path": str(place / "notebooks")}}).execute()
    *_, desk, _, brought, saving, after = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    assert "write in a cell" in desk[0].text
    lines = [shown.data["text/html"].split("<th>CP 5.4</th>")[1].split("</tr>")[0] for shown in (desk[1], after[0])]
    assert ["Draft" in lines[0], "Approved" in lines[1]] == [True, True]
    assert "Sickness is 1.19 days." in saving[0].data["text/html"]
    assert brought == []
    assert "role: Head of HR" in (place / FILE).read_text()
