"""The peer: the same month's tables and charts by R Markdown, from figures that are rated already.

R, rmarkdown, ggplot2 and pandoc are not among what this project installs; where they are, the benchmark times them.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

DOCUMENT = Path(__file__).with_name("peer.Rmd")
HAS_ALL = 'quit(status = !all(c("rmarkdown", "ggplot2") %in% rownames(installed.packages())))'
GOAL = 1.0
"""A month should take no longer than R Markdown takes for its tables and charts, without checks and without a PDF."""


def is_here() -> bool:
    """Whether R and all that the document needs are installed."""
    if not (shutil.which("Rscript") and shutil.which("pandoc")):
        return False
    return subprocess.run(["Rscript", "-e", HAS_ALL], capture_output=True, check=False).returncode == 0


def main(workspace: Path, month: str, rounds: int, seconds: Callable[[list[str]], float]) -> None:
    """Whole processes in turn, so that whatever else the machine does falls on both; the first pair is thrown away."""
    if not is_here():
        print("R Markdown: not installed here (R with rmarkdown and ggplot2, and pandoc), so not compared")
        return
    ours = [sys.executable, "-m", "mpr_lib.run.cli", "run", month, "--workspace", str(workspace)]
    # The link is renewed by each of our runs; what it leads to stays while R reads it.
    given = f'list(set = "{(workspace / "outputs" / month).as_posix()}")'
    made = workspace / "peer"
    call = f'rmarkdown::render("{DOCUMENT.as_posix()}", output_dir = "{made.as_posix()}", '
    call += f'intermediates_dir = "{made.as_posix()}", params = {given}, quiet = TRUE)'
    theirs = ["Rscript", "-e", call]
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds + 1)][1:]
    our, their = (median(each) for each in zip(*pairs, strict=True))
    size = (made / "peer.html").stat().st_size
    ratio = median(mine / other for mine, other in pairs)
    print(f"the same month's tables and charts by R Markdown, median of {rounds}, in turn")
    print(f"  R Markdown             {their:6.2f} s   {size // 1000:,} kB of HTML")
    print(f"  mpr run {month}        {our:6.2f} s   with its checks, PDF and workbook")
    print(f"  ratio                  {ratio:6.2f}    goal: at most {GOAL:.1f}")
