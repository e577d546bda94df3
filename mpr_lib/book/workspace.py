"""Workspace: the folder that holds one council's data, and the one place that knows where things lie in it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mpr_lib.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Workspace:
    """Any folder with ``data/`` and ``params/``, and its own ``notebooks/`` if it wants them."""

    root: Path = field(default=REPOSITORY)

    def __post_init__(self):
        object.__setattr__(self, "root", Path(self.root))
        if not (self.root / "data").is_dir() or not (self.root / "params").is_dir():
            raise InputError(
                f"{self.root} is not a workspace: it needs the folders data and params. "
                "Name the right folder with --workspace."
            )

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def params(self) -> Path:
        return self.root / "params"

    @property
    def outputs(self) -> Path:
        return self.root / "outputs"

    @property
    def returns_folder(self) -> Path:
        return self.data / "returns"

    @property
    def report_settings(self) -> Path:
        return self.params / "report.yml"

    def month_settings(self, month: "pd.Period") -> Path:
        return self.params / f"{month}.yml"

    def return_file(self, month: "pd.Period") -> Path:
        return self.returns_folder / f"{month}.csv"

    def commentary_folder(self, month: "pd.Period") -> Path:
        return self.data / "commentary" / str(month)

    def finance_folder(self, month: "pd.Period") -> Path:
        return self.data / "finance" / str(month)

    def published(self, month: "pd.Period") -> Path:
        return self.outputs / str(month)

    def notebook(self, name: str) -> Path:
        """The workspace's own notebook of that name, or the one that comes with the package."""
        own = self.root / "notebooks" / f"{name}.ipynb"
        return own if own.is_file() else REPOSITORY / "notebooks" / f"{name}.ipynb"

    def relative(self, path: Path) -> str:
        """A path as messages and manifests name it: from the workspace, with forward slashes."""
        return Path(path).relative_to(self.root).as_posix()
