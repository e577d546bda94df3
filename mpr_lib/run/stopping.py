"""Stopping: what a process does that is asked to end, by Ctrl-C or by whoever began it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import ref

AGAIN = 0.2
"""Seconds after which a process that goes on all the same is told again."""


class Stopped(KeyboardInterrupt):
    """Somebody asked this process to end."""


_raised: "ref[Stopped] | None" = None
_busy = 0


def stop(number: int, _frame: object) -> None:
    """End as Ctrl-C does, with what was begun taken away: for ``signal.signal``.

    It raises ``Stopped`` wherever the process is, and raises it again for as long as nobody has it: a library that
    loads a part of its own takes it for a missing part, and goes on.
    """
    global _raised
    signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, AGAIN)
    if (_raised and _raised()) or (_busy and hasattr(signal, "setitimer")):
        return
    stopped = Stopped()
    _raised = ref(stopped)
    try:
        raise stopped
    finally:
        # Its traceback holds this frame, and this frame must not hold it.
        del stopped


def heeded() -> None:
    """This process is ending: nobody need tell it again."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Whoever asks this process to end waits until this is through: half begun, it could not be taken away."""
    global _busy
    _busy += 1
    try:
        yield
    finally:
        _busy -= 1
