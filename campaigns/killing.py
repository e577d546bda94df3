"""Children: processes forked from this one, with all that it has imported, to be killed or measured. Needs fork."""

import os
import signal
import sys
import warnings
from collections.abc import Callable
from time import monotonic, sleep


class Child:
    """A process that acts, and ends with 0 or, after an error, with 1. ``used`` is what it used, once it has ended."""

    def __init__(self, act: Callable[[], object]):
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if not self.pid:
            try:
                act()
                os._exit(0)
            finally:
                os._exit(1)

    def wait(self, seconds: float | None = None) -> int | None:
        """How it ended, by a signal if that is below 0; None if it still goes on after so many seconds."""
        until = None if seconds is None else monotonic() + seconds
        while True:
            ended, status, self.used = os.wait4(self.pid, 0 if until is None else os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            if until is not None and monotonic() > until:
                return None
            sleep(0.005)

    def end(self, seconds: float) -> int:
        """How it ended; 124, as of ``timeout``, if it had to be killed after so many seconds."""
        ended = self.wait(seconds)
        if ended is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()
            return 124
        return ended


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

    def until_killed():
        die_at(event)
        act()

    ended = Child(until_killed).wait()
    if ended > 0:
        raise RuntimeError(f"what was to be killed at operation {event} failed by itself before that")
    return ended < 0


def command(*arguments: str, said: str = os.devnull) -> None:
    """Be ``mpr`` with these arguments, in a child: what it says goes into a file, and its end is the process's."""
    from mpr_lib.run import cli

    file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(file, stream)
    sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8") for stream in (1, 2))
    sys.argv = ["mpr", *arguments]
    cli.main()
