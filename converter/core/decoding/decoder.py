"""A decoder: the process in which one file of a stranger is opened, and which ends with it."""

from __future__ import annotations

import os
import socket
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Final

from converter.core.decoding import sandbox, wire
from converter.core.decoding.encoding import encoded, thumbnail
from converter.core.documents import TOO_COMPLEX, too_complex
from converter.core.errors import ImageError
from converter.core.images import DecodedPage, Limits, decoded_pages

RAW: Final = "raw"  # the pixels as they are, as a page's suffix
NOTHING: Final = "nothing"  # but its thumbnail

_BYTES_OF_PIXEL: Final = 16  # of the largest page: as it is decoded, on paper, turned, in RGB
_MEMORY: Final = 256 * 1024 * 1024  # beside the pixels: tables, fonts, and the parts of a document


@dataclass(frozen=True, slots=True)
class Job:
    """What to make of a file: its pages from `first` on, encoded, or in the form that is named.

    `page_seconds` and `file_seconds` are of the processor's time.
    """

    limits: Limits
    page_seconds: float
    file_seconds: float
    first: int = 1
    form: str = ""
    thumbnail_edge: int = 0
    niceness: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Job:
        return cls(**values | {"limits": Limits(**values["limits"])})


def serve(connection: socket.socket, address_space: int) -> None:
    """Decode the one file that comes over a connection.

    `address_space` is what this process has to begin with, or 0 where memory cannot be limited.
    """
    _, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
    message, _ = wire.receive(connection, 0)
    job = Job.from_json(message)
    with os.fdopen(descriptors[0], "rb") as source:
        os.nice(job.niceness)
        if address_space:
            size = os.fstat(source.fileno()).st_size
            sandbox.limit_memory(address_space + _memory_for(size, job.limits))
        sandbox.limit_time(job.page_seconds, job.file_seconds)
        sandbox.give_up_calls()
        try:
            _decode(source, job, connection)
        except ImageError as error:
            # What is too complex is a page, and others may not be.
            kind = "fault" if error.code == TOO_COMPLEX else "error"
            wire.send(connection, {kind: error.code, "message": error.message})
        except MemoryError:
            reason = too_complex("It takes more memory than a file may.")
            wire.send(connection, {"fault": reason.code, "message": reason.message})


def _memory_for(size: int, limits: Limits) -> int:
    return _MEMORY + _BYTES_OF_PIXEL * limits.max_pixels + 4 * size


def _decode(source: BinaryIO, job: Job, connection: socket.socket) -> None:
    def tell(count: int) -> None:
        wire.send(connection, {"count": count})

    for page in decoded_pages(source, job.limits, job.first, tell):
        _send(page, source, job, connection)
        # A page's time begins when the one before it is done.
        sandbox.limit_time(job.page_seconds, job.file_seconds)
    wire.send(connection, {"end": True})


def _send(page: DecodedPage, source: BinaryIO, job: Job, connection: socket.socket) -> None:
    small = thumbnail(page, job.thumbnail_edge) if job.thumbnail_edge else b""
    if job.form == NOTHING:
        suffix, data, (width, height) = NOTHING, b"", page.image.size
    elif job.form == RAW:
        picture = page.upright()
        suffix, data, (width, height) = RAW, picture.tobytes(), picture.size
    else:
        suffix, data, width, height = encoded(page, source)
    message = {
        "page": page.number,
        "count": page.count,
        "suffix": suffix,
        "width": width,
        "height": height,
        "thumbnail": len(small),
        "seconds": sandbox.seconds_used(),
    }
    wire.send(connection, message, data + small if small else data)
