"""Harms: what happens to the files of a workspace, each done by chance to one of those that nothing was done to yet.

A harm takes the workspace's root, the names of those files and ``chance``, and says what it did, or nothing where it
does not fit.
"""

import json
import os
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from campaigns.mutations import Rows, read_csv
from mpr_lib.files import csv_text


@dataclass
class Harm:
    """What was done, the names by which people know to what, and to which row, if it is about one."""

    kind: str
    names: tuple[str, ...]
    row: int = 0


def harmed(root: Path, chance: random.Random) -> list[Harm]:
    """Do one to three things to different files of a workspace."""
    harms: list[Harm] = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        paths = [path for folder in ("data", "params", "notebooks") for path in sorted((root / folder).rglob("*"))]
        done = {name for harm in harms for name in harm.names}
        files = [name for path in paths if _is_plain(path) and (name := path.relative_to(root).as_posix()) not in done]
        found = None
        while not found:
            found = chance.choice(KINDS)(root, files, chance)
        harms.append(found)
    return harms


def _is_plain(path):
    return path.is_file() and not path.is_symlink()


# The bytes of any file.


def _truncated(raw, chance):
    """Cut off before a row or line, or within the first cell of one: a figure cut off is another figure."""
    starts = [place.end() for place in re.finditer(rb"\n(?=.)", raw)]
    return raw[: chance.choice(starts) + chance.choice((0, 1))] if starts else raw[:1]


def _conflict(raw, chance):
    lines = raw.splitlines(keepends=True)
    at = chance.randint(0, max(len(lines) - 1, 0))
    mine, theirs = b"".join(lines[at : at + 1]), b"".join(lines[at : at + 1]).replace(b"3", b"4")
    middle = [b"<<<<<<< HEAD\n", mine, b"=======\n", theirs, b">>>>>>> other\n"]
    return b"".join([*lines[:at], *middle, *lines[at + 1 :]])


BYTES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "emptied": lambda raw, chance: chance.choice((b"", b"\n", b"  \r\n")),
    "truncated": _truncated,
    "doubled": lambda raw, chance: raw + raw,
    "UTF-16": lambda raw, chance: raw.decode().encode("utf-16"),
    "Windows-1252": lambda raw, chance: raw.decode().replace("e", "é").encode("cp1252", "replace"),
    "conflict markers": _conflict,
    "null bytes": lambda raw, chance: raw + b"\x00" * chance.choice((1, 5000)),
    "a picture": lambda raw, chance: b"\x89PNG\r\n\x1a\n" + chance.randbytes(2000),
    "other line ends": lambda raw, chance: raw.replace(b"\n", b"\r\n"),
    "byte order mark": lambda raw, chance: b"\xef\xbb\xbf" + raw,
}


def _of_bytes(root, files, chance):
    kind, path = chance.choice([*BYTES]), root / chance.choice(files)
    if path.suffix == ".md" and kind in ("truncated", "doubled"):
        return None  # What somebody could have written.
    path.write_bytes(BYTES[kind](path.read_bytes(), chance))
    return _harm(kind, root, path)


# The rows of a table. Each changes them and returns the number of the row it is about, or 0.


def _column(rows, chance):
    return chance.randrange(len(rows[0]))


def _removed_column(rows, chance):
    column = _column(rows, chance)
    for row in rows:
        del row[column : column + 1]
    return 0


def _renamed_column(rows, chance):
    column = _column(rows, chance)
    rows[0][column] = chance.choice((rows[0][column][:-1], rows[0][column] + "s", f"{rows[0][column]} 2", ""))
    return 0


def _swapped_columns(rows, chance):
    one, other = _column(rows, chance), _column(rows, chance)
    for row in rows:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]
    return 0


def _swapped_headings(rows, chance):
    other = rows[0].index("month") if "month" in rows[0] else 1
    rows[0][0], rows[0][other] = rows[0][other], rows[0][0]
    return 0


def _doubled_column(rows, chance):
    column = _column(rows, chance)
    for row in rows:
        row += row[column : column + 1]
    return 0


def _row(rows, chance):
    return chance.randrange(1, len(rows))


def _doubled_row(rows, chance):
    at = _row(rows, chance)
    rows.append([*rows[at]])
    return len(rows)


def _foreign_row(rows, chance):
    rows.append(["Potholes mended", "SAFE", "MAXIMISE", "95%"][: len(rows[0])])
    return len(rows)


def _moved_cells(rows, chance):
    at = _row(rows, chance)
    rows[at] = ["", *rows[at]]
    return 0 if rows[at][-1] else at + 1


def _other_code(rows, chance):
    if rows[0][0] != "indicator_code":
        return None
    at = _row(rows, chance)
    rows[at][0] = chance.choice(("3.1\u200b", "3,1", "0.3.1", "3.l", "\uff13.1", "3.1 and 3.10", "", "x" * 100_000))
    return at + 1


def _unreadable_month(rows, chance):
    if "month" not in rows[0]:
        return None
    at = _row(rows, chance)
    rows[at][rows[0].index("month")] = chance.choice(("2018-13", "May", "05/18/2018", "31.2.2018", "=B3", "last month"))
    return at + 1


def _figure(rows, chance, texts):
    columns = [place for place, name in enumerate(rows[0]) if re.fullmatch("value|.*_low|.*_high|tolerance", name)]
    at = _row(rows, chance)
    if not columns or len(rows[at]) <= columns[-1]:
        return None
    rows[at][chance.choice(columns)] = chance.choice(texts)
    return at + 1


def _unreadable_figure(rows, chance):
    return _figure(rows, chance, ("5S0", "=1+1", "12..5", "95% or so", "£", "1,2,3", "ten", "0x1F", "1e400", "9" * 50))


def _huge_figure(rows, chance):
    return _figure(rows, chance, ("9" * 400, "nine " * 50_000, "1" + "0" * 200_000))


def _other_months(rows, chance):
    """Every row of a return under the month after it."""
    if rows[0][:3] != ["indicator_code", "month", "value"]:
        return None
    for row in rows[1:]:
        row[1] = "2018-06"
    return 0


def _thousands(rows, chance):
    new = chance.choice((rows[_row(rows, chance)], [f"X {chance.random()}", "2018-05", "1", ""][: len(rows[0])]))
    rows += [[*new] for _ in range(chance.choice((2000, 10_000)))]
    return 0


def _wide(rows, chance):
    rows[_row(rows, chance)].extend(["x"] * chance.choice((1, 3000)))
    return 0


ROWS: dict[str, Callable[[Rows, random.Random], int | None]] = {
    "column removed": _removed_column,
    "column renamed": _renamed_column,
    "columns swapped": _swapped_columns,
    "headings swapped": _swapped_headings,
    "column doubled": _doubled_column,
    "row doubled": _doubled_row,
    "row of another file": _foreign_row,
    "cells moved": _moved_cells,
    "other code": _other_code,
    "unreadable month": _unreadable_month,
    "unreadable figure": _unreadable_figure,
    "huge figure": _huge_figure,
    "another month's figures": _other_months,
    "thousands of rows": _thousands,
    "cells beyond the headings": _wide,
}


def _of_rows(root, files, chance):
    path = root / chance.choice([name for name in files if name.endswith(".csv")] or files)
    rows = read_csv(path.read_text(encoding="utf-8-sig", errors="replace")) if path.suffix == ".csv" else []
    kind = chance.choice([*ROWS])
    if len(rows) < 2 or len(rows[0]) < 2 or not all(rows) or (row := ROWS[kind](rows, chance)) is None:
        return None
    path.write_text(csv_text(rows), encoding="utf-8")
    return _harm(kind, root, path, row)


def _quotes(root, files, chance):
    path = root / chance.choice(files)
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix != ".csv" or "," not in text:
        return None
    at = chance.choice([place.end() for place in re.finditer(",|\n", text)])
    path.write_text(f'{text[:at]}"{text[at:]}', encoding="utf-8")
    return _harm("quotes unbalanced", root, path)


# Where a file is, and what stands in its place.


def _renamed(root, files, chance):
    path = root / chance.choice(files)
    name = chance.choice(
        (path.name.upper(), path.name.capitalize(), f"{path.stem} (1){path.suffix}", f"{path.name}.txt")
    )
    if (path.parent / name).exists():
        return None
    path.rename(path.parent / name)
    return _harm("renamed", root, path, beside=name)


def _moved(root, files, chance):
    path = root / chance.choice(files)
    (path.parent / "old").mkdir(exist_ok=True)
    path.rename(path.parent / "old" / path.name)
    return _harm("moved into a folder", root, path, beside=f"old/{path.name}")


def _replaced(root, files, chance):
    path = root / chance.choice(files)
    path.rename(root / "elsewhere")
    kind, make = chance.choice([*PLACES.items()])
    make(path)
    return _harm(f"replaced by {kind}", root, path)


PLACES: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link out": lambda path: path.symlink_to("/etc/passwd"),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a dead link": lambda path: path.symlink_to("gone"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "nothing": lambda path: None,
}


def _forbidden(root, files, chance):
    if os.geteuid() == 0:
        return None
    path = root / chance.choice(files)
    path.chmod(0)
    return _harm("made unreadable", root, path)


def _added(root, files, chance):
    name = chance.choice(
        ("2018-05 (1).csv", "2018-5.csv", "2018-13.csv", "May.csv", "~$2018-05.csv", "2018-05.v1.1.csv")
    )
    path = root / "data/returns" / name
    shutil.copy(root / "data/returns/2018-05.csv", path) if _is_plain(
        root / "data/returns/2018-05.csv"
    ) else path.touch()
    return _harm("copy added", root, path)


# Settings and notebooks.

WRONG = (
    "[]",
    "{}",
    "[1, [2]]",
    "{a: b}",
    "null",
    "5",
    "2018-12-25",
    "1.0e+999",
    "[",
    "'",
    "*x",
    "!!python/name:os.system",
    "&a [*a]",
    "",
)
TEXTS = (
    "council: Other\n", "unknown_key: 1\n", "\tkey: 1\n", "---\na: 1\n", "<<: *nothing\n", "? [a, b]\n: 1\n",
    "notes: " + "[" * 3000 + "]" * 3000 + "\n", "just words\n", "notes: &a [&b [*b, *b], *b]\n", "@: `\n",
    "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)),
)  # fmt: skip


def _settings(root, files, chance):
    names = [name for name in files if name.endswith(".yml")]
    if not names:
        return None
    path = root / chance.choice(names)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    keys = [place for place, line in enumerate(lines) if re.match(r"\w+: ?\S*", line)]
    if keys and chance.random() < 0.6:
        at = chance.choice(keys)
        kind = lines[at] = f"{lines[at].partition(':')[0]}: {chance.choice(WRONG)}"
        text = "\n".join(lines) + "\n"
    else:
        kind, text = "odd YAML", "\n".join(lines) + "\n" + chance.choice(TEXTS)
    path.write_text(text, encoding="utf-8")
    return _harm(kind, root, path)


def _notebook(root, files, chance):
    """Something in a notebook is of another type than before."""
    path = root / "notebooks/monthly_report.ipynb"
    if path.relative_to(root).as_posix() not in files:
        return None
    notebook = json.loads(path.read_text(encoding="utf-8"))
    place, key = notebook, chance.choice([*notebook])
    while isinstance(place[key], dict | list) and place[key] and chance.random() < 0.75:
        place = place[key]
        key = chance.choice([*(place if isinstance(place, dict) else range(len(place)))])
    others = (None, 5, [], {}, True, [[]], -1, "x" * 10)
    place[key] = chance.choice([other for other in others if type(other) is not type(place[key])])
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return _harm("malformed notebook", root, path)


def _outputs(root, files, chance):
    outputs = root / "outputs"
    path = chance.choice(
        (outputs, outputs / "2018-05", outputs / "2018-05/manifest.json", outputs / ".months", outputs / ".log")
    )
    if path != outputs and not (root / "outputs/2018-05").is_dir():
        return None
    kind = chance.choice([*PLACES, "a text", "deep JSON"])
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if kind in PLACES:
        PLACES[kind](path)
    else:
        path.write_text("words" if kind == "a text" else "[" * 100_000)
    return Harm(f"replaced by {kind}", (path.relative_to(root).as_posix(), "outputs"))


KINDS: tuple[Callable[[Path, list[str], random.Random], Harm | None], ...] = (
    *(_of_bytes,) * 6, *(_of_rows,) * 10, _quotes, _renamed, _renamed, _moved, *(_replaced,) * 3, _forbidden, _added,
    *(_settings,) * 3, *(_notebook,) * 2, _outputs,
)  # fmt: skip


def _harm(kind, root, path, row=0, beside=""):
    name = path.relative_to(root).as_posix()
    return Harm(kind, (name, *([name.replace(path.name, beside)] if beside else [])), row)
