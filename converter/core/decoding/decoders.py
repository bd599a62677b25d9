"""Decoders as their callers see them: a file goes in, and pages come out or an error."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from converter.core.decoding import wire
from converter.core.decoding.decoder import NOTHING, RAW, Job
from converter.core.decoding.server import FORK, KILL, ORDER, PROCESS
from converter.core.documents import too_complex
from converter.core.errors import ImageError
from converter.core.images import Limits, opened

_ROOT: Final = Path(__file__).resolve().parents[3]  # where `converter` is imported from
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from converter.core.decoding.server import main; main()"
)
# No secret; and arenas of threads would use up the address space that a decoder may have. Pictures
# in large pages of memory save a new process a fault for every 4 KiB, a sixth of its time.
_ENVIRONMENT: Final = {
    "MALLOC_ARENA_MAX": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
_SUFFIXES: Final = {"png", "jpg", RAW, NOTHING}
_BYTES_OF_PIXEL: Final = 4  # more than any page has that is encoded, or raw
_WAITED_FOR: Final = 3  # niceness: pages of others go first
_PATIENT: Final = 5  # and of what nobody waits for
_SLOWER: Final = 10  # the clock's time is so much longer than the processor's on a busy machine
_TRIES: Final = 2  # to get a decoder
_START_SECONDS: Final = 120  # without an answer, until a server is given up; two are the rule
_MANY: Final = 1 << 16
_AT_ONCE: Final = 0.001  # a wait of no seconds would be one without end
_SMALL: Final = 1 << 20  # bytes that a small page may take more

_TOO_MUCH: Final = "It takes more time or memory to draw than a file may."
_NO_PAGE: Final = "It cannot be drawn."


class StillDecoding(Exception):
    """A file takes longer than its caller wants to wait."""


class Unavailable(OSError):
    """No decoder can be started: a fault of this machine, not of the file."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a page and a file may take, in seconds of the processor's time."""

    page: float = 20.0
    file: float = 60.0
    per_page: float = 2.0  # added to `file` for each page that a file may have
    longest: float = 280.0  # of any file, less than whoever waits for it has

    def of_file(self, limits: Limits) -> float:
        return min(self.file + self.per_page * limits.max_pages, self.longest)


@dataclass(frozen=True, slots=True)
class OurPage:
    """A page encoded anew. `data` is a file of the type `suffix`, or RGB pixels if that is raw."""

    number: int
    count: int
    suffix: str
    width: int
    height: int
    data: memoryview
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class RefusedPages:
    """Pages of a document that could not be decoded, while others of it could."""

    first: int
    last: int
    error: ImageError


class Decoders:
    """At most `at_once` decoders, each forked from a process that this one starts when needed.

    Safe for threads. After a fork, make a new one.
    """

    def __init__(self, at_once: int, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._free = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._waiting_since: float | None = None  # the oldest order that the server has not taken

    def decode(
        self,
        path: Path,
        limits: Limits,
        *,
        form: str = "",
        thumbnail_edge: int = 0,
        within: float | None = None,
    ) -> Generator[OurPage | RefusedPages]:
        """Yield each page of a file, or which pages were refused while others were not.

        Pages are encoded anew, or are RAW pixels, or NOTHING but a thumbnail.
        Raises ImageError as `images.open_pages` does, also if no page at all is left;
        StillDecoding if it takes longer than `within` seconds; Unavailable.
        """
        job = Job(
            limits,
            page_seconds=self.bounds.page,
            file_seconds=self.bounds.of_file(limits),
            form=form,
            thumbnail_edge=thumbnail_edge,
            niceness=_WAITED_FOR if within else _PATIENT,
        )
        until = None if within is None else time.monotonic() + within
        with opened(path) as source, self._turn(until):
            yield from _Decoding(self, source.fileno(), job, until).pages()

    def warm_up(self) -> None:
        """Start the process that decoders are forked from, and don't wait for it."""
        with self._lock:
            if not self._server:
                self._start()

    def close(self) -> None:
        """End the process that decoders are forked from, and with it all of them."""
        with self._lock:
            self._stop()

    @contextmanager
    def _turn(self, until: float | None) -> Iterator[None]:
        if not self._free.acquire(
            timeout=-1 if until is None else max(0, until - time.monotonic())
        ):
            raise StillDecoding
        try:
            yield
        finally:
            self._free.release()

    def fork(self, until: float | None = None) -> tuple[socket.socket, int]:
        """The connection to a new decoder, and its process id.

        Nobody waits for another's: an order is sent in a moment, and the decoder itself answers.
        Raises Unavailable; StillDecoding if there is none by then.
        """
        for _ in range(_TRIES):
            connection, server = self._order()
            with _closed_on_error(connection):
                if process := self._greeted(connection, until):
                    return connection, process
            connection.close()
            self._replace(server)
        raise Unavailable("no decoder could be started")

    def kill(self, process: int) -> None:
        with self._lock, suppress(OSError):
            if self._control:
                self._control.sendall(ORDER.pack(KILL, process))

    def _order(self) -> tuple[socket.socket, subprocess.Popen[bytes]]:
        """Our end of a connection whose other end was sent to a server, and that server.

        If the order does not arrive, the other end is closed.
        """
        ours, theirs = socket.socketpair()
        with _closed_on_error(ours), theirs, self._lock:
            if not (self._server and self._control) or self._is_lost(self._server):
                self._stop()
                self._start()
            assert self._server  # noqa: S101
            assert self._control  # noqa: S101
            self._waiting_since = self._waiting_since or time.monotonic()
            with suppress(OSError):
                socket.send_fds(self._control, [ORDER.pack(FORK, 0)], [theirs.fileno()])
            return ours, self._server

    def _is_lost(self, server: subprocess.Popen[bytes]) -> bool:
        """Whether a server has ended, or has taken no order for so long that it never will."""
        assert self._control  # noqa: S101
        with suppress(OSError):
            if self._control.recv(_MANY):  # a byte for each order that it took
                self._waiting_since = None
        since = self._waiting_since
        is_silent = since is not None and time.monotonic() - since > _START_SECONDS
        return is_silent or server.poll() is not None

    def _greeted(self, connection: socket.socket, until: float | None) -> int:
        """The id that a new decoder sends of itself; 0 if none came to be."""
        seconds: float = _START_SECONDS
        if until is not None:
            seconds = min(seconds, max(_AT_ONCE, until - time.monotonic()))
        connection.settimeout(seconds)
        try:
            answer = connection.recv(PROCESS.size, socket.MSG_WAITALL)
        except TimeoutError as error:
            if seconds < _START_SECONDS:
                raise StillDecoding from error
            return 0
        except OSError:
            return 0
        if len(answer) < PROCESS.size:
            return 0
        return int(PROCESS.unpack(answer)[0])

    def _replace(self, server: subprocess.Popen[bytes]) -> None:
        """End a server that gave no decoder, if nobody has yet; the next order starts another."""
        with self._lock:
            if self._server is server:
                self._stop()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)  # a server that takes no orders is lost
        self._waiting_since = None
        with theirs:
            try:
                self._server = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-I", "-c", _START, str(_ROOT)],
                    stdin=theirs.fileno(),  # number 0: select(2) takes none above a thousand
                    stdout=subprocess.DEVNULL,
                    env=_ENVIRONMENT,
                    cwd="/",
                    start_new_session=True,
                )
            except OSError as error:
                raise Unavailable(f"no decoder could be started: {error}") from error

    def _stop(self) -> None:
        if self._control:
            self._control.close()  # by which the server ends
        if self._server:
            self._server.kill()
            self._server.wait()
        self._server = self._control = None


@contextmanager
def _closed_on_error(connection: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


class _Decoding:
    """One file on its way through as many decoders as it takes."""

    def __init__(self, decoders: Decoders, source: int, job: Job, until: float | None) -> None:
        self.decoders = decoders
        self.source = source
        self.job = job
        self.until = until
        self.used = 0.0  # seconds of the processor's time in decoders that are gone
        self.count = 0  # of pages; 0 until it is known
        self.done = 0  # the last page that is dealt with
        self.decoded = 0
        self.refused: list[RefusedPages] = []

    def pages(self) -> Iterator[OurPage | RefusedPages]:
        while True:
            fault: ImageError | None = None
            try:
                yield from self._by_one_decoder()
            except _Fault as error:
                fault = error.reason
            if fault is None:
                break
            if not self.count:  # it came to its end before its pages were known
                raise fault
            self._refuse(self.done + 1, fault)
            if self.done == self.count:
                break
            if self.used >= self.job.file_seconds:
                self._refuse(self.count, too_complex("The whole file takes too long to draw."))
                break
        if self.refused and not self.decoded:
            raise self.refused[0].error
        yield from self.refused

    def _by_one_decoder(self) -> Iterator[OurPage]:
        """The pages up to the end. Raises _Fault over the one at which the decoder ended."""
        left = self.job.file_seconds - self.used
        seconds = 0.0
        with self._decoder(replace(self.job, first=self.done + 1, file_seconds=left)) as connection:
            try:
                for message, payload in self._messages(connection):
                    if self._is_told(message):
                        continue
                    page, seconds = self._checked(message, payload), _seconds(message)
                    self.done = page.number
                    self.decoded += 1
                    yield page
            except _Fault:
                self.used += seconds + self.job.page_seconds
                raise

    def _checked(self, message: dict[str, Any], payload: bytearray) -> OurPage:
        page = _page_of(message, payload, self.job.limits)
        if not self.done < page.number <= self.count:
            raise _Fault(too_complex(_NO_PAGE))
        return page

    def _is_told(self, message: dict[str, Any]) -> bool:
        """Whether a message is the number of pages."""
        count = message.get("count")
        if "page" in message or not isinstance(count, int):
            return False
        if not 0 < count <= self.job.limits.max_pages or self.count not in {0, count}:
            raise _Fault(too_complex(_NO_PAGE))
        self.count = count
        return True

    def _refuse(self, last: int, error: ImageError) -> None:
        self.refused.append(RefusedPages(self.done + 1, last, error))
        self.done = last

    @contextmanager
    def _decoder(self, job: Job) -> Iterator[socket.socket]:
        connection, process = self.decoders.fork(self.until)
        with closing(connection):
            try:
                self._wait_at_most(connection)
                socket.send_fds(connection, [b"f"], [self.source])
                wire.send(connection, job.to_json())
                yield connection
            finally:
                self.decoders.kill(process)

    def _wait_at_most(self, connection: socket.socket) -> None:
        seconds = _SLOWER * self.job.page_seconds
        if self.until is not None:
            seconds = min(seconds, self.until - time.monotonic())
            if seconds <= 0:
                raise StillDecoding
        connection.settimeout(seconds)

    def _messages(self, connection: socket.socket) -> Iterator[tuple[dict[str, Any], bytearray]]:
        most = _BYTES_OF_PIXEL * self.job.limits.max_pixels + _SMALL
        while True:
            self._wait_at_most(connection)
            try:
                message, payload = wire.receive(connection, most)
            except TimeoutError as error:
                if self.until is not None and time.monotonic() >= self.until:
                    raise StillDecoding from error
                raise _Fault(too_complex("It takes too long to draw.")) from error
            except (wire.Closed, OSError) as error:
                raise _Fault(too_complex(_TOO_MUCH)) from error
            if "end" in message:
                return
            yield message, payload


class _Fault(Exception):
    """A decoder came to its end over a page, for this reason."""

    def __init__(self, reason: ImageError) -> None:
        super().__init__(str(reason))
        self.reason = reason


def _page_of(message: dict[str, Any], payload: bytearray, limits: Limits) -> OurPage:
    """What a decoder says, checked: one that a file has taken over may say anything."""
    try:
        if "fault" in message:
            raise _Fault(ImageError(str(message["fault"]), str(message["message"])))
        if "error" in message:
            raise ImageError(str(message["error"]), str(message["message"]))
        split = len(payload) - int(message["thumbnail"])
        page = OurPage(
            number=int(message["page"]),
            count=int(message["count"]),
            suffix=str(message["suffix"]),
            width=int(message["width"]),
            height=int(message["height"]),
            data=memoryview(payload)[:split],
            thumbnail=bytes(payload[split:]),
        )
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise _Fault(too_complex(_NO_PAGE)) from error
    is_within = min(page.width, page.height) > 0 and page.width * page.height <= limits.max_pixels
    if page.suffix not in _SUFFIXES or split < 0 or not is_within:
        raise _Fault(too_complex(_NO_PAGE))
    if page.suffix == RAW and len(page.data) != 3 * page.width * page.height:
        raise _Fault(too_complex(_NO_PAGE))
    return page


def _seconds(message: dict[str, Any]) -> float:
    seconds = message.get("seconds")
    return seconds if isinstance(seconds, float) else 0.0
