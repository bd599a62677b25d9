"""One image: find it, read it, store what was read. Shared by the worker and the command line."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from PIL.Image import Image

from converter import batches, claims, queue, reuse, storage, watch
from converter.core.engines.protocol import Engine, Explainer, Mode, Reading, ReadRequest
from converter.core.engines.registry import REMOTE, make_engine
from converter.core.errors import EngineError, ImageError, TablexlError
from converter.core.fields.specification import parse_fields
from converter.core.images import PageImage, open_pages
from converter.limits import limits
from converter.models import Batch, BatchImage
from converter.readers import Readers, readers, remote_options

logger = logging.getLogger(__name__)


@cache
def engine(name: str) -> Engine:
    """The engine of that name, made once per process: its models stay loaded."""
    return make_engine(name, remote_options()) if name == REMOTE else make_engine(name)


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
            yield page.name, _read_page(page, readers(engine_name), request)
    except TablexlError:
        raise
    except Exception as error:
        logger.exception("%s was not read", path)
        raise _unexpected() from error


def explain_file(path: Path, engine_name: str) -> Iterator[Image]:
    """For each page of a file, a picture of how the engine reads it.

    Raises ImageError, or EngineError: `engine_unavailable` if the engine cannot explain itself.
    """
    names = readers(engine_name)
    reader = engine(names.stand_in or names.first)
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
    reading = reader.read(_load(image), request)
    # Boxes belong to the picture after all turns: the person's, then the engine's.
    return replace(reading, turned=(image.turn + reading.turned) % 360) if image.turn else reading


def _read_page(page: PageImage, names: Readers, request: ReadRequest) -> Reading:
    """What was read of a page, by whoever could. Nobody will try again later."""
    try:
        return engine(names.first).read(page, request)
    except EngineError as error:
        if names.stand_in is None:
            raise
        return _read_instead(page, names.stand_in, request, error)


def _read_instead(page: PageImage, name: str, request: ReadRequest, error: EngineError) -> Reading:
    return replace(engine(name).read(page, request), instead_of=str(error))


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

    A file that is moved at that moment is looked for again.
    """
    try:
        pages = open_pages(storage.image_path(image), limits(), image.display_name)
        return next(iter(pages)).turned(image.turn)
    except ImageError as error:
        if error.code != "file_missing" or looks == 1:
            raise
    return _load(image, looks - 1)


def _fail(claim: claims.Claim, error: TablexlError, *, permanent: bool) -> None:
    if claims.fail(claim, error, permanent=permanent):
        storage.set_aside(claim.image)


def _unexpected() -> TablexlError:
    return TablexlError(
        "unexpected", "Something went wrong in Tablexl itself; the log has it. Try again later."
    )
