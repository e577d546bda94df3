"""Places: where files lie that are named by a URL, through fsspec; a folder of this machine is one too.

Of a store no more is asked than to put a file whole, and to create one only if it is not there yet.
"""

import mimetypes
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import Any

from mpr_lib.errors import MprError, RunError
from mpr_lib.files import flush_folder, write_whole
from mpr_lib.run.console import is_url

CREATING = {"file", "local", "memory", "s3", "s3a", "abfs", "abfss", "az", "gs", "gcs"}
"""Protocols of stores that are known to create a file only if it is absent."""

SETTINGS = {each: {"config_kwargs": {"connect_timeout": 10}, "max_concurrency": 1} for each in ("s3", "s3a")}
"""What is asked of a protocol's client beside what the environment says; parts side by side cost a request a file."""

TYPED = {"s3": "ContentType", "s3a": "ContentType", "gs": "content_type", "gcs": "content_type"}
"""How a protocol is told what kind of file is put: without it, browsers save pages in place of showing them."""


LASTING = {
    "Credential|AccessKey|Signature|Token|Authentication|Unauthorized|401": "Correct the keys that it is opened with",
    "PermissionError|Denied|Forbidden|403": "Ask whoever looks after it for the right to read or to write there",
    "FileNotFound|NoSuchBucket|BucketName|ParamValidation": "Correct its address, or have the bucket made",
    "ImportError|ModuleNotFound": "Install what it names",
}
"""What goes wrong with stores until somebody does something, by what their clients call it, and what that is."""


class StoreError(RunError):
    """A store that does not answer: nothing is wrong with the data, and a later try may do."""


class Barred(StoreError):
    """A store that will not have us until somebody does something: no later try does."""


class Place:
    """A folder of a store. Names of files are relative to it, with forward slashes.

    What is missing raises ``FileNotFoundError``; whatever else goes wrong with the store ``StoreError``.
    """

    def __init__(self, url: str):
        # Loaded when needed: a workspace in a folder goes without.
        fsspec = imported("fsspec", "store")
        if re.search("//[^/@]*:[^/@]*@", url):
            raise Barred("The URL has a user or a password in it. Give keys as the store's own tools are given them.")
        self.url = url.rstrip("/")
        protocol, _, rest = self.url.partition(":/") if is_url(url) else ("file", "", "/")
        if protocol not in CREATING:
            raise Barred(
                f"{url}: '{protocol}' is no store to publish in. Expected one of {', '.join(sorted(CREATING))}."
            )
        if rest[:1] != "/":
            raise Barred(f"{url} lacks a slash. Expected {protocol}://{'/' * (protocol == 'file')}{rest}.")
        with self._answering():
            # What a client remembers of a listing would hide what others have published since.
            self._files, path = fsspec.url_to_fs(self.url, use_listings_cache=False, **SETTINGS.get(protocol, {}))
        self._path, self._typed = path.rstrip("/"), TYPED.get(protocol, "")
        self._is_local = protocol in ("file", "local")

    def below(self, name: str) -> "Place":
        """A folder in this one."""
        return Place(f"{self.url}/{name}")

    def listed(self, folder: str = "") -> dict[str, str]:
        """Every file below, or below one folder: by its name what tells it from another of that name, from one list."""
        found = {}
        with suppress(FileNotFoundError), self._answering():
            if self._is_local:
                deque(os.walk(self._full(folder), onerror=_refuse), 0)
            found = self._files.find(self._full(folder), detail=True)
        return {path[len(self._path) + 1 :]: _mark(about) for path, about in sorted(found.items())}

    def folders(self) -> list[str]:
        """Names of the folders right in this one."""
        found = []
        with suppress(FileNotFoundError), self._answering():
            found = self._files.ls(self._path, detail=True)
        return sorted(each["name"].rstrip("/").rpartition("/")[2] for each in found if each["type"] == "directory")

    def read(self, name: str) -> bytes:
        with self._answering():
            return self._files.cat_file(self._full(name))

    def read_all(self, names: Iterable[str]) -> dict[str, bytes]:
        """Several files, side by side where the store allows it."""
        paths = {self._full(name): name for name in names}
        with self._answering():
            found = self._files.cat(list(paths)) if paths else {}
        return {paths[path]: raw for path, raw in found.items()}

    def write(self, files: Mapping[str, bytes]) -> None:
        """Put files, each whole: who reads one meanwhile gets what was there or what is."""

        def put(name):
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            with self._answering(is_there=True):
                if self._is_local:
                    write_whole(Path(self._full(name)), files[name])
                else:
                    self._files.pipe_file(self._full(name), files[name], **({self._typed: kind} if self._typed else {}))

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(put, files))

    def create(self, name: str, raw: bytes) -> None:
        """Put a file if it is not there yet; one that is stays as it is, and whoever reads it knows which it was."""
        path = self._full(name)
        with self._answering(is_there=True):
            try:
                _link(Path(path), raw) if self._is_local else self._files.pipe_file(path, raw, mode="create")
            except OSError:
                # Some servers do not say which condition was not met.
                if not self._files.exists(path):
                    raise

    def age(self, name: str, now: float) -> float:
        """Seconds since a file was put."""
        with self._answering():
            return now - self._files.modified(self._full(name)).timestamp()

    def remove(self, names: Iterable[str]) -> None:
        if paths := list(map(self._full, names)):
            with self._answering(), suppress(FileNotFoundError):
                self._files.rm(paths)

    def _full(self, name):
        return f"{self._path}/{name}" if name else self._path

    @contextmanager
    def _answering(self, is_there: bool = False) -> Iterator[None]:
        """Have what goes wrong with a store, of whatever maker, say which store and that nothing else is the matter.

        That something is missing goes wrong only if it ``is_there`` for certain, as the bucket that is written to.
        """
        try:
            yield
        except Exception as error:  # each store's client has errors of its own
            if isinstance(error, MprError) or (isinstance(error, FileNotFoundError) and not is_there):
                raise
            said = " ".join(f"{type(error).__name__}: {error}".split())
            # A client may have put words of its own for what the store called it.
            code = re.match(r"An error occurred \(\w+", str(error.__cause__))
            named = f"{type(error).__name__} {getattr(error, 'status_code', '')} {code and code[0]}"
            for names, todo in LASTING.items():
                if re.search(names, named):
                    raise Barred(f"{self.url} cannot be used ({said[:300]}). {todo}, and run it again.") from error
            raise StoreError(f"{self.url} does not answer as expected ({said[:300]}). Try again later.") from error


def _refuse(error: OSError) -> None:
    """A folder that may not be listed is not an empty one, as fsspec takes it."""
    if not isinstance(error, FileNotFoundError):
        raise error


def imported(name: str, extra: str) -> Any:
    """A module that comes with an extra of this package; ``RunError`` says which where it is not there."""
    try:
        return import_module(name)
    except ImportError as error:
        raise RunError(f"{error}. Install monthly-performance-report[{extra}], which brings it.") from None


def _mark(about: dict[str, Any]) -> str:
    """What a listing says of a file's content: its size, and its ETag or when it was put."""
    names = ("ETag", "etag", "md5Hash", "checksum", "mtime", "LastModified", "last_modified", "created")
    return f"{about.get('size')} {next((about[name] for name in names if about.get(name)), '')}"


def _link(path: Path, raw: bytes) -> None:
    """Write aside, then give it its name, which the system refuses if there is one (fsspec looks, and then writes)."""
    part = write_whole(path.with_name(f".{path.name}.{token_hex(4)}.part"), raw)
    try:
        os.link(part, path)
    finally:
        part.unlink()
    flush_folder(path.parent)
