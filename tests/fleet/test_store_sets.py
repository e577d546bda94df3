"""Publishing where nothing can be renamed or locked: old or new for every reader, at every kill and for two writers."""

import json
import os
import threading
import time

import pytest

from mpr_lib.errors import RunError
from mpr_lib.fleet import sets
from mpr_lib.fleet.places import Place, StoreError
from mpr_lib.fleet.sets import DAY, Taken, highest, newest, publish, tidy


def a_set(version: str) -> dict[str, bytes]:
    return {"report.html": f"<p>{version}</p>".encode(), "committees/a/report.html": version.encode(), "x.pdf": b"%PDF"}


def read(place: Place) -> str | None:
    """What a reader gets: every file of the current set, which must be those of one version."""
    edition = newest(place)
    if edition is None:
        return None
    found = place.read_all(f"{edition.folder}/{name}" for name in edition.files)
    version = found[f"{edition.folder}/committees/a/report.html"].decode()
    assert found == {f"{edition.folder}/{name}": raw for name, raw in a_set(version).items()}
    return version


def test_readers_get_what_was_published_last(store):
    place = Place(store)
    assert (highest(place), newest(place), read(place)) == (0, None, None)
    first = publish(a_set("one"), place, 0)
    assert (first, read(place)) == (newest(place), "one")
    second = publish(a_set("two"), place, 1)
    assert (highest(place), read(place)) == (2, "two")
    assert f"url={second.folder}/report.html" in place.read("index.html").decode()
    # What was current stays as it was, for whoever is reading it.
    assert place.read(f"{first.folder}/report.html") == b"<p>one</p>"


def test_the_same_files_are_the_same_edition_and_nothing_of_it_is_put_again(store):
    place = Place(store)
    first, before = publish(a_set("one"), place, 0), place.listed()
    time.sleep(1)
    assert publish(a_set("one"), place, 1) == first
    assert place.listed() == before
    # What somebody changed there is put right.
    place.write({f"{first.folder}/report.html": b"<p>two</p>", "index.html": b"elsewhere"})
    assert publish(a_set("one"), place, 1) == first
    assert read(place) == "one"
    assert first.set in place.read("index.html").decode()


def test_whoever_began_before_another_published_is_told_and_readers_keep_the_others(store):
    place = Place(store)
    publish(a_set("one"), place, 0)
    with pytest.raises(Taken):
        publish(a_set("late"), place, 0)
    assert read(place) == "one"


def test_the_answer_to_a_put_that_was_lost_is_no_other_writer(store, monkeypatch):
    create = Place.create

    def twice(self, name, raw):
        create(self, name, raw)
        create(self, name, raw)

    monkeypatch.setattr(Place, "create", twice)
    assert publish(a_set("one"), Place(store), 0).number == 1


def test_a_file_is_created_once_however_many_try(store):
    place, won = Place(store), []

    def attempt(number):
        Place(store).create("editions/000001.json", str(number).encode())
        won.append(Place(store).read("editions/000001.json").decode())

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(won) == 8
    if not store.startswith("memory"):
        # Whoever came first is whom all of them found.
        assert {*won} == {place.read("editions/000001.json").decode()}


class Killed(BaseException):
    pass


def killed_at(number: int, monkeypatch) -> list[str]:
    """Have this process's writer end before its put of that number, counted over all files."""
    puts, write, create = [], Place.write, Place.create

    def counted(put):
        def instead(self, *given):
            if len(puts) == number:
                raise Killed
            puts.append(str(given[0]))
            put(self, *given)

        return instead

    one_by_one = counted(lambda self, name, raw: write(self, {name: raw}))
    monkeypatch.setattr(Place, "write", lambda self, files: [one_by_one(self, *each) for each in files.items()])
    monkeypatch.setattr(Place, "create", counted(create))
    return puts


@pytest.mark.parametrize("before", ["", "old"])
@pytest.mark.parametrize("number", range(6))
def test_a_writer_killed_at_any_put_leaves_the_old_or_the_new(store, number, before, monkeypatch):
    place = Place(store)
    if before:
        publish(a_set(before), place, 0)
    with monkeypatch.context() as patched:
        puts = killed_at(number, patched)
        try:
            publish(a_set("new"), place, int(bool(before)))
        except Killed:
            assert len(puts) == number
        else:
            # Three files, the pointer and the page.
            assert number == 5
    is_new = number > 3
    assert read(place) == ("new" if is_new else before or None)
    # The next one publishes, and what was left goes when it is old, with nothing that anybody reads.
    publish(a_set("after"), place, highest(place))
    assert tidy(place, 2, time.time()) == []
    gone = tidy(place, 2, time.time() + DAY + 60)
    folders = [each for each in gone if each.startswith("sets/")]
    assert len(folders) == int(0 < number <= 3) + int(is_new and bool(before))
    assert read(place) == "after"
    assert f"{newest(place).folder}/report.html" in place.read("index.html").decode()


WRITER = """
import os, sys
from mpr_lib.fleet import sets
from mpr_lib.fleet.places import Place
place, name, count = Place(sys.argv[1]), sys.argv[2], int(sys.argv[3])
done = 0
while done < count:
    said = f"{name} {done}"
    files = {"report.html": f"<p>{said}</p>".encode(), "committees/a/report.html": said.encode(), "x.pdf": b"%PDF"}
    try:
        sets.publish(files, place, sets.highest(place))
        done += 1
        print("published", said)
    except sets.Taken:
        print("taken", said)
"""


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_two_writers_and_a_reader_see_no_mix_and_replace_nothing(kind, tmp_path, request):
    import subprocess
    import sys

    url = str(tmp_path / "store") if kind == "folder" else f"{request.getfixturevalue('s3')}/two-writers"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, url, name, "8"], stdout=subprocess.PIPE, text=True)
        for name in "ab"
    ]
    place, seen = Place(url), []
    while any(each.poll() is None for each in writers):
        seen.append(read(place))
    said = "".join(each.communicate()[0] for each in writers).splitlines()
    assert [each.returncode for each in writers] == [0, 0]
    assert len([line for line in said if line.startswith("published")]) == 16
    assert highest(place) == 16
    assert len(place.listed("editions")) == 16
    assert len(seen) > 10
    versions = {json.loads(place.read(name))["set"] for name in place.listed("editions")}
    assert len(versions) == 16
    # Each reader's versions come in the order of the pointers.
    assert f"{newest(place).folder}/report.html" in place.read("index.html").decode()


def test_a_page_that_leads_to_an_older_set_is_mended_by_whoever_looks_again(store, monkeypatch):
    place = Place(store)
    publish(a_set("one"), place, 0)
    write = Place.write

    def overtaken(self, files):
        if "index.html" in files and highest(self) == 2:
            monkeypatch.setattr(Place, "write", write)
            publish(a_set("three"), Place(store), 2)
        write(self, files)

    monkeypatch.setattr(Place, "write", overtaken)
    publish(a_set("two"), place, 1)
    assert read(place) == "three"
    assert newest(place).folder in place.read("index.html").decode()


def test_editions_before_those_that_are_kept_go_after_a_day(store):
    place = Place(store)
    for number in range(5):
        publish(a_set(str(number)), place, number)
    gone = tidy(place, 3, time.time() + DAY + 60)
    assert len(gone) == 4
    assert sorted(place.listed("editions")) == [f"editions/{number:06}.json" for number in (3, 4, 5)]
    assert len({name.split("/")[1] for name in place.listed("sets")}) == 3
    assert read(place) == "4"
    # A number is never given twice.
    assert publish(a_set("5"), place, highest(place)).number == 6


def test_what_a_killed_writer_began_in_a_folder_goes_too(tmp_path):
    place = Place(str(tmp_path))
    publish(a_set("one"), place, 0)
    part = tmp_path / "editions" / ".000002.json.abcd.part"
    part.write_text("{")
    os.utime(part, (0, 0))
    assert tidy(place, 2, time.time()) == []
    assert not part.exists()
    assert highest(place) == 1


def test_pages_are_put_as_pages(s3):
    import fsspec

    publish(a_set("one"), Place(f"{s3}/typed"), 0)
    files = fsspec.filesystem("s3")
    (page,) = files.glob("councils/typed/sets/*/report.html")
    kinds = [files.info(path, refresh=True)["ContentType"] for path in (page, "councils/typed/index.html")]
    assert kinds == ["text/html", "text/html"]


def test_a_store_that_is_not_there_is_said_to_be_and_no_traceback(monkeypatch):
    monkeypatch.setattr("mpr_lib.fleet.places.SETTINGS", {"s3": {"endpoint_url": "http://127.0.0.1:9"}})
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(StoreError, match=r"s3://nowhere/x does not answer as expected \(EndpointConnectionError: .*\)"):
        Place("s3://nowhere/x").listed()


def test_a_store_of_which_nothing_is_known_is_refused():
    with pytest.raises(RunError, match=r"ftp://host/x: 'ftp' is no store to publish in\. Expected one of abfs, "):
        Place("ftp://host/x")


def test_an_edition_is_read_again_when_it_was_tidied_meanwhile(store, monkeypatch):
    place = Place(store)
    publish(a_set("one"), place, 0)
    publish(a_set("two"), place, 1)
    numbers = iter([7, 2])
    monkeypatch.setattr(sets, "highest", lambda place: next(numbers))
    assert newest(place).number == 2
