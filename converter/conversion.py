"""One image: find it, read it, store what was read. Shared by the worker and the command line."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from PIL.Image import Image

from converter import batches, claims, queue, reuse, storage, watch
from converter.core.engines.protocol import Engine, Explainer, Mode, Reading, ReadRequest
from converter.core.engines.registry import make_engine
from converter.core.errors import EngineError, ImageError, TablexlError
from converter.core.fields.specification import parse_fields
from converter.core.images import PageImage, open_pages
from converter.limits import limits
from converter.models import Batch, BatchImage

_NOT_AT_HAND: Final = "The file of this image could not be read from where it is kept. Try again."

logger = logging.getLogger(__name__)


@cache
def engine(name: str) -> Engine:
    """The engine of that name, made once per process: its models stay loaded."""
    return make_engine(name)


def work() -> None:
    """A lane: read images of whichever batch is due, for half a minute or until none waits.

    It ends so that other tasks have their turn. What is left then is taken up by a wake-up.
    """
    until = time.monotonic() + settings.LANE_SECONDS
    moved: set[UUID] = set()  # a crash may have kept files from their folder: once per lane will do
    with watch.desk().on_duty():
        while time.monotonic() < until and not queue.is_stopping():
            claim = claims.claim_due()
            if claim is None:
                return
            if claim.image.batch_id not in moved:
                moved.add(claim.image.batch_id)
                _settle_folder(claim.image.batch)
            _work_on(claim)
            watch.desk().step()
        queue.wake_further(claims.is_work_waiting)


def read_file(path: Path, engine_name: str, request: ReadRequest) -> Iterator[tuple[str, Reading]]:
    """Read each page of a file: its name, and what was read. No database is needed.

    Raises ImageError or EngineError; anything else becomes `unexpected`, and the log has it.
    """
    try:
        for page in open_pages(path, limits(), path.name):
            yield page.name, engine(engine_name).read(page, request)
    except TablexlError:
        raise
    except Exception as error:
        logger.exception("%s was not read", path)
        raise _unexpected() from error


def explain_file(path: Path, engine_name: str) -> Iterator[Image]:
    """For each page of a file, a picture of how the engine reads it.

    Raises ImageError, or EngineError: `engine_unavailable` if the engine cannot explain itself.
    """
    reader = engine(engine_name)
    if not isinstance(reader, Explainer):
        raise EngineError(
            "engine_unavailable", f"The engine {engine_name!r} cannot explain.", permanent=True
        )
    for page in open_pages(path, limits(), path.name):
        yield reader.explain(page)


def request_for(batch: Batch) -> ReadRequest:
    mode = Mode(batch.mode)
    return ReadRequest(mode, parse_fields(batch.fields) if mode is Mode.FIELDS else ())


def convert(claim: claims.Claim) -> None:
    """Read one claimed image and settle it; whatever goes wrong ends in its row."""
    image = claim.image
    try:
        with watch.desk().at_image():
            reader, request = engine(image.batch.engine), request_for(image.batch)
            mark = reuse.fingerprint(image, reader, request)
            earlier = reuse.earlier_result(image.batch, mark)
            reading = None if earlier else _read(reader, image, request)
        if earlier:
            claims.take_over(claim, earlier)
        elif reading:
            claims.finish(claim, image.batch.engine, reading, mark)
    except EngineError as error:
        _fail(claim, error, permanent=error.permanent)
    except TablexlError as error:
        _fail(claim, error, permanent=True)
    except Exception:  # a defect of ours must not stop the other images
        logger.exception("Image %s of batch %s was not read", image.pk, image.batch_id)
        _fail(claim, _unexpected(), permanent=False)


def _read(reader: Engine, image: BatchImage, request: ReadRequest) -> Reading:
    reading: object = reader.read(_load(image), request)
    if not isinstance(reading, Reading):  # to be told now, not when its claim runs out
        raise TypeError(f"The engine {reader.name!r} returned {type(reading)}, not a Reading")
    # Boxes belong to the picture after all turns: the person's, then the engine's.
    return replace(reading, turned=(image.turn + reading.turned) % 360) if image.turn else reading


def _work_on(claim: claims.Claim) -> None:
    queue.wake_further(claims.is_work_waiting)  # for another worker, if one is free
    convert(claim)
    batches.settle(claim.image.batch)


def _settle_folder(batch: Batch) -> None:
    try:
        storage.settle_folder(batch)
    except OSError:  # no reason to stop: an image's file is found wherever it is
        logger.exception("The files of batch %s were not moved", batch.pk)


def _load(image: BatchImage, looks: int = 3) -> PageImage:
    """The one page that is stored, turned as a person turned it.

    A file that is moved at that moment is looked for again. Raises ImageError, or EngineError
    `storage_failed` where the files cannot be reached just now.
    """
    try:
        with storage.local_file(image) as path:
            page = next(iter(open_pages(path, limits(), image.display_name)))
        return page.turned(image.turn)
    except ImageError as error:
        if error.code != "file_missing" or looks == 1:
            raise
    except OSError as error:
        logger.exception("The file of image %s could not be read", image.pk)
        raise EngineError("storage_failed", _NOT_AT_HAND, permanent=False) from error
    return _load(image, looks - 1)


def _fail(claim: claims.Claim, error: TablexlError, *, permanent: bool) -> None:
    if claims.fail(claim, error, permanent=permanent):
        storage.set_aside(claim.image)


def _unexpected() -> TablexlError:
    return TablexlError(
        "unexpected", "Something went wrong in Tablexl itself; the log has it. Try again later."
    )
