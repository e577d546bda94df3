"""What counts connections: it sees those of a command's children; ``python -m campaigns connections`` makes a month."""

import sys

from campaigns.connections import leads_nowhere, watched

ASKS = """
import socket, subprocess, sys
if len(sys.argv) < 2:
    sys.exit(subprocess.run([sys.executable, __file__, "child"]).returncode)
connect, look_up = lambda: socket.create_connection(("192.0.2.1", 9), 0.01), lambda: socket.getaddrinfo("a.invalid", 80)
for ask in (connect, look_up):
    try:
        ask()
    except OSError:
        pass
"""


def test_what_a_child_asks_of_the_network_is_seen(tmp_path):
    (tmp_path / "asks.py").write_text(ASKS)
    ended, seen = watched([sys.executable, "asks.py"], tmp_path, tmp_path)
    assert ended == 0
    assert {"socket.connect 192.0.2.1", "socket.getaddrinfo a.invalid"} <= set(seen)
    assert any("packets" in each for each in seen) == leads_nowhere()


def test_a_command_asks_for_nothing(tmp_path):
    assert watched([sys.executable, "-m", "mpr_lib.run.cli", "--version"], tmp_path, tmp_path) == (0, [])
