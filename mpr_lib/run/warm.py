"""Warm: a process beside this one with everything imported, of which each piece of work is a forked child.

Requests and answers are lines of JSON on the process's standard input and output. What a child does to its memory, its
modules and itself is gone with it: whatever becomes of it is the answer to its own request, and no more. Where a
process cannot be forked safely (Windows, macOS), each piece of work is a fresh one.
"""

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from select import select
from time import monotonic

from mpr_lib.run.execution import SECRETS, environment
from mpr_lib.run.stopping import heeded, stop

FORKS = sys.platform == "linux"
"""Whether a process may be forked: elsewhere the system's own libraries have threads, or there is no fork."""

PATIENCE = 15.0
"""Seconds that work which was asked to end has for taking away what it began, before it is ended."""

LOOK = 0.02
"""Seconds between two looks at work that goes on: whether it has ended, has to, or is nobody's any more."""


class Warm:
    """A process beside this one with everything imported; each piece of work is a forked child of it.

    One piece at a time: whoever wants two at once has two of these. ``close`` may be called from another thread.
    """

    def __init__(self) -> None:
        self._closed = False
        self._process = self._begin()

    def do(
        self,
        call: str,
        given: dict,
        *,
        seconds: float | None = None,
        memory: int | None = None,
        told: Callable[[dict], None] | None = None,
    ) -> dict:
        """Call ``module:function`` with what is ``given`` in a process of its own, and say what became of it.

        ``given`` is JSON, and so is the dict that the function returns: here it is ``returned``. Work that ended in
        another way ``died``, which says how: by what it did itself, because it was not through after so many
        ``seconds``, or because it wanted more ``memory`` (MB that are its own, and as many for its kernel; on Linux).
        Beside either stand ``seconds``, ``cpu`` (of the work and the processes it waited for) and ``peak_mb`` (of the
        largest of them, 0 if it died), the last two 0 on Windows. With ``told``, the function is given a ``told`` too:
        the dicts that it tells there arrive here while it works.
        """
        began = monotonic()
        if self._process.poll() is not None and not self._closed:
            self._let_go()
            self._process = self._begin()
        request = {"call": call, "given": given, "seconds": seconds, "memory": memory, "tells": told is not None}
        # Not in the warm process's own environment, of which its kernels are copies.
        request["secrets"] = {name: os.environ[name] for name in sorted(SECRETS & os.environ.keys())}
        answer: dict = {}
        lines: Iterable[bytes] = []
        # Who was killed, or closed, hears nothing and says nothing.
        with suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
            lines = iter(self._process.stdout)  # type: ignore[arg-type]
        for line in lines:
            # Who is killed while it says something leaves half a line.
            with suppress(ValueError):
                said = json.loads(line)
                if "told" in said and told:
                    told(said["told"])
                answer |= said
                if "cpu" in said:
                    break
        else:
            answer["died"] = "stopped" if self._closed else _how(self._process.wait())
        if "died" in answer:
            answer.pop("returned", None)
        kept = {name: answer[name] for name in ("returned", "died") if name in answer}
        used = {"cpu": answer.get("cpu", 0.0), "peak_mb": answer.get("peak_mb", 0)}
        return kept | {"seconds": monotonic() - began} | used

    def close(self) -> None:
        """End the process and what it is doing, which may take away what it began first."""
        self._closed = True
        self._process.terminate()
        try:
            self._process.wait(PATIENCE + 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._let_go()

    def _let_go(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]

    def _begin(self) -> subprocess.Popen:
        command = [sys.executable, "-c", _SERVE, *([] if FORKS else ["fresh"])]
        # Ctrl-C is sent to all processes of a terminal: this one ends when the one that began it says so.
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), start_new_session=True
        )


_SERVE = "import sys; sys.path[:] = filter(None, sys.path); from mpr_lib.run.warm import main; main(*sys.argv[1:])"
"""Nobody's working directory is a place to import from, as far as this library goes; a kernel adds its own."""


def _how(code: int) -> str:
    return f"ended with signal {-code}" if code < 0 else f"ended with exit code {code}"


def main(kind: str = "") -> None:
    """Serve as the process beside another, until it sends no more: warm, ``fresh``, or with work for ``once``."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What anybody else prints or asks must not come between.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    # Imports make a million objects that all stay; looking through them for rubbish costs a tenth of the work.
    gc.set_threshold(50_000, 20, 100)
    if kind == "once":
        request = json.loads(requests.readline())
        threading.Thread(target=_end_with, args=(requests,), daemon=True).start()
        os._exit(_work(request, answers))
    try:
        begin = partial(_begin_fresh, answers) if kind else _warmed(requests, answers)
        take = _queued(requests) if kind else partial(_next, requests)
        while line := take(None):
            _supervise(line, answers, take, begin)
    except KeyboardInterrupt:
        heeded()
    os._exit(0)


def _warmed(requests, answers) -> Callable[[bytes], subprocess.Popen]:
    """Import all that a month needs, in one thread; what begins a request's work then, forked."""
    before = dict(os.environ)
    # Libraries for linear algebra start a thread for each processor, unless they are told not to.
    os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"})
    # Loaded when needed: Jupyter and all the rest, which whoever asks for work goes without.
    from mpr_lib.run import forked

    forked.load()
    os.environ.clear()
    os.environ.update(before)
    gc.collect()
    # Looking for rubbish writes to every object, which would have a child copy all of them.
    gc.freeze()

    def work(line: bytes) -> int:
        requests.close()
        # A session of its own, so that all of it can be ended together.
        os.setsid()
        forked.prepare(answers)
        return _work(json.loads(line), answers)

    return lambda line: forked.Forked(partial(work, line))


def _begin_fresh(answers, line: bytes) -> subprocess.Popen:
    """Begin a request's work in a Python that starts anew."""
    command = [sys.executable, "-c", _SERVE, "once"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=answers, start_new_session=True)
    child.stdin.write(line)  # type: ignore[union-attr]
    child.stdin.flush()  # type: ignore[union-attr]
    return child


def _next(requests, seconds: float | None) -> bytes | None:
    """The next line; empty if there are no more, nothing if none came in so many seconds."""
    return requests.readline() if select([requests], [], [], seconds)[0] else None


def _queued(requests) -> Callable:
    """The same where only a thread can wait for a line."""
    lines: SimpleQueue[bytes] = SimpleQueue()

    def feed():
        for line in requests:
            lines.put(line)
        lines.put(b"")

    def take(seconds):
        with suppress(Empty):
            return lines.get(timeout=seconds)

    threading.Thread(target=feed, daemon=True).start()
    return take


def _supervise(line: bytes, answers, take, begin) -> None:
    """Have a request's work done in a child, and answer when it has ended, however that came."""
    request, before, began, died = json.loads(line), _used(), monotonic(), ""
    child = begin(line)
    try:
        while child.poll() is None:
            if take(LOOK) is not None:
                # Nobody asks for two things at once: whoever asked has gone.
                _kill(child)
                os._exit(1)
            if request["seconds"] is not None and monotonic() - began > request["seconds"] and not died:
                died = f"stopped after {request['seconds']:g} s"
                _kill(child)
    except KeyboardInterrupt:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
        raise
    finally:
        _kill(child)
    if not died and child.returncode:
        # What a library cannot have, it may end the process for.
        short = request["memory"] and child.returncode == -signal.SIGABRT
        died = _wanted(request) if short else _how(child.returncode)
    _say(answers, {**({"died": died} if died else {}), "cpu": _used() - before})


def _kill(child) -> None:
    """End a child and all that it began."""
    child.kill()
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _say(answers, said: dict) -> None:
    # A child that was killed may have left half a line.
    with suppress(BrokenPipeError):
        answers.write(b"\n" + json.dumps(said).encode() + b"\n")
        answers.flush()


def _used() -> float:
    """Processor time of all children that have ended."""
    return sum(os.times()[2:4])


def _wanted(request) -> str:
    return f"wanted more than {request['memory']:,} MB" if request["memory"] else "wanted more memory than there is"


def _work(request: dict, answers) -> int:
    """Do what is asked and say what it gave; the exit code of a process that has done it."""
    os.environ.update(request["secrets"])
    given, one = request["given"], threading.Lock()

    def tell(said: dict) -> None:
        with one:
            _say(answers, said)

    if request["tells"]:
        given["told"] = lambda said: tell({"told": said})
    try:
        if request["memory"]:
            _limit(request["memory"])
        module, name = request["call"].split(":")
        answer = {"returned": getattr(importlib.import_module(module), name)(**given)}
    except KeyboardInterrupt:
        heeded()
        return 130
    except MemoryError:
        answer = {"died": _wanted(request)}
    except Exception as error:  # noqa: BLE001 - whoever asked is told; the traceback is for those who mend it
        traceback.print_exc()
        answer = {"died": f"ended with {type(error).__name__}: {error}"}
    tell(answer | {"peak_mb": _peak()})
    return 0


def _limit(memory: int) -> None:
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory * 2**20, memory * 2**20))


def _peak() -> int:
    """MB that the largest of this process and those it waited for held at once."""
    with suppress(ImportError):
        import resource

        kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
        return max(resource.getrusage(kind).ru_maxrss for kind in kinds) // (
            2**20 if sys.platform == "darwin" else 1024
        )
    return 0


def _end_with(requests) -> None:
    """End this process, and what it began, when whoever began it sends no more."""
    requests.read()
    if os.name == "posix":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
