"""How files are kept, under keys like `batches/May/x.png`. Knows nothing of batches.

Here: the contract, and folders on this machine's disk. An object store is in `s3`.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from secrets import token_hex
from typing import BinaryIO, Protocol

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as a store lists it."""

    key: str
    size: int
    since: datetime

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def folder(self) -> str:
        return self.key.rpartition("/")[0]


class Store(Protocol):
    """Where files are kept. Each step can be repeated; what cannot be done raises OSError."""

    def path(self, key: str) -> PurePath:
        """The name by which people find a file."""

    def exists(self, key: str) -> bool: ...

    def move(self, source: str, target: str) -> None:
        """At no moment is the file at neither place. Nothing happens if it is not at `source`."""

    def move_all(self, moves: Iterable[tuple[str, str]], seconds: float) -> bool:
        """Begin as many moves as fit into `seconds`. False if some are left, or failed."""

    def copy(self, source: str, target: str) -> None:
        """Raises FileNotFoundError."""

    def write(self, key: str, data: bytes) -> None:
        """Whole or not at all."""

    def receive(self, folder: str) -> AbstractContextManager[Path]:
        """A local folder, whose files are moved to `folder` at the end of the block."""

    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """The file as one on this machine. Raises FileNotFoundError."""

    def open(self, key: str) -> BinaryIO:
        """The file as a stream, which is not to be sought in. Raises FileNotFoundError."""

    def discard(self, keys: Iterable[str]) -> None: ...

    def discard_folder(self, folder: str) -> None: ...

    def drop_if_empty(self, folder: str) -> None: ...

    def files(self, folder: str) -> Iterator[StoredFile]:
        """All files below a folder."""

    def folders(self, folder: str) -> Iterator[str]:
        """The names of the folders in a folder."""


def moved(store: Store, source: str, target: str) -> bool:
    """Move a file, or log that it could not be moved; it is found where it is."""
    try:
        store.move(source, target)
    except OSError:
        logger.exception("The file %s was not moved to %s", source, target)
        return False
    return True


def _unless_gone(error: OSError) -> None:
    """A folder that was moved or deleted just now has no files; any other one must be listed."""
    if not isinstance(error, FileNotFoundError):
        raise error


class LocalStore:
    """Folders below `root`; a move is a rename, so a file is at one place at every moment."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, key: str) -> Path:
        return self._root / key

    def exists(self, key: str) -> bool:
        return self.path(key).is_file()

    def move(self, source: str, target: str) -> None:
        if not self.exists(source):
            return
        path = self.path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # moved by somebody else just now
            self.path(source).rename(path)

    def move_all(self, moves: Iterable[tuple[str, str]], seconds: float) -> bool:  # noqa: ARG002
        outcomes = [moved(self, *move) for move in moves]  # ten thousand renames take a second
        return all(outcomes)

    def copy(self, source: str, target: str) -> None:
        """A hard link where the disk can, since stored files are never written to."""
        path = self.path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # perhaps half of it, from before a crash
        try:
            path.hardlink_to(self.path(source))
        except FileNotFoundError:
            raise
        except OSError:  # another disk, or one that has no links
            shutil.copyfile(self.path(source), path)

    def write(self, key: str, data: bytes) -> None:
        path = self.path(key)
        partly = path.with_suffix(f".{token_hex(8)}")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partly.write_bytes(data)
            partly.replace(path)
        finally:
            partly.unlink(missing_ok=True)

    @contextmanager
    def receive(self, folder: str) -> Iterator[Path]:
        path = self.path(folder)
        path.mkdir(parents=True, exist_ok=True)
        yield path

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        yield self.path(key)

    def open(self, key: str) -> BinaryIO:
        return self.path(key).open("rb")

    def discard(self, keys: Iterable[str]) -> None:
        for path in map(self.path, keys):
            path.unlink(missing_ok=True)

    def discard_folder(self, folder: str) -> None:
        path = self.path(folder)
        shutil.rmtree(path, ignore_errors=True)  # somebody else may do the same
        if path.exists():
            raise OSError(f"The folder {path} could not be deleted.")

    def drop_if_empty(self, folder: str) -> None:
        with suppress(OSError):
            self.path(folder).rmdir()

    def files(self, folder: str) -> Iterator[StoredFile]:
        for parent, _, names in os.walk(self.path(folder), onerror=_unless_gone):
            for path in map(Path(parent).joinpath, names):
                with suppress(FileNotFoundError):  # moved or deleted just now
                    yield self._listed(path)

    def folders(self, folder: str) -> Iterator[str]:
        with suppress(FileNotFoundError):
            yield from (path.name for path in self.path(folder).iterdir() if path.is_dir())

    def _listed(self, path: Path) -> StoredFile:
        seen = path.stat()
        since = datetime.fromtimestamp(seen.st_ctime, UTC)  # a second name has the bytes' old age
        return StoredFile(path.relative_to(self._root).as_posix(), seen.st_size, since)
