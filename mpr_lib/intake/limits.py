"""Limits: how large a file of figures may be, so that one that was made to explode is refused while it is small."""

from dataclasses import dataclass

from mpr_lib.errors import InputError

FILE_BYTES = 50_000_000
"""The file as it lies on the disk."""
UNPACKED_BYTES = 120_000_000
"""All that is unpacked of a workbook; 100,000 rows of ten columns take about 60 million."""
ROWS = 250_000
"""Rows of one sheet, the blank ones included."""
CELLS = 3_000_000
"""Cells of a file, counted as the rectangles that hold its sheets' contents."""
CHARACTERS = 30_000_000
"""Text in all cells together, a text that is shared or repeated counted as often as it is shown."""
SHEETS = 100
PARTS = 5_000
"""Parts of an archive; a workbook has a few dozen, pictures included."""
LINE = 1_000_000
"""Characters in one line of a text file."""


@dataclass
class Budget:
    """What one file has used of its limits so far. ``file`` is what messages call it."""

    file: str
    cells: int = 0
    characters: int = 0

    def sheet(self, name: str, rows: int, columns: int) -> None:
        """Count a sheet's rectangle. Raises ``InputError`` beyond the limits."""
        self.rows(name, rows)
        self.cells += rows * columns
        if self.cells > CELLS:
            raise InputError(
                f"{self._place(name)}: its contents spread over {rows:,} rows and {columns:,} columns. "
                f"Expected at most {CELLS:,} cells in a file. Copy the figures alone to a new workbook."
            )

    def rows(self, name: str, rows: int) -> None:
        """Check how many rows a sheet has, blank ones included."""
        if rows > ROWS:
            raise InputError(
                f"{self._place(name)}: has more than {ROWS:,} rows, blank ones included. "
                "Copy the figures alone to a new workbook."
            )

    def _place(self, name):
        return f"{self.file}, sheet '{name}'" if name else self.file

    def text(self, characters: int) -> None:
        """Count text that reading will hold in memory."""
        self.characters += characters
        if self.characters > CHARACTERS:
            raise InputError(
                f"{self.file}: its cells hold more than {CHARACTERS:,} characters. "
                "Copy the figures alone to a new workbook."
            )
