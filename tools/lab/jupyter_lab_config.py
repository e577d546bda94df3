"""How `make lab` starts JupyterLab: it asks nothing of the network, and notebooks are saved without their outputs."""

from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

c = get_config()  # noqa: F821 -- JupyterLab gives it

# No news, no looking for newer versions, no catalogue of extensions.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"


def without_outputs(model, path, contents_manager, **kwargs):
    """Take outputs out of the project's own notebooks as they are saved: what is on the screen stays there."""
    inside = Path(contents_manager.root_dir, path).resolve().parent == NOTEBOOKS
    if not inside or model["type"] != "notebook" or model["content"]["nbformat"] != 4:
        return
    model["content"]["metadata"].pop("widgets", None)
    for cell in model["content"]["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["metadata"].pop("execution", None)


c.ContentsManager.pre_save_hook = without_outputs
