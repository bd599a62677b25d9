"""A ZIP archive as a stream: never whole, neither in memory nor on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

Entry = tuple[str, Iterable[bytes]]


class _Pipe(RawIOBase):
    """Collects what is written until it is fetched. It has no position, like a socket."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def fetch(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data


def zipped(entries: Iterable[Entry], moment: datetime, *, compress: bool) -> Iterator[bytes]:
    """The archive piece by piece, while the entries are made. All carry the given time, in UTC.

    Without compression, as is best for pictures, which are compressed already.
    """
    pipe = _Pipe()
    with ZipFile(cast(Any, pipe), "w") as archive:
        for name, pieces in entries:
            info = ZipInfo(name, moment.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED if compress else ZIP_STORED
            info.external_attr = 0o644 << 16  # a file that its owner may write and others read
            with archive.open(info, "w") as entry:
                for piece in pieces:
                    entry.write(piece)
                    yield pipe.fetch()
            yield pipe.fetch()
    yield pipe.fetch()
