"""Take outputs, counts and widgets' states out of notebooks: committed ones show no month's figures."""

import json
import sys
from pathlib import Path


def strip(notebook: dict) -> None:
    """Strip a notebook in place."""
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["metadata"].pop("execution", None)


def main(names: list[str]) -> None:
    for path in map(Path, names):
        before = path.read_text(encoding="utf-8")
        notebook = json.loads(before)
        strip(notebook)
        after = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        if json.loads(before) != notebook:
            path.write_text(after, encoding="utf-8", newline="\n")
            print(f"{path}: outputs taken out")


if __name__ == "__main__":
    main(sys.argv[1:])
