"""The reader of workbooks' values; for .xls in a process of its own, which a damaged file may stop.

Run as a script, it reads a workbook from its input and writes its sheets as JSON. It imports nothing of the package.
"""

import io
import json
import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta

MEMORY = 2_000_000_000
"""Bytes that the process may take, where the system can hold it to that."""
SECONDS = 120


def read_values(content) -> list[tuple[str, bool, list[list]]]:
    """Each worksheet's name, whether it is visible, and its cells from A1 on. Raises whatever the reader raises."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(content)
    sheets = []
    for data in workbook.sheets_metadata:
        if data.typ == SheetTypeEnum.WorkSheet:
            visible = data.visible == SheetVisibleEnum.Visible
            rows = workbook.get_sheet_by_name(data.name).to_python(skip_empty_area=False) if visible else []
            sheets.append((data.name, visible, rows))
    return sheets


def read_values_apart(raw: bytes) -> list[tuple[str, bool, list[list]]]:
    """The same in another process. Raises ``ValueError`` where that one fails, in whatever way."""
    command = [sys.executable, "-P", __file__]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError("it cannot be read in good time") from None
    if done.returncode:
        raise ValueError("its records contradict each other")
    return json.loads(done.stdout, object_hook=_from_json)


def _as_json(value):
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    return {type(value).__name__: value.isoformat()}


def _from_json(value):
    ((kind, text),) = value.items()
    if kind == "timedelta":
        return timedelta(seconds=text)
    return {"date": date, "datetime": datetime, "time": time}[kind].fromisoformat(text)


def main() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sheets = read_values(io.BytesIO(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(json.dumps(sheets, default=_as_json).encode())


if __name__ == "__main__":
    main()
