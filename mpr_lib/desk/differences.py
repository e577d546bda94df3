"""Differences: two texts word by word, so that a reader sees at once what the other one says otherwise."""

import re
from difflib import SequenceMatcher


def differences(mine: str, theirs: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts as runs of words, each with whether the other text lacks it.

    >>> differences("Two days lost.", "Three days lost.")[0]
    [('Two', True), (' days lost.', False)]
    """
    ours, others = _words(mine), _words(theirs)
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, ours, others, autojunk=False).get_opcodes():
        if b > a:
            left.append(("".join(ours[a:b]), kind != "equal"))
        if d > c:
            right.append(("".join(others[c:d]), kind != "equal"))
    return left, right


def _words(text):
    return re.findall(r"\s+|[^\s]+", text)
