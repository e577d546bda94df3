"""Mutations: what becomes of files on their way: bytes, lines and cells changed by chance; and our own CSV reading.

Each function takes what is there and ``chance``, and returns it changed. Nothing here knows the library.
"""

import random
from collections.abc import Callable

Rows = list[list[str]]

ODD = (
    "\u200b", "\u00a0", "\u202e", "\ufeff", "\u00ad", "\u0301", "\u2212", "\u2013", "\uff15", "\u0665", "\u00b2",
    "\u2028", "\x85", "\x0b", "\x1b[2J", "\U0001f600", "\u0421", "\x07",
)  # fmt: skip
"""Characters that look like others, like nothing, or steer a screen."""
HUGE = (
    "9" * 15, "9" * 400, "1e308", "1E400", "-0", "0x1F", "1_000", "NaN", "inf", "1,23,456", "1.2.3", "00012",
    "1.0000000001", "-999999999999", "\u0663\u0664", "\u00bd", "1/2", "12:30", "2018-05-01", "£1.5bn", "5%%", "--5",
    "+-5", ".5", "5.", "1 544", "95% to 97%",
)  # fmt: skip
FORMULAS = ("=1+1", "=SUM(A1:A9)", "@SUM(1)", "+1+1", '=HYPERLINK("x")', "-2+3", "\t=1", "＝1", "#REF!", "#DIV/0!")
LINE_ENDS = (b"\r\n", b"\r", b"\n", b"\n\n", b"\r\r\n", b"\x0b", b"\xe2\x80\xa8")


def of_bytes(raw: bytes, chance: random.Random) -> bytes:
    """A file's bytes with one to three things done to them."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        raw = chance.choice(BYTES)(raw, chance)
    return raw


def of_rows(rows: Rows, chance: random.Random) -> Rows:
    """A table's rows, the headings first, with one to three things done to them."""
    rows = [[*row] for row in rows]
    for _ in range(chance.choice((1, 1, 2, 3))):
        if rows:
            rows = chance.choice(ROWS)(rows, chance)
    return rows


def written(rows: Rows, chance: random.Random) -> bytes:
    """Rows as a CSV file, mostly as the library wants it: UTF-8, commas, quotes where they are needed."""
    comma = chance.choice((",",) * 12 + (";", "\t", "|"))
    end = chance.choice(("\n",) * 6 + ("\r\n",) * 3 + ("\r",))
    always = chance.random() < 0.1
    lines = [comma.join(_quoted(cell, comma, always) for cell in row) for row in rows]
    text = end.join(lines) + end * (chance.random() < 0.9)
    encoding = chance.choice(("utf-8",) * 12 + ("utf-8-sig",) * 3 + ("cp1252", "utf-16"))
    return text.encode(encoding, "replace")


def _quoted(cell, comma, always):
    if always or any(letter in cell for letter in (comma, '"', "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def read_csv(text: str) -> Rows:
    """The cells of a CSV text, blank lines as empty rows: a reading of our own, letter by letter.

    >>> read_csv('a,"b, ""c"" "\\r\\n\\r\\n1,')
    [['a', 'b, "c" '], [], ['1', '']]
    """
    rows: Rows = []
    row: list[str] = []
    cell, quoted, begun, place = "", False, False, 0
    while place < len(text):
        letter = text[place]
        place += 1
        if quoted:
            if letter != '"':
                cell += letter
            elif text[place : place + 1] == '"':
                cell += '"'
                place += 1
            else:
                quoted = False
        elif letter == '"' and not begun:
            quoted = begun = True
        elif letter == ",":
            row.append(cell)
            cell, begun = "", False
        elif letter in "\r\n":
            place += letter == "\r" and text[place : place + 1] == "\n"
            rows.append([*row, cell] if row or begun or cell else [])
            row, cell, begun = [], "", False
        else:
            cell += letter
            begun = True
    if row or cell or begun:
        rows.append([*row, cell])
    return rows


def _place(things, chance):
    return chance.randrange(len(things)) if things else 0


def _flip(raw, chance):
    found = bytearray(raw)
    for _ in range(chance.choice((1, 1, 3, 20)) if found else 0):
        found[_place(found, chance)] ^= 1 << chance.randrange(8)
    return bytes(found)


def _random_byte(raw, chance):
    at = _place(raw, chance)
    return raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]


def _cut_off(raw, chance):
    return raw[: _place(raw, chance)]


def _cut_out(raw, chance):
    first, last = sorted((_place(raw, chance), _place(raw, chance)))
    return raw[:first] + raw[last:]


def _repeated(raw, chance):
    first, last = sorted((_place(raw, chance), _place(raw, chance)))
    return raw[:last] + raw[first : first + 2000] + raw[last:]


def _emptied(raw, chance):
    return chance.choice((b"", b"\n", b"\xef\xbb\xbf", b" \t\r\n", b"\x00"))


def _inserted(raw, chance):
    at = _place(raw, chance)
    text = chance.choice((*ODD, *HUGE, *FORMULAS, '"', ",", "\x00", "\n", ";", "---\n", "&a", "*a", "!!x ", "[" * 50))
    return raw[:at] + text.encode() + raw[at:]


def _marked(raw, chance):
    mark = chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf\xef\xbb\xbf"))
    return mark + raw


def _other_line_ends(raw, chance):
    lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    ends = [chance.choice(LINE_ENDS) if chance.random() < 0.5 else b"\n" for _ in lines]
    return b"".join(line + end for line, end in zip(lines, ends, strict=True))


def _encoded(raw, chance):
    return raw.decode("utf-8", "replace").encode(chance.choice(("utf-16", "utf-16-le", "cp1252", "utf-32")), "replace")


def _lines_mixed(raw, chance):
    lines = raw.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _random_byte, _cut_off, _cut_out, _repeated, _emptied, _inserted, _inserted, _inserted, _marked,
    _other_line_ends, _encoded, _lines_mixed,
)  # fmt: skip


def _cell(rows, chance, head=0.1):
    """A place of a cell; seldom one of the headings."""
    row = 0 if chance.random() < head or len(rows) == 1 else chance.randrange(1, len(rows))
    return row, _place(rows[row], chance)


def _with(rows, chance, change, head=0.1):
    row, column = _cell(rows, chance, head)
    if rows[row]:
        rows[row][column] = change(rows[row][column])
    return rows


def _swapped_cells(rows, chance):
    (row, column), (other, place) = _cell(rows, chance), _cell(rows, chance)
    if rows[row] and rows[other]:
        rows[row][column], rows[other][place] = rows[other][place], rows[row][column]
    return rows


def _swapped_columns(rows, chance):
    one, other = _place(rows[0], chance), _place(rows[0], chance)
    for row in rows if chance.random() < 0.5 else rows[:1]:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]
    return rows


def _doubled_row(rows, chance):
    rows.insert(_place(rows, chance) + 1, [*rows[_place(rows, chance)]])
    return rows


def _dropped_row(rows, chance):
    del rows[_place(rows, chance)]
    return rows


def _blank_row(rows, chance):
    rows.insert(_place(rows, chance), [""] * chance.choice((0, 1, 4)))
    return rows


def _huge(rows, chance):
    return _with(rows, chance, lambda cell: chance.choice(HUGE))


def _formula(rows, chance):
    return _with(rows, chance, lambda cell: chance.choice(FORMULAS))


def _odd(rows, chance):
    def change(cell):
        at = chance.randint(0, len(cell))
        return cell[:at] + chance.choice(ODD) + cell[at:]

    return _with(rows, chance, change, 0.25)


def _emptied_cell(rows, chance):
    return _with(rows, chance, lambda cell: "")


def _long(rows, chance):
    return _with(rows, chance, lambda cell: (cell or "x") * chance.choice((50, 3000)))


def _spaced(rows, chance):
    around = chance.choice((("", " "), (" ", ""), ("\t", ""), ("", "\n"), ("\u00a0", ""), ("'", "")))
    return _with(rows, chance, lambda cell: cell.join(around))


def _capitals(rows, chance):
    return _with(rows, chance, str.upper, 0.5)


def _wider(rows, chance):
    rows[_place(rows, chance)].append(chance.choice(("", "1", "x", "544")))
    return rows


def _narrower(rows, chance):
    row = rows[_place(rows, chance)]
    del row[_place(row, chance) :]
    return rows


def _digits(rows, chance):
    return _with(rows, chance, lambda cell: str(chance.randint(-10, 10**9) / chance.choice((1, 1, 10, 1000))), 0)


ROWS: tuple[Callable[[Rows, random.Random], Rows], ...] = (
    _swapped_cells, _swapped_cells, _swapped_columns, _doubled_row, _doubled_row, _dropped_row, _blank_row, _huge,
    _huge, _formula, _odd, _odd, _emptied_cell, _long, _spaced, _capitals, _wider, _narrower, _digits, _digits,
)  # fmt: skip
