"""Folders: writing the files of a new workspace, where nothing can be lost by it."""

from pathlib import Path

from mpr_lib.errors import InputError

IGNORED = {".git", ".gitignore", ".DS_Store"}
"""What a folder may hold and still count as empty: a repository that was just made."""


def refuse_filled(folder: Path) -> None:
    """Raise ``InputError`` unless a workspace can be made in a folder: a new one, or one that is empty."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file. Name a new or an empty folder.")
    found = sorted(path.name for path in folder.iterdir() if path.name not in IGNORED) if folder.exists() else []
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise InputError(
            f"{folder} is not empty: it holds {', '.join(found[:3])}{more}. Nothing was written. "
            "Name a new or an empty folder."
        )


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write texts by their paths below the folder, as UTF-8; raises ``InputError`` if it cannot."""
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
