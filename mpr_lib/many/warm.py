"""Warm: a process beside this one with everything imported, of which each piece of work is a forked child.

Requests and answers are lines of JSON on the process's standard input and output. What a child does to its memory, its
modules and itself is gone with it: whatever becomes of it is the answer to its own request, and no more. Where a
process cannot be forked safely (Windows, macOS), each piece of work is done by a fresh one.
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
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from select import select
from time import monotonic

from mpr_lib.errors import RunError
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
        self._closed, self._owes, self._one = False, False, threading.Lock()
        self._process = _begin()

    def do(
        self, call: str, given: dict, *,
        seconds: float | None = None, memory: int | None = None, told: Callable[[dict], None] | None = None,
    ) -> dict:  # fmt: skip
        """Call ``module:function`` with what is ``given`` in a process of its own, and say what became of it.

        ``given`` is JSON, and so is the dict that the function returns: here it is ``returned``. Work that ended in
        another way ``died``, which says how: by what it did itself, because it was not through after so many
        ``seconds``, or because it wanted more ``memory`` (MB that are its own, and as many for its kernel; on Linux).
        Beside either stand ``seconds``, ``cpu`` (of the work and the processes it waited for) and ``peak_mb`` (of the
        largest of them, 0 if it died), the last two 0 on Windows. With ``told``, the function is given a ``told`` too:
        the dicts that it tells there arrive here while it works.
        """
        answer: dict = {"cpu": 0.0, "peak_mb": 0}
        lines: Iterator[bytes] = iter(())
        began = monotonic()
        request = {"call": call, "given": given, "seconds": seconds, "memory": memory, "tells": told is not None}
        # Not in the warm process's own environment, of which its kernels are copies.
        request["secrets"] = {name: os.environ[name] for name in sorted(SECRETS & os.environ.keys())}
        with self._one:
            if self._owes:
                # Whoever asked last did not wait for the answer, which must not be taken for another's.
                self._process.terminate()
                self._process.wait()
            if self._process.poll() is not None and not self._closed:
                _let_go(self._process)
                self._process = _begin()
            if not FORKS:
                threading.Thread(target=_see_out, args=(self._process, seconds), daemon=True).start()
            self._owes = True
            # Whoever was killed, or closed, hears nothing.
            with suppress(OSError, ValueError):
                self._process.stdin.write(json.dumps(request).encode() + b"\n")  # type: ignore[union-attr]
                self._process.stdin.flush()  # type: ignore[union-attr]
                lines = iter(self._process.stdout)  # type: ignore[arg-type]
            for line in lines:
                said = _read(line)
                if "told" in said and told:
                    told(said["told"])
                answer |= said
                if "ended" in said:
                    break
            else:
                how = _how(self._process.wait())
                if seconds is not None and monotonic() - began > seconds:
                    how = _stopped_after(seconds)
                answer.setdefault("died", "stopped" if self._closed else how)
            self._owes = False
        kept = "returned" if "returned" in answer else "died"
        return {"seconds": monotonic() - began} | {name: answer[name] for name in (kept, "cpu", "peak_mb")}

    def close(self) -> None:
        """End the process and what it is doing, which may take away what it began first."""
        self._closed = True
        self._process.terminate()
        try:
            self._process.wait(PATIENCE + 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with self._one:
            _let_go(self._process)


def _begin() -> subprocess.Popen:
    # Nobody's working directory is a place to import from, as far as this library goes; a kernel adds its own.
    serve = "import sys; sys.path[:] = filter(None, sys.path); from mpr_lib.many.warm import main; main(*sys.argv[1:])"
    # Ctrl-C is sent to all processes of a terminal: this one ends when the one that began it says so.
    return subprocess.Popen(
        [sys.executable, "-c", serve, *([] if FORKS else ["fresh"])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), start_new_session=True,
    )  # fmt: skip


def _let_go(process):
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            stream.close()


def _see_out(process, seconds) -> None:
    """Wait for a fresh process to end, if need be after so many seconds, and end what it leaves."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    _kill(process)


def _read(line: bytes) -> dict:
    """What a line says: nothing, if whoever wrote it was killed in the middle of it."""
    with suppress(ValueError):
        return json.loads(line)
    return {}


def _how(code: int) -> str:
    return f"ended with signal {-code}" if code < 0 else f"ended with exit code {code}"


def _stopped_after(seconds) -> str:
    return f"stopped after {seconds:g} s"


def _wanted(memory) -> str:
    return f"wanted more than {memory:,} MB" if memory else "wanted more memory than there is"


def main(kind: str = "") -> None:
    """Serve as the process beside another until it sends no more; one that is ``fresh`` does one piece of work."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What anybody else prints or asks must not come between.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    # A piece of work is done before its rubbish matters; looking for it costs a tenth of the work.
    gc.set_threshold(400_000, 20, 100)
    try:
        begin = None if kind == "fresh" else _warmed(requests, answers)
        while line := requests.readline():
            if begin is None:
                threading.Thread(target=_end_with, args=(requests,), daemon=True).start()
                _work(line, answers)
                break
            _say(answers, {"ended": True} | _done(line, requests, begin))
    except KeyboardInterrupt:
        heeded()
    os._exit(0)


def _end_with(requests) -> None:
    """End this process, and what it began, when whoever began it sends no more."""
    requests.read()
    if os.name == "posix":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _warmed(requests, answers) -> Callable[[bytes], subprocess.Popen] | None:
    """Import all that a month needs, in one thread; what begins a request's work then, in a fork.

    Nothing where a package is missing: the work itself says which.
    """
    before = dict(os.environ)
    # Libraries for linear algebra start a thread for each processor, unless they are told not to.
    os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"})
    try:
        # Loaded when needed: Jupyter and all the rest, which whoever asks for work goes without.
        from mpr_lib.many import forked

        forked.load()
    except (ImportError, RunError):
        return None
    finally:
        os.environ.clear()
        os.environ.update(before)
    gc.collect()
    # Looking for rubbish writes to every object, which would have a child copy all of them.
    gc.freeze()

    def work(line: bytes) -> None:
        requests.close()
        # A session of its own, so that all of it can be ended together.
        os.setsid()
        forked.prepare(answers)
        _work(line, answers)

    return lambda line: forked.Forked(partial(work, line))


def _done(line: bytes, requests, begin) -> dict:
    """Have a request's work done in a child: what it used, and how it died if it did."""
    request, used, began, died = json.loads(line), os.times(), monotonic(), ""
    child = begin(line)
    try:
        while child.poll() is None:
            if select([requests], [], [], LOOK)[0]:
                # Nobody asks for two things at once: whoever asked has gone.
                _kill(child)
                os._exit(1)
            if request["seconds"] is not None and monotonic() - began > request["seconds"] and not died:
                died = _stopped_after(request["seconds"])
                _kill(child)
    except KeyboardInterrupt:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
        raise
    finally:
        _kill(child)
    if child.returncode and not died:
        # What a library cannot have, it may end the process for.
        short = request["memory"] and child.returncode == -signal.SIGABRT
        died = _wanted(request["memory"]) if short else _how(child.returncode)
    return {"cpu": sum(os.times()[2:4]) - sum(used[2:4])} | ({"died": died} if died else {})


def _kill(child) -> None:
    """End a child and all that it began."""
    child.kill()
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _say(answers, said: dict) -> None:
    # Whoever was killed may have left half a line, and whoever listens may have gone.
    with suppress(BrokenPipeError):
        answers.write(b"\n" + json.dumps(said).encode() + b"\n")
        answers.flush()


def _work(line: bytes, answers) -> None:
    """Do what is asked and say what it gave, and what it used."""
    request, one = json.loads(line), threading.Lock()
    os.environ.update(request["secrets"])

    def say(said: dict) -> None:
        with one:
            _say(answers, said)

    given = request["given"] | ({"told": lambda said: say({"told": said})} if request["tells"] else {})
    try:
        if request["memory"] and FORKS:
            import resource

            resource.setrlimit(resource.RLIMIT_DATA, (request["memory"] * 2**20,) * 2)
        module, name = request["call"].split(":")
        answer = {"returned": getattr(importlib.import_module(module), name)(**given)}
    except MemoryError:
        answer = {"died": _wanted(request["memory"])}
    except Exception as error:  # noqa: BLE001 - whoever asked is told; the traceback is for those who mend it
        traceback.print_exc()
        answer = {"died": f"ended with {type(error).__name__}: {error}"}
    say(answer | _used())


def _used() -> dict:
    """What this process, and those that it waited for, used."""
    with suppress(ImportError):
        import resource

        used = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        peak = max(each.ru_maxrss for each in used) // (2**20 if sys.platform == "darwin" else 1024)
        return {"cpu": sum(each.ru_utime + each.ru_stime for each in used), "peak_mb": peak}
    return {}
