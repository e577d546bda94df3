"""Publishing, with processes that are really killed and readers that really read."""

import os
import resource
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from campaigns.killing import killed_at
from mpr_lib.errors import RunError
from mpr_lib.run import publishing
from mpr_lib.run.publishing import SETS, disk_message, publish, staged

MONTH = "2018-05"
FILES = ("report.html", "report.pdf", "scorecard.csv")

posix = pytest.mark.skipif(os.name != "posix", reason="needs fork and links")


def issue(outputs: Path, text: str, **options) -> None:
    """Publish a set whose files all say ``text``."""
    with staged(outputs, MONTH, **options) as folder:
        for name in FILES:
            (folder / name).write_text(text)
        publish(folder, outputs, MONTH)


def read(outputs: Path) -> set[str]:
    """What the files of the published set say; of one good set, one thing."""
    return {(outputs / MONTH / name).read_text() for name in FILES}


@posix
@pytest.mark.parametrize("name", [SETS, ".log"])
def test_nothing_is_written_through_links_that_no_run_made(tmp_path, name):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunError, match=rf"^outputs/{name} is a link, and nothing is written through it"):
        issue(tmp_path / "outputs", "new")
    assert list((tmp_path / "elsewhere").iterdir()) == []


@posix
def test_a_log_or_month_that_is_a_link_is_replaced_and_not_followed(tmp_path):
    outputs, theirs = tmp_path / "outputs", tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "kept").write_text("theirs")
    (outputs / ".log").mkdir(parents=True)
    (outputs / ".log" / f"{MONTH}.log").symlink_to(theirs / "kept")
    (outputs / MONTH).symlink_to(theirs)
    issue(outputs, "new")
    assert not (outputs / ".log" / f"{MONTH}.log").is_symlink()
    assert read(outputs) == {"new"}
    assert [(path.name, path.read_text()) for path in theirs.iterdir()] == [("kept", "theirs")]


def leftovers(outputs: Path) -> list[str]:
    return [path.name for path in (outputs / SETS).iterdir() if path.suffix in {".part", ".link"}]


def test_a_set_appears_whole_and_replaces_the_one_before(tmp_path):
    issue(tmp_path, "old")
    issue(tmp_path, "new")
    assert read(tmp_path) == {"new"}
    assert sorted(path.name for path in (tmp_path / MONTH).iterdir()) == sorted(FILES)


def test_the_link_goes_where_the_folder_goes(tmp_path):
    issue(tmp_path / "here", "old")
    (tmp_path / "here").rename(tmp_path / "there")
    assert read(tmp_path / "there") == {"old"}


def test_the_set_before_is_kept_for_its_readers_and_older_ones_are_not(tmp_path):
    for text in ("first", "second", "third"):
        issue(tmp_path, text)
    kept = [path for path in (tmp_path / SETS).iterdir() if path.is_dir()]
    assert {(path / FILES[0]).read_text() for path in kept} == {"second", "third"}


def test_what_fails_before_publishing_leaves_nothing_behind(tmp_path):
    issue(tmp_path, "old")
    with pytest.raises(FileNotFoundError), staged(tmp_path, MONTH) as folder:
        (folder / "half" / FILES[0]).write_text("half")
    assert read(tmp_path) == {"old"}
    assert leftovers(tmp_path) == []


def test_a_real_folder_is_replaced_and_kept_as_the_one_before(tmp_path):
    (tmp_path / MONTH).mkdir()
    (tmp_path / MONTH / FILES[0]).write_text("copied")
    issue(tmp_path, "new")
    assert read(tmp_path) == {"new"}
    assert [path.joinpath(FILES[0]).read_text() for path in (tmp_path / SETS).glob("*.was")] == ["copied"]


def test_months_do_not_disturb_each_other(tmp_path):
    issue(tmp_path, "May")
    with staged(tmp_path, "2018-06") as other:
        issue(tmp_path, "May again")
        assert other.is_dir()
    assert read(tmp_path) == {"May again"}


def test_leftovers_of_another_month_are_cleaned_once_nobody_runs_it(tmp_path):
    (tmp_path / SETS / "2018-04.dead.part").mkdir(parents=True)
    issue(tmp_path, "new")
    assert leftovers(tmp_path) == []


def test_a_second_run_of_a_month_waits_for_the_first(tmp_path):
    waited, order = [], []

    def second():
        issue(tmp_path, "second", waiting=lambda: waited.append(True))
        order.append("second")

    with staged(tmp_path, MONTH):
        thread = threading.Thread(target=second)
        thread.start()
        while not waited:
            time.sleep(0.01)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert read(tmp_path) == {"second"}


def test_a_second_run_gives_up_after_a_while(tmp_path):
    with staged(tmp_path, MONTH), pytest.raises(RunError) as refused, staged(tmp_path, MONTH, patience=0.1):
        pass
    assert str(refused.value) == (
        "2018-05 is being run by somebody else, for more than 0 seconds now. "
        "Nothing was changed. Run it again when that run has ended."
    )


@pytest.fixture
def no_links(monkeypatch):
    """A system on which nobody may make links."""

    def refuse(*_, **__):
        raise OSError(1314, "A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)


@pytest.mark.usefixtures("no_links")
def test_without_links_the_folder_itself_is_exchanged(tmp_path):
    for text in ("first", "second", "third"):
        issue(tmp_path, text)
        assert read(tmp_path) == {text}
    assert not (tmp_path / MONTH).is_symlink()
    assert len([path for path in (tmp_path / SETS).iterdir() if path.is_dir()]) == 1


@posix
def test_a_run_killed_at_any_point_leaves_the_old_set_or_the_new(tmp_path):
    issue(tmp_path, "0")
    old, seen = "0", set()
    for event in range(1, 500):
        new = str(event)
        if not killed_at(event, partial(issue, tmp_path, new)):
            break
        (found,) = read(tmp_path)
        assert found in {old, new}, f"killed at {event}"
        seen.add(found == new)
        old = found
    assert seen == {True, False}, "a kill before the swap and one after it were both seen"
    assert event > 20
    issue(tmp_path, "last")
    assert leftovers(tmp_path) == []
    assert len([path for path in (tmp_path / SETS).iterdir() if path.is_dir()]) == 2


@posix
@pytest.mark.parametrize("links", [True, False])
def test_a_killed_exchange_of_real_folders_is_put_right_by_the_next_start(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(publishing, "_link_to", lambda finished: None)
    for event in range(1, 500):
        outputs = tmp_path / str(event)
        (outputs / MONTH).mkdir(parents=True)
        for name in FILES:
            (outputs / MONTH / name).write_text("old")
        ended = not killed_at(event, partial(issue, outputs, "new"))
        with staged(outputs, MONTH):
            assert read(outputs) in ({"old"}, {"new"}), f"killed at {event}"
        if ended:
            break
    assert read(outputs) == {"new"}


@posix
def test_a_reader_sees_one_set_or_the_other_and_never_nothing(tmp_path):
    issue(tmp_path, "0")
    writer = os.fork()
    if not writer:
        for number in range(1, 60):
            issue(tmp_path, str(number))
            time.sleep(0.004)
        os._exit(0)
    reads = 0
    while os.waitpid(writer, os.WNOHANG) == (0, 0):
        reads += _read_whole(tmp_path / MONTH)
    assert reads > 50
    assert read(tmp_path) == {"59"}


def _read_whole(month: Path) -> bool:
    """Read a month's files as a reader who opened its folder: of one set, never a mix.

    False where the reader slept while two newer sets came, and the folder that it has open is no longer the month's.
    """
    folder = os.open(month, os.O_RDONLY)
    try:
        assert len({_read_at(folder, name) for name in FILES}) == 1
    except FileNotFoundError:
        assert month.stat().st_ino != os.fstat(folder).st_ino
        return False
    finally:
        os.close(folder)
    return True


def _read_at(folder: int, name: str) -> bytes:
    descriptor = os.open(name, os.O_RDONLY, dir_fd=folder)
    try:
        return os.read(descriptor, 100)
    finally:
        os.close(descriptor)


@posix
def test_two_processes_at_once_both_publish_whole_sets(tmp_path):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from mpr_lib.run.publishing import publish, staged\n"
        "outputs = Path(sys.argv[2])\n"
        "for number in range(15):\n"
        "    with staged(outputs, '2018-05') as folder:\n"
        f"        for name in {FILES!r}: (folder / name).write_text(sys.argv[3] + str(number))\n"
        "        publish(folder, outputs, '2018-05')\n"
    )
    root = str(Path(publishing.__file__).parents[2])
    both = [subprocess.Popen([sys.executable, "-c", script, root, str(tmp_path), who]) for who in ("a", "b")]
    while any(process.poll() is None for process in both):
        if (tmp_path / MONTH).exists():
            _read_whole(tmp_path / MONTH)
        time.sleep(0.002)
    assert [process.returncode for process in both] == [0, 0]
    assert read(tmp_path) in ({"a14"}, {"b14"})
    assert leftovers(tmp_path) == []


@posix
def test_a_full_disk_is_said_and_leaves_the_old_set(tmp_path):
    issue(tmp_path, "old")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, usual[1]))
    try:
        with pytest.raises(OSError, match="File too large") as refused:
            issue(tmp_path, "new" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert str(disk_message(refused.value, MONTH)) == (
        "the disk is full: File too large. Nothing was published; the 2018-05 report is as it was. "
        "Free some space and run the month again."
    )
    assert read(tmp_path) == {"old"}
    assert leftovers(tmp_path) == []
