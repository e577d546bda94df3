"""Failures: where the traceback of a run that failed is kept, for those who mend it. Never in what is published."""

from contextlib import suppress
from pathlib import Path


def record_failure(outputs: Path, month: str, text: str) -> Path:
    """Keep the text of a failure beside the months; return the file's path."""
    path = _file(outputs, month)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip() + "\n", encoding="utf-8", newline="\n")
    return path


def forget_failure(outputs: Path, month: str) -> None:
    """Remove what an earlier run left: this one went well."""
    _file(outputs, month).unlink(missing_ok=True)


def unexpected(error: Exception, traceback: str, workspace: Path, month: str) -> str:
    """The message for a fault of the program itself, whose traceback is kept."""
    where = "It could not be written to a log."
    with suppress(OSError):
        log = record_failure(workspace / "outputs", month, traceback)
        where = f"The traceback is in {near(log)}."
    return f"A fault in this program, not in your data: {type(error).__name__}: {error}. Nothing was published. {where}"


def near(path: Path) -> str:
    """A path as short as it can be typed from here."""
    with suppress(ValueError):
        return path.parent.resolve().relative_to(Path.cwd()).joinpath(path.name).as_posix()
    return str(path)


def _file(outputs: Path, month: str) -> Path:
    return outputs / ".log" / f"{month}-failed.log"
