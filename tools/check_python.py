"""Say plainly when the Python that `make` would use cannot build the environment.

Runs on the Python in question, so it keeps to what Python 3.6 understood as well.
"""

import re
import sys
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
RANGE = r'requires-python = ">=(\d+)\.(\d+),<(\d+)\.(\d+)"'


def supported():
    """Return the oldest supported version and the first that is too new, as pyproject.toml states them."""
    found = re.search(RANGE, PYPROJECT.read_text(encoding="utf-8"))
    numbers = [int(number) for number in found.groups()]
    return tuple(numbers[:2]), tuple(numbers[2:])


def complaint(version):
    """Return what is wrong with this Python, in words, or an empty text.

    >>> print(complaint((3, 8, 18)).splitlines()[0])
    The report needs Python 3.11 or newer, older than 3.14, and this is 3.8.18.
    >>> complaint((3, 12, 1))
    ''
    """
    oldest, too_new = supported()
    if not oldest <= version[:2] < too_new:
        needed, limit, found = (".".join(map(str, numbers)) for numbers in (oldest, too_new, version[:3]))
        return (
            f"The report needs Python {needed} or newer, older than {limit}, and this is {found}.\n"
            f"{sys.executable} was tried. Name another one, for example: make report PYTHON=python3.12"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return (
            f"{sys.executable} cannot make virtual environments.\n"
            "On Debian and Ubuntu: apt-get install python3-venv. "
            "Or name another Python, for example: make report PYTHON=python3.12"
        )
    return ""


if __name__ == "__main__":
    problem = complaint(tuple(sys.version_info))
    if problem:
        sys.exit(problem)
