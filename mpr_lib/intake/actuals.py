"""Actuals: which rows and columns of a table are actuals, and which are targets, other tables or other people's rows.

What is left is left by name: each reason is one remark.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import groupby, product

from mpr_lib.errors import InputError
from mpr_lib.intake.headings import NO_ACTUALS, Layout, Mapping, names_actuals, plain
from mpr_lib.intake.periods import Span, named_in
from mpr_lib.intake.spreadsheet import cell_name, column_letters
from mpr_lib.rules.rating import rating_named
from mpr_lib.rules.values import is_figure
from mpr_lib.words import joined


def actuals_of(layout: Layout, mapping: Mapping) -> tuple[Layout, list[str]]:
    """The layout with the rows to read: those of actuals, rows of headings and lines of text among them; and remarks.

    Raises ``InputError`` where headings stand again over indicators that stand above, and nothing says what these are,
    and where figures without a heading stand beside those to read.
    """
    found = _Sorted(layout, mapping)
    found.sort()
    found.refuse_nameless()
    return replace(layout, rows=tuple(found.rows)), found.remarks()


class _Sorted:
    """The rows of a sheet, each to be read or left out."""

    def __init__(self, layout, mapping):
        self.sheet, self.layout, self.mapping = layout.sheet, layout, mapping
        self.code = layout.columns["indicator_code"]
        self.figures = layout.figures
        self.keys = [self.code] + [layout.columns[role] for role in ("year", "month") if role in layout.columns]
        self.rows: list[int] = []
        self.years: dict[Span, int] = {}
        self.left: dict[str, list[int]] = defaultdict(list)
        self.others: dict[str, list[int]] = defaultdict(list)
        self.texts = {row: texts for row in layout.below if (texts := layout.sheet.texts(row))}
        self.filled = {row for row in self.texts if any(self.sheet.is_filled(row, column) for column in self.figures)}
        self.kinds = self._kinds()

    def sort(self):
        """Go through the rows. A title of others holds until one of actuals, over headings that stand again too."""
        title, part, above = self._first_title(), 0, {}
        for row, texts in self.texts.items():
            if self.mapping.role(texts.get(self.code, "")) == "indicator_code":
                part += 1
                (self.left[title] if title else self.rows).append(row)
                continue
            has_figures = row in self.filled
            said = self._says(texts, has_figures)
            if said is not None:
                title = "" if said else f"row {row + 1} says '{texts.get(self.code) or ' '.join(texts.values())}'"
                continue
            reason = title if has_figures or self.code in texts else ""
            other = self._passed_over(texts) if has_figures and not title else ""
            if other:
                self.others[other].append(row)
            elif reason or (has_figures and (reason := self._no_actual(row))):
                self.left[reason].append(row)
            else:
                self._refuse_again(row, part, above)
                self.rows.append(row)

    def _says(self, texts, has_figures) -> bool | None:
        """Whether a row is the title of a block of actuals (True) or of others (False); None for any other row.

        A title stands alone, or over the same months once more in the place of their heading for codes.
        """
        if has_figures:
            again = all(texts.get(at) == self.sheet.texts(self.layout.row).get(at) for at in self.figures)
            return names_actuals(texts.get(self.code, ""), self.mapping) if again else None
        if len(texts) > 2 or (len(texts) == 2 and self.code not in texts):
            return None
        return names_actuals(next(iter(texts.values())), self.mapping)

    def _first_title(self) -> str:
        """What says over the table, or by the sheet's name, that its figures are no actuals."""
        heading = self.layout.headings.get(self.layout.columns.get("value", -1), "").lower()
        if any(word in heading for word in ("actual", "result", "outturn")):
            return ""
        titles = {
            cell_name(*place): text
            for place, text in self.layout.titles.items()
            if all(place[1] < column for column in self.layout.left)
        } | {"its name": self.sheet.name}
        said = {names_actuals(text, self.mapping): f"{place} says '{text}'" for place, text in titles.items()}
        return "" if True in said else said.get(False, "")

    def _kinds(self) -> dict[int, bool]:
        """The columns that say row by row what a row is, and whether each row has to say it in a known word."""
        taken = {*self.layout.columns.values(), *self.layout.periods, self.layout.beside("comment")}
        cells, found = defaultdict(set), {}
        for row in self.filled:
            for column in self.texts[row].keys() - taken:
                cells[column].add(self.texts[row][column])
        for column, texts in cells.items():
            is_kind = column == self.layout.beside("kind")
            roles = {self._role(text) for text in texts}
            said = {names_actuals(text, self.mapping) for text in texts if is_kind or plain(text) == "actual"}
            if roles & {*NO_ACTUALS} or said & {True, False}:
                found[column] = is_kind or any(self.mapping.role(text) == "value" for text in texts)
        return found

    def _role(self, text):
        """What a cell says its row is, alone or after a name: Target, Homes built - Target."""
        return self.mapping.role(text) or self.mapping.role(re.split(r"\s[-–—]\s|[:(/]", text)[-1])

    def _no_actual(self, row) -> str:
        """Why a row is no row of actuals, by the columns that say so; an empty text for one that is."""
        texts = self.texts[row]
        for column, strict in self.kinds.items():
            text = texts.get(column, "")
            actual = names_actuals(text, self.mapping) if strict else self._role(text) not in NO_ACTUALS
            if actual is None:
                found = f"'{text}'" if text else "nothing"
                raise InputError(
                    f"{self.sheet.where(row, column)}: says {found} where other rows say what their "
                    "figures are. Expected Actual or Target, for example: correct it, or add the word to "
                    "data/imports.yml, under value or under other."
                )
            if not actual:
                return f"column {column_letters(column)} says {text}"
            if strict:
                self.years.update(dict.fromkeys(filter(None, named_in(text)), row))
                self._refuse_two_years(column)
        return ""

    def _refuse_two_years(self, column):
        if len(self.years) > 1:
            (_, first), (_, second) = list(self.years.items())[:2]
            one, other = (self.sheet.seen(row, column) for row in (first, second))
            raise InputError(
                f"{self.sheet.where(second, column)}: says '{other}', and row {first + 1} says '{one}'. Expected a "
                "column of its own for the year, or the rows of one year."
            )

    def refuse_nameless(self):
        """Refuse figures under no heading right beside those to read: one heading spread over both may be either's."""
        blank = {*range(len(self.sheet.rows[self.layout.row]))} - {*self.layout.headings}
        for column, row in product(self.figures, self.rows):
            if column + 1 in blank and is_figure(self.texts.get(row, {}).get(column + 1, "")):
                raise InputError(
                    f"{self.sheet.where(row, column + 1)}: a figure stands under no heading, beside "
                    f"'{self.layout.headings.get(column, '')}'. Expected a heading over each column of figures, and "
                    "Actual over the one to read; or nothing in a column without."
                )

    def _passed_over(self, texts) -> str:
        text = texts.get(self.code) or next(iter(texts.values()))
        patterns = self.mapping.own.passed_over
        return next((text for each in patterns if fnmatchcase(" ".join(text.lower().split()), each.lower())), "")

    def _refuse_again(self, row, part, above):
        cells = self.sheet.rows[row]
        if self.code >= len(cells) or not cells[self.code]:
            return
        key = tuple(cells[column] if column < len(cells) else "" for column in self.keys)
        figures = [self.sheet.value(row, column) for column in self.figures]
        first = above.setdefault(key, (part, row, figures))
        if first[0] != part and first[2] != figures:
            raise InputError(
                f"{self.sheet.where(row, self.code)}: '{key[0]}' stands again below a second row of headings, with "
                f"other figures than in row {first[1] + 1}. Expected one table, or a title over each that says what it "
                "holds, such as Targets."
            )

    def remarks(self) -> list[str]:
        """A line for each reason, with all the rows that it is for."""
        sheet, layout = self.sheet, self.layout
        found = [f"{sheet}: left out {_rows(rows)}, where {reason}." for reason, rows in self.left.items()]
        if self.others:
            rows = sorted(row for each in self.others.values() for row in each)
            found.append(f"{sheet}: passed over {_rows(rows)}, as data/imports.yml says: {', '.join(self.others)}.")
        if layout.left:
            columns = ", ".join(f"{column_letters(column)} ({text})" for column, text in layout.left.items())
            found.append(f"{sheet}: left out, for they are no actuals: {columns}.")
        if hidden := self._hidden():
            found.append(f"{sheet}: {hidden}, and what stands there is read.")
        beside = {**layout.unknown, **self._beside()}
        unread = [text for column, text in sorted(beside.items()) if column not in self.kinds]
        if unread:
            found.append(f"{sheet}: not read: {', '.join(unread)}.")
        return found

    def _hidden(self) -> str:
        """Which of the rows and columns that are read the officer does not see."""
        rows = [row for row in self.rows if (row, None) in self.sheet.hidden]
        used = sorted({*self.layout.columns.values(), *self.layout.periods})
        columns = [column_letters(column) for column in used if (None, column) in self.sheet.hidden]
        texts = [_rows(rows)] if rows else []
        if columns:
            texts.append(f"column{'s' * (len(columns) > 1)} {joined(columns)}")
        return f"{' and '.join(texts)} {'are' if len(rows) + len(columns) > 1 else 'is'} hidden" if texts else ""

    def _beside(self):
        """The columns of comments, of kinds and of ratings that hold something; of ratings what is not compared."""
        found = {}
        for role in ("comment", "kind", "rating"):
            for at in self.layout.compared.get(role, [])[: None if role == "rating" else 1]:
                texts = {self.sheet.seen(row, at) for row in self.rows} - {""}
                if texts and (role != "rating" or len(self.layout.periods) > 1 or not all(map(rating_named, texts))):
                    found[at] = self.layout.headings.get(at, "")
        return found


def _rows(rows: Iterable[int]) -> str:
    """Rows as messages name them.

    >>> _rows([2, 4, 5, 6]), _rows([2])
    ('rows 3 and 5 to 7', 'row 3')
    """
    runs = [[row + 1 for _, row in run] for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0])]
    texts = [text for run in runs for text in (map(str, run) if len(run) < 3 else [f"{run[0]} to {run[-1]}"])]
    return f"row{'s' * (texts != [str(runs[0][0])])} {joined(texts)}"
