"""How `make lab` starts JupyterLab: it asks nothing of the network, and notebooks are saved without their outputs."""

import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1]
NOTEBOOKS = TOOLS.parent / "notebooks"
sys.path.insert(0, str(TOOLS))

from strip import strip  # noqa: E402 -- found only now

c = get_config()  # noqa: F821 -- JupyterLab gives it

# No looking for newer versions, no catalogue of extensions; news are off in labconfig/page_config.json.
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"


def without_outputs(model, path, contents_manager, **kwargs):
    """Take outputs out of the project's own notebooks as they are saved: what is on the screen stays there."""
    inside = Path(contents_manager.root_dir, path).resolve().parent == NOTEBOOKS
    if inside and model["type"] == "notebook" and model["content"]["nbformat"] == 4:
        strip(model["content"])


c.ContentsManager.pre_save_hook = without_outputs
