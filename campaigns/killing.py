"""Killing: a process that is really killed, just before its n-th operation on files. Needs fork."""

import os
import signal
import sys
import warnings
from collections.abc import Callable


def die_at(event: int) -> None:
    """Have this process killed just before its n-th operation on files, counted from now."""
    seen = 0

    def count(name, _):
        nonlocal seen
        if name == "open" or name.startswith(("os.", "shutil.")):
            seen += 1
            if seen == event:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def killed_at(event: int, act: Callable[[], object]) -> bool:
    """Act in a process that is killed at its n-th file operation; false if it ended before that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        try:
            die_at(event)
            act()
            os._exit(0)
        finally:
            os._exit(1)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended > 0:
        raise RuntimeError(f"what was to be killed at operation {event} failed by itself before that")
    return ended < 0
