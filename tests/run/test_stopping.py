"""A process that is asked to end ends, whatever it does just then."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals")

BEGIN = """
import os, signal, time
from mpr_lib.run.stopping import Stopped, heeded, stop, undisturbed
signal.signal(signal.SIGTERM, stop)
def ask(): os.kill(os.getpid(), signal.SIGTERM)
"""


def said(script: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", BEGIN + script + "\nheeded()"], capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def test_a_library_that_swallows_it_does_not_keep_the_process():
    assert said("""
for place in ("first", "second"):
    try:
        ask() if place == "first" else time.sleep(30)
        print("went on")
    except BaseException as error:
        print(place, type(error).__name__)
try:
    time.sleep(30)
except KeyboardInterrupt:
    print("ended")
""") == ["first", "Stopped", "second", "Stopped", "ended"]


def test_it_is_told_once_while_it_takes_away_what_it_began():
    assert said("""
try:
    ask()
except Stopped:
    ask()
    time.sleep(1)
    print("taken", "away")
""") == ["taken", "away"]


def test_what_cannot_be_half_begun_is_begun_first():
    assert said("""
try:
    with undisturbed():
        ask()
        time.sleep(0.5)
        print("begun")
    time.sleep(30)
except Stopped:
    print("ended")
""") == ["begun", "ended"]
