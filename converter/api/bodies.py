"""JSON bodies with pictures: kept on disk, with one picture in memory at a time.

A body is written to a file, and its long strings stay there. The rest is small: it is parsed as
usual, with a `Stretch` in the place of each long string.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from tempfile import NamedTemporaryFile
from types import MappingProxyType
from typing import IO, Any, Final

from django.conf import settings
from django.http import HttpRequest

from converter.core.errors import TablexlError
from converter.uploads.handler import is_disk_full

LONG: Final = 16 * 1024  # bytes of a string that stays on disk
REST: Final = 8 * 1024 * 1024  # bytes of everything else
_PIECE: Final = 256 * 1024
_DEEPEST: Final = 32

# A string to its end, or to the end of the body, so that each byte is scanned once. The number of
# escapes is bounded, since each takes memory until the match ends; `_MORE` matches the rest.
_INSIDE: Final = rb'[^"\\]*(?:\\.[^"\\]*){0,4096}("|\\?\Z)?'
_STRING: Final = re.compile(rb'"' + _INSIDE, re.DOTALL)
_MORE: Final = re.compile(_INSIDE, re.DOTALL)
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")

_NO_JSON: Final = "The body is no JSON that could be read; check that it was sent whole."
_FULL: Final = "There is no room for pictures here at present. Try again later."
_TOO_LARGE: Final = (
    "This body holds more than the server takes at once. Send fewer images a call, or files as"
    " multipart/form-data; a job takes images in several calls."
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A long string of a body, still on disk; `size` is in bytes."""

    body: Body
    start: int
    size: int

    def read(self) -> str:
        return self.body.text(self.start, self.size)


class Body:
    """The body of a request, in a file that is deleted when it is closed."""

    def __init__(self, request: HttpRequest) -> None:
        if is_disk_full():
            raise TablexlError("disk_full", _FULL)
        self._file: IO[bytes] = NamedTemporaryFile(  # noqa: SIM115  closed by `close`
            dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".upload"
        )
        self._hash = sha256()
        size = 0
        while piece := request.read(_PIECE):
            size += len(piece)
            if size > settings.MAX_REQUEST_SIZE:
                self.close()
                raise TablexlError("request_too_large", _TOO_LARGE)
            self._hash.update(piece)
            self._file.write(piece)
        self._file.flush()
        self.size = size

    def close(self) -> None:
        self._file.close()

    @property
    def fingerprint(self) -> str:
        return self._hash.hexdigest()

    def text(self, start: int, size: int) -> str:
        self._file.seek(start)
        return str(json.loads(self._file.read(size)))

    def parsed(self) -> Any:
        """The JSON; raises TablexlError `bad_request` or `request_too_large`."""
        if not self.size:
            raise TablexlError("bad_request", _NO_JSON)
        stretches: list[Stretch] = []
        mark = token_hex(16)  # followed by a number, stands for a long string
        rest: list[bytes] = []
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            left, end = REST, 0
            for start, stop in _long_strings(content):
                left -= start - end
                if left < 0:
                    break
                rest += [content[end:start], f'"{mark}{len(stretches)}"'.encode()]
                stretches.append(Stretch(self, start, stop - start))
                end = stop
            if left < len(content) - end:
                raise TablexlError("request_too_large", _TOO_LARGE)
            rest.append(content[end:])
        try:
            tree = json.loads(b"".join(rest).decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise TablexlError("bad_request", _NO_JSON) from error
        return plain(tree, {f"{mark}{n}": stretch for n, stretch in enumerate(stretches)})


def body_of(request: HttpRequest) -> Body:
    """The body, read once; `discard` closes it."""
    body: Body | None = getattr(request, "json_body", None)
    if body is None:
        body = Body(request)
        request.json_body = body  # type: ignore[attr-defined]
    return body


def discard(request: HttpRequest) -> None:
    body: Body | None = getattr(request, "json_body", None)
    if body:
        body.close()


def is_storable(text: str) -> bool:
    """Whether every database accepts it: no NUL, no lone surrogate."""
    return not _UNSTORABLE.search(text)


def _long_strings(content: mmap.mmap) -> Iterator[tuple[int, int]]:
    """The start and end of each long string, with its quotes."""
    end = 0
    while match := _STRING.search(content, end):
        end = match.end()
        if match[1] is None:
            end = next(more.end() for more in _MORE.finditer(content, end) if more[1] is not None)
        if end - match.start() > LONG:
            yield match.start(), end


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def plain(
    tree: Any, stretches: Mapping[str, Stretch] = MappingProxyType({}), depth: int = 0
) -> Any:
    """A JSON tree with each stretch in its place. Raises TablexlError if it is nested too deeply,
    or contains text that cannot be stored."""
    if depth > _DEEPEST:
        raise TablexlError("bad_request", _NO_JSON)
    match tree:
        case str():
            if not is_storable(tree):
                raise TablexlError("bad_request", "The body contains invalid Unicode.")
            return stretches.get(tree, tree)
        case dict():
            return {name: plain(value, stretches, depth + 1) for name, value in tree.items()}
        case list():
            return [plain(value, stretches, depth + 1) for value in tree]
        case _:
            return tree
