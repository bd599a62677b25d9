"""Decoders: what a hostile file costs is its own page, within bounds, and nobody else's time."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from converter.core.decoding import decoders as module
from converter.core.decoding.decoders import (
    Bounds,
    Decoders,
    OurPage,
    RefusedPages,
    StillDecoding,
    Unavailable,
)
from converter.core.decoding.pages import page_images, store_pages
from converter.core.documents import MOST_OBJECTS
from converter.core.errors import ImageError
from converter.core.images import Limits, open_pages
from tests.support import bombs
from tests.support.decoding import DECODERS, HASTY
from tests.support.hostile_files import GoodFile, draw, encode, good_files, pdf, png

LIMITS = Limits()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "upload"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stored").mkdir()
    return tmp_path / "stored"


@pytest.fixture
def own() -> Iterator[Decoders]:
    made = Decoders(1)
    yield made
    made.close()


@pytest.fixture
def patient() -> Iterator[Decoders]:
    """Decoders that no time ends."""
    made = Decoders(2, Bounds(page=600.0, file=600.0, longest=600.0))
    yield made
    made.close()


def decoded(decoders: Decoders, path: Path) -> list[OurPage | RefusedPages]:
    return list(decoders.decode(path, LIMITS))


def endure(decoders: Decoders, path: Path) -> None:
    """Decode until something ends it."""
    with suppress(ImageError, Unavailable):
        decoded(decoders, path)


def children_of(decoders: Decoders) -> list[psutil.Process]:
    assert decoders._server
    return [one for one in psutil.Process(decoders._server.pid).children() if one.is_running()]


def soon(condition: Callable[[], object]) -> bool:
    """Whether it comes true; nothing should take anywhere near so long, a server's start twice."""
    until = time.monotonic() + 180
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return bool(condition())


# --- what is refused ---


@pytest.mark.parametrize("what", [what for what in bombs.bombs() if what != "soft masks"])
def test_a_bomb_is_refused_and_leaves_nothing(source: Path, folder: Path, what: str) -> None:
    source.write_bytes(bombs.bombs()[what])
    with pytest.raises(ImageError) as caught:
        store_pages(HASTY.decode(source, LIMITS), folder)
    assert caught.value.code == "too_complex"
    assert list(folder.iterdir()) == []


def test_the_good_pages_of_the_same_document_go_on(source: Path, folder: Path) -> None:
    source.write_bytes(bombs.tiling(good_pages=2))
    stored = store_pages(HASTY.decode(source, LIMITS), folder)
    assert [page.page for page in stored.pages] == [2, 3]
    [refused] = stored.refused
    assert (refused.first, refused.last, refused.error.code) == (1, 1, "too_complex")
    assert {page.file for page in stored.pages} == {path.name for path in folder.iterdir()}


def test_a_file_that_takes_too_long_in_all_keeps_what_was_drawn(
    source: Path, own: Decoders
) -> None:
    source.write_bytes(bombs.several_tilings(bad=9, good=1))
    own.bounds = Bounds(page=1.0, file=1.0, per_page=0.0)
    *pages, first, rest = decoded(own, source)
    assert [page.number for page in pages if isinstance(page, OurPage)] == [1]
    assert isinstance(first, RefusedPages)
    assert isinstance(rest, RefusedPages)
    assert (first.first, first.last, rest.first, rest.last) == (2, 2, 3, 10)


def test_memory_is_bounded(source: Path, patient: Decoders) -> None:
    """Nested operators that would take gigabytes: the decoder ends, and not for want of time."""
    source.write_bytes(bombs.deflated_twice(1 << 30))
    with pytest.raises(ImageError, match="memory"):
        list(patient.decode(source, Limits(max_pixels=100_000)))


def test_a_page_of_a_million_steps_is_not_drawn_and_the_next_one_is(source: Path) -> None:
    source.write_bytes(bombs.many_operators(MOST_OBJECTS + 1, good_pages=1))
    [page, refused] = decoded(DECODERS, source)
    assert isinstance(page, OurPage)
    assert isinstance(refused, RefusedPages)
    assert page.number == 2
    assert "1,000,001 steps" in refused.error.message


def test_nesting_is_bounded_by_the_parser(source: Path, patient: Decoders) -> None:
    """PDFium looks at objects and forms to some depth, which costs next to nothing."""
    for deep in (bombs.nested_arrays(), bombs.nested_forms(depth=2_000, fan=1)):
        source.write_bytes(deep)
        patient.bounds = Bounds(page=5.0, file=5.0, per_page=0.0)
        assert len(decoded(patient, source)) == 1


def test_a_jpeg_of_a_hundred_scans_is_too_complex(source: Path) -> None:
    source.write_bytes(bombs.progressive_scans(scans=101))
    with pytest.raises(ImageError, match="scans"):
        decoded(DECODERS, source)


def test_an_ordinary_progressive_jpeg_is_not(source: Path) -> None:
    source.write_bytes(encode(draw(), "JPEG", progressive=True))
    assert len(decoded(DECODERS, source)) == 1


# --- what is not held up ---


def test_a_slow_file_does_not_hold_up_another(
    source: Path, tmp_path: Path, patient: Decoders
) -> None:
    source.write_bytes(bombs.tiling())
    thread = threading.Thread(target=endure, args=(patient, source), daemon=True)
    thread.start()
    assert soon(lambda: patient._server and children_of(patient))
    good = tmp_path / "good.pdf"
    good.write_bytes(pdf())
    assert len(decoded(patient, good)) == 1
    assert thread.is_alive()
    patient.close()
    thread.join()


def test_who_does_not_want_to_wait_goes_on(source: Path, patient: Decoders) -> None:
    source.write_bytes(bombs.tiling())
    with pytest.raises(StillDecoding):
        list(patient.decode(source, LIMITS, within=0.5))
    assert soon(lambda: not children_of(patient))


def test_who_gets_no_decoder_in_time_goes_on(source: Path, own: Decoders) -> None:
    source.write_bytes(png())
    with own._turn(None), pytest.raises(StillDecoding):
        list(own.decode(source, LIMITS, within=0.1))
    assert len(decoded(own, source)) == 1


def test_an_abandoned_file_ends_its_decoder(source: Path, own: Decoders) -> None:
    source.write_bytes(pdf(pages=9))
    pages = own.decode(source, LIMITS)
    next(pages)
    pages.close()
    assert soon(lambda: not children_of(own))


# --- faults ---


def test_a_server_that_was_killed_is_started_again(source: Path, own: Decoders) -> None:
    source.write_bytes(png())
    assert len(decoded(own, source)) == 1
    assert own._server
    os.kill(own._server.pid, signal.SIGKILL)
    assert len(decoded(own, source)) == 1


def test_a_server_that_hangs_is_replaced(
    source: Path, own: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.write_bytes(png())
    assert len(decoded(own, source)) == 1
    assert own._server
    assert own._control
    os.kill(own._server.pid, signal.SIGSTOP)
    with pytest.raises(StillDecoding):
        list(own.decode(source, LIMITS, within=0.2))
    assert own._waiting_since
    own._waiting_since -= module._START_SECONDS
    assert len(decoded(own, source)) == 1


def test_a_server_whose_caller_gave_up_is_not_replaced(source: Path, own: Decoders) -> None:
    source.write_bytes(png())
    own.warm_up()
    server = own._server
    with pytest.raises(StillDecoding):
        list(own.decode(source, LIMITS, within=0.0))
    assert len(decoded(own, source)) == 1
    assert own._waiting_since
    own._waiting_since -= module._START_SECONDS
    assert len(decoded(own, source)) == 1
    assert own._server is server


def test_nobody_waits_for_anothers_decoder(source: Path, patient: Decoders, tmp_path: Path) -> None:
    """A server that is only just starting, or hangs, holds nobody longer than they want to wait."""
    source.write_bytes(png())
    patient.warm_up()
    assert patient._server
    os.kill(patient._server.pid, signal.SIGSTOP)
    thread = threading.Thread(target=endure, args=(patient, source), daemon=True)
    thread.start()
    assert soon(lambda: patient._waiting_since)
    with pytest.raises(StillDecoding):
        list(patient.decode(source, LIMITS, within=0.1))
    os.kill(patient._server.pid, signal.SIGCONT)
    thread.join()
    assert len(decoded(patient, source)) == 1


def test_a_process_with_a_thousand_open_files_decodes(source: Path, own: Decoders) -> None:
    """As the web has that many listeners; select(2) takes no descriptor above 1,023."""
    source.write_bytes(png())
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    many = [os.dup(0) for _ in range(1_100)]
    try:
        assert len(decoded(own, source)) == 1
    finally:
        for one in many:
            os.close(one)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_decoders_end_with_their_owner(source: Path, own: Decoders) -> None:
    source.write_bytes(png())
    decoded(own, source)
    assert own._server
    assert own._control
    own._control.close()
    assert own._server.wait(60) == 0


def test_a_machine_that_starts_none_is_not_the_files_fault(
    source: Path, own: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.sys, "executable", "/nowhere/python")
    source.write_bytes(png())
    with pytest.raises(Unavailable):
        decoded(own, source)


@pytest.mark.parametrize(
    "message",
    [
        {"count": 0},
        {"count": 101},
        {"page": 1},
        {"page": 9, "suffix": "png", "width": 9, "height": 9},
        {"page": 1, "suffix": "../x", "width": 9, "height": 9},
        {"page": 1, "suffix": "png", "width": 90_000, "height": 90_000},
        {"page": 1, "suffix": "raw", "width": 9, "height": 9},
        {"page": 1, "suffix": "png", "width": 9, "height": 9, "thumbnail": 10},
        {"page": 1, "suffix": "png", "width": float("inf"), "height": 9},
        {"error": "no such code", "message": "hello"},
    ],
    ids=str,
)
def test_what_a_captured_decoder_says_is_not_believed(
    source: Path, own: Decoders, monkeypatch: pytest.MonkeyPatch, message: dict[str, object]
) -> None:
    defaults = {"count": 1, "thumbnail": 0} if "page" in message else {}
    said = iter([({"count": 1}, bytearray()), (defaults | message, bytearray(b"123"))])
    monkeypatch.setattr(module.wire, "receive", lambda *_: next(said))
    source.write_bytes(png())
    with pytest.raises(ImageError, match="too_complex"):
        decoded(own, source)


# --- what comes out ---


@pytest.mark.parametrize("file", good_files(), ids=lambda file: file.what)
def test_pixels_are_those_of_a_decoder_in_this_process(source: Path, file: GoodFile) -> None:
    source.write_bytes(file.data)
    limits = Limits(max_pixels=1_000_000)
    ours, theirs = list(page_images(DECODERS, source, limits)), list(open_pages(source, limits))
    assert [page.name for page in ours] == [page.name for page in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert (one.pixels == other.pixels).all()
        assert not one.pixels.flags.writeable
