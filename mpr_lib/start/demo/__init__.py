"""The demo: the Borough of Fernmouth, a council that does not exist, with three years of reports.

Everything about it comes from ``fernmouth.csv`` (what is measured, and how its figures move) and one seed, so each
making of it gives the same bytes. Examples, pictures and benchmarks use it.
"""

from pathlib import Path

COUNCIL = "Borough of Fernmouth (invented)"
FIRST = "2023-01"
LAST = "2025-12"
SEED = "Fernmouth"


def make_demo(folder: Path) -> None:
    """Make the invented council's workspace; raises ``InputError`` where the folder is not empty."""
    from mpr_lib.start.demo import agreed, comments, money, received
    from mpr_lib.start.demo.measured import figures_of, read_measured
    from mpr_lib.start.folders import refuse_filled, write_files

    refuse_filled(folder)
    measured = read_measured()
    figures = {row["indicator_code"]: figures_of(row) for row in measured}
    files = {**agreed.files(measured, figures), **received.files(measured, figures), **money.files()}
    write_files(folder, files)
    write_files(folder, comments.files(folder, measured))
