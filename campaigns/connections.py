"""Connections: a month is made by its commands, and whatever they would ask of the network is counted.

Every Python among them, the kernel's too, notes each name that it looks up and each address but the machine's own.
Where the system allows it they have a network that leads nowhere, which counts what code without Python sends as well.
That the pages ask for nothing is for ``tests/browser``.
"""

import os
import random
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from campaigns.rounds import Tried
from tests.helpers import REPOSITORY

MONTH = "2018-05"
COMMANDS = (
    ("check", MONTH), ("check", MONTH, "--docs"), ("run", MONTH), ("run", MONTH, "--public"), ("status", MONTH),
    ("site",), ("site", "--public"), ("verify", f"outputs/{MONTH}"),
)  # fmt: skip
HOOK = """
import os, sys

def note(event, given):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        place = given[1][0] if isinstance(given[1], tuple) else ""
    elif event.startswith("socket.gethostby") or event in ("socket.getaddrinfo", "urllib.Request"):
        place = given[0]
    else:
        return
    place = place.decode() if isinstance(place, bytes) else str(place or "")
    if place and place != "localhost" and not place.startswith(("127.", "::1")):
        with open(os.environ["MPR_SEEN"], "a") as file:
            file.write(f"{event} {place}\\n")

sys.addaudithook(note)
"""
ALONE = ("unshare", "--map-root-user", "--net")
"""What starts a process on a network that leads nowhere; Linux alone, and not in every container."""


class Connections:
    """The commands of a month, one after another, of the council that the repository has."""

    NAME, COUNT = "connections", 1

    def __init__(self, folder: Path):
        self.folder = folder

    def attempt(self, number: int, chance: random.Random) -> Tried:
        """Make the month from its files to the archive."""
        root = self.folder / "w"
        shutil.rmtree(root, ignore_errors=True)
        for part in ("data", "params", "notebooks"):
            shutil.copytree(REPOSITORY / part, root / part)
        problems, asked = [], 0
        for command in COMMANDS:
            ended, seen = watched([sys.executable, "-m", "mpr_lib.run.cli", *command], self.folder, root)
            asked += len(seen)
            problems += [f"mpr {' '.join(command)}: {each}" for each in seen]
            # What is still owed is told by an exit code.
            if ended and command[0] != "status":
                problems.append(f"mpr {' '.join(command)} ended with {ended}")
        counts = {"commands": len(COMMANDS), "asked": asked, "alone": len(COMMANDS) * leads_nowhere()}
        return Tried("a month", problems, counts)

    @staticmethod
    def figures(tried: list[Tried]) -> list[tuple[str, str]]:
        """How many commands ran, how many of them without a network, and what they asked of one."""
        total = {name: sum(int(each.measured[name]) for each in tried) for name in ("commands", "alone", "asked")}
        return [
            ("commands", f"{total['commands']:,}"),
            ("of them on a network that leads nowhere", f"{total['alone']:,}"),
            ("connections and names asked for", f"{total['asked']:,}"),
        ]


def watched(command: list[str], folder: Path, root: Path) -> tuple[int, list[str]]:
    """How a command ends in ``root``, and what it asked of the network; ``folder`` is for our own files."""
    seen, sent, hook = folder / "seen", folder / "sent", folder / "hook/sitecustomize.py"
    for path in (seen, sent):
        path.write_text("")
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK)
    paths = os.pathsep.join(filter(None, [str(hook.parent), str(REPOSITORY), *sys.path]))
    environment = {**os.environ, "MPR_SEEN": str(seen), "PYTHONPATH": paths}
    if leads_nowhere():
        counted = '"$@"; ended=$?; cat /proc/net/snmp /proc/net/snmp6 > "$0"; exit $ended'
        command = [*ALONE, "sh", "-c", counted, str(sent), *command]
    ended = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False).returncode
    return ended, seen.read_text().splitlines() + _without_route(sent.read_text().splitlines())


@cache
def leads_nowhere() -> bool:
    """Whether a process can be given a network of its own."""
    return bool(shutil.which("unshare")) and not subprocess.run([*ALONE, "true"], capture_output=True).returncode


def _without_route(lines):
    """What the system's counters say of packets that found no way: IPv4's stand in columns, IPv6's in lines."""
    columns = [line.split() for line in lines if line.startswith("Ip:")]
    found = [*zip(*columns, strict=True), *(line.split() for line in lines if line.startswith("Ip6"))]
    return [
        f"{number} packets without a way ({name})" for name, number in found if "OutNoRoutes" in name and number != "0"
    ]
