"""Failures: where the traceback of a run that failed is kept, for those who mend it. Never in what is published."""

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


def _file(outputs: Path, month: str) -> Path:
    return outputs / ".log" / f"{month}-failed.log"
