"""What a fleet is tested with: an environment of its own, in which test_in_its_environment.py runs the other files."""

import logging
import os
import tempfile
from importlib.util import find_spec

import pytest

IS_THERE = all(map(find_spec, ("fsspec", "s3fs", "distributed", "moto")))
collect_ignore_glob = [] if IS_THERE else ["test_store_*.py"]


@pytest.fixture(scope="session", autouse=True)
def temporary():
    """A folder for temporary files: tasks that are killed leave theirs."""
    if not IS_THERE:
        yield
        return
    own = tempfile.TemporaryDirectory(prefix="mpr", ignore_cleanup_errors=True)
    with own as folder, pytest.MonkeyPatch.context() as patched:
        patched.setenv("TMPDIR", folder)
        patched.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture(scope="session")
def s3():
    """The URL of an empty bucket in moto's S3 server, in this process; its address stands in the environment."""
    import fsspec
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "here", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }  # fmt: skip
    fsspec.filesystem("s3").mkdir("councils")
    yield "s3://councils"
    server.stop()


@pytest.fixture(params=["memory", "folder", "s3"])
def store(request, tmp_path):
    """The URL of an empty place in each kind of store."""
    if request.param == "folder":
        return str(tmp_path / "store")
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    return f"memory://{name}" if request.param == "memory" else f"{request.getfixturevalue('s3')}/{name}"


@pytest.fixture
def cluster():
    """A Dask scheduler; workers are begun by whoever wants them."""
    from tests.fleet.fleets import Cluster, ended

    found = Cluster()
    found.scheduler()
    yield found
    for each in found.processes:
        ended(each)


@pytest.fixture
def a_fleet(tmp_path):
    """A function that writes workspaces in a folder, by council what each month does, and makes a fleet of them."""

    from mpr_lib.fleet.fleet import Fleet
    from mpr_lib.fleet.places import Place

    def make(**how: str) -> Fleet:
        for council, said in how.items():
            Place(str(tmp_path / council)).write({"data/how.txt": said.encode(), "params/report.yml": b""})
        return Fleet(workspaces={council: str(tmp_path / council) for council in how})

    return make
