"""A siege: attacks from many connections at once, while somebody looks at pages and processes."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from tests.attacks.lists import LISTS, Body
from tests.support.app import PATIENCE, RunningApp
from tests.support.migrated import migrate

CONNECTIONS: Final = 16
AT_ONCE: Final = 4  # files in one request
PAGES: Final = ("/", "/healthz", "/batches/")

# What a file of a stranger may be told; a fault of ours would have another code.
REFUSALS: Final = frozenset(
    {
        "damaged_image",
        "damaged_pdf",
        "empty_file",
        "encrypted_pdf",
        "too_complex",
        "too_many_pages",
        "too_many_pixels",
        "too_small",
        "unsupported_type",
    }
)
_MEBIBYTE: Final = 1 << 20
_BYTES_OF_PIXEL: Final = 16  # as decoders count them
_OF_DECODER: Final = (256 + 160 + 4 * 10) * _MEBIBYTE  # beside pixels: its own, and of files
_OF_OTHERS: Final = 700 * _MEBIBYTE
_LOG_OF_ATTACK: Final = 4_096  # bytes: a line or two for each request, and each page refused
_TICK: Final = 0.2
_POLL: Final = 3.0  # seconds between two questions whether files were looked at
_LONGEST: Final = 3_600  # seconds until all files were looked at, each for minutes
_END: Final = re.compile("was sent SIG|WORKER TIMEOUT|guard of the workers|worker processes anew")


@dataclass
class Outcome:
    """What a siege brought: an answer for each attack, visits, and the most memory by kind."""

    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)  # by the file, its last code
    pages: int = 0
    visits: list[tuple[int, float]] = field(default_factory=list)  # status, seconds
    memory: dict[str, int] = field(default_factory=dict)


class Siege:
    """Attacks on an app that runs."""

    def __init__(self, app: RunningApp, pixels: int) -> None:
        self.app = app
        self.pixels = pixels
        self.outcome = Outcome()
        self._lock = threading.Lock()

    def lay(self, files: Mapping[str, bytes], bodies: Mapping[str, Body]) -> Outcome:
        """Send all of it from `CONNECTIONS` at once, and wait until all of it is settled."""
        groups = grouped(files)
        shares: list[tuple[list[Any], list[Any]]] = [
            (groups[n::CONNECTIONS], list(bodies.items())[n::CONNECTIONS])
            for n in range(CONNECTIONS)
        ]
        gate = threading.Barrier(CONNECTIONS)
        faults: list[BaseException] = []

        def attack(share: tuple[list[Any], list[Any]]) -> None:
            try:
                self._attack(gate, *share)
            except BaseException as error:  # noqa: BLE001  told by the thread that waits
                faults.append(error)

        threads = [threading.Thread(target=attack, args=(share,)) for share in shares]
        with self._watching():
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        if faults:
            raise faults[0]
        return self.outcome

    def visit(self, times: int) -> list[float]:
        """Look at pages so often; the seconds that each took."""
        return [self._look(number)[1] for number in range(times)]

    def _attack(
        self,
        gate: threading.Barrier,
        groups: Sequence[Sequence[tuple[str, bytes]]],
        bodies: Sequence[tuple[str, Body]],
    ) -> None:
        with httpx.Client(base_url=self.app.url, timeout=PATIENCE) as client:
            job = client.post("/api/v1/jobs").json()["job_id"]
            gate.wait()
            for group in groups:
                with self._noting(", ".join(name for name, _ in group)) as answers:
                    answers.append(_add(client, job, group))
            for name, body in bodies:
                with self._noting(name) as answers:
                    answers.append(_send(client, body))
            status = _wait_until_settled(client, job)
            with self._lock:
                self.outcome.pages += status["total_images"]
                self.outcome.refused |= {
                    one["filename"].partition(".bin")[0]: one["code"] for one in status["refused"]
                }
            assert client.delete(f"/api/v1/jobs/{job}").is_success

    @contextmanager
    def _noting(self, name: str) -> Iterator[list[httpx.Response]]:
        """Notes the answer, or that there was none."""
        answers: list[httpx.Response] = []
        try:
            yield answers
            status, code = answers[0].status_code, answers[0].json().get("code", "")
        except httpx.HTTPError as error:
            status, code = 0, repr(error)
        with self._lock:
            self.outcome.answers[name] = status, code

    @contextmanager
    def _watching(self) -> Iterator[None]:
        done = threading.Event()
        watchers = [
            threading.Thread(target=self._watch_pages, args=(done,)),
            threading.Thread(target=self._watch_memory, args=(done,)),
        ]
        for watcher in watchers:
            watcher.start()
        try:
            yield
        finally:
            done.set()
            for watcher in watchers:
                watcher.join()

    def _watch_pages(self, done: threading.Event) -> None:
        while not done.wait(_TICK):
            self.outcome.visits.append(self._look(len(self.outcome.visits)))

    def _look(self, number: int) -> tuple[int, float]:
        begun = time.perf_counter()
        try:
            status = httpx.get(
                self.app.url + PAGES[number % len(PAGES)], timeout=PATIENCE
            ).status_code
        except httpx.HTTPError:
            status = 0
        return status, time.perf_counter() - begun

    def _watch_memory(self, done: threading.Event) -> None:
        most = self.outcome.memory
        while not done.wait(_TICK):
            for process in self.app.processes():
                with suppress(psutil.Error):
                    kind = "decoder" if _decodes(process) else "other"
                    most[kind] = max(most.get(kind, 0), process.memory_info().rss)


def grouped(files: Mapping[str, bytes]) -> list[list[tuple[str, bytes]]]:
    """The files of each request: one for each connection at least, where there are enough."""
    every, size = list(files.items()), max(1, min(AT_ONCE, len(files) // CONNECTIONS))
    return [every[first : first + size] for first in range(0, len(every), size)]


@contextmanager
def besieged(folder: Path, pixels: int, page_seconds: float) -> Iterator[Siege]:
    """An app to be attacked, with the bounds that are given."""
    app = RunningApp(
        folder,
        DJANGO_SETTINGS_MODULE="tests.attacks.settings",
        ATTACK_PAGE_SECONDS=str(page_seconds),
        MAX_PIXELS=str(pixels),
        UPLOAD_WAIT_SECONDS="2",
        ALLOW_URL_IMPORT="true",
    )
    migrate(app)
    with app:
        app.wait_until_ready()
        yield Siege(app, pixels)


def faults_of(siege: Siege, outcome: Outcome) -> list[str]:
    """All that must not be; nothing where the app has held."""
    return [
        *(
            f"{name}: answered {status} {code}"
            for name, (status, code) in outcome.answers.items()
            # Who is refused early may not have sent all yet, and find the connection closed.
            if not (200 <= status < 500 or (status == 0 and name in LISTS))
        ),
        *(f"in the log: {line}" for line in _ends(siege.app.log.read_text())),
        *(
            f"{name}: refused as {code}"
            for name, code in outcome.refused.items()
            if code not in REFUSALS
        ),
        *(f"a page was answered {status}" for status, _ in outcome.visits if status != 200),
        *_too_large(siege, outcome),
        *(f"left on the disk: {path}" for path in left_behind(siege.app)),
        *_log_flood(siege, outcome),
    ]


def left_behind(app: RunningApp) -> list[str]:
    """Files of pictures or uploads that nobody needs, now that all is deleted."""
    folders = (app.data_dir / name for name in ("temp", "batches", "thumbnails", "uploads"))
    return [str(path) for folder in folders for path in folder.rglob("*") if path.is_file()]


def _too_large(siege: Siege, outcome: Outcome) -> Iterator[str]:
    bounds = {"decoder": _OF_DECODER + _BYTES_OF_PIXEL * siege.pixels, "other": _OF_OTHERS}
    for kind, most in outcome.memory.items():
        if most > bounds[kind]:
            yield f"a process ({kind}) took {most / _MEBIBYTE:.0f} MiB"


def _ends(log: str) -> list[str]:
    """Lines that tell of a web or worker process that was killed, or did not answer."""
    return [line for line in log.splitlines() if _END.search(line)]


def _log_flood(siege: Siege, outcome: Outcome) -> Iterator[str]:
    events = len(outcome.answers) * AT_ONCE + len(outcome.visits) + 100
    size = siege.app.log.stat().st_size
    if size > _LOG_OF_ATTACK * events:
        yield f"the log has {size} bytes after {events} events"


def _decodes(process: psutil.Process) -> bool:
    try:
        return "decoding" in " ".join(process.cmdline())
    except psutil.Error:  # it has ended
        return True


def _add(client: httpx.Client, job: str, group: Sequence[tuple[str, bytes]]) -> httpx.Response:
    sent = [("files", (f"{name}.bin", data)) for name, data in group]
    return client.post(f"/api/v1/jobs/{job}/images", files=sent)


def _send(client: httpx.Client, body: Body) -> httpx.Response:
    data = body.made()
    if body.kind == "text/csv":
        return client.post(body.path, files={"file": ("list.csv", data, body.kind)})
    return client.post(body.path, content=data, headers={"Content-Type": body.kind})


def _wait_until_settled(client: httpx.Client, job: str) -> dict[str, Any]:
    """The status of a job once none of its files is still to be looked at."""
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        answer = client.get(f"/api/v1/jobs/{job}")
        if answer.is_success and not answer.json()["pending_files"]:
            status: dict[str, Any] = answer.json()
            return status
        time.sleep(_POLL)
    raise AssertionError("waited in vain for all files to be looked at")
