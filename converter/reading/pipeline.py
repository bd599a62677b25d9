"""One image: find it, read it, store what was read. Shared by the worker and the command line."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from PIL.Image import Image

from converter.batches import claims
from converter.config.engine_choice import Readers, readers, remote_options, witness
from converter.config.image_limits import limits
from converter.core.engines.protocol import (
    Asker,
    Engine,
    Explainer,
    Mode,
    PageWords,
    Reading,
    ReadRequest,
    Witness,
)
from converter.core.engines.registry import REMOTE, make_engine
from converter.core.engines.two_readings.second import hold_against
from converter.core.errors import EngineError, ImageError, TablexlError, unexpected
from converter.core.fields.checks import check_all
from converter.core.fields.specification import active, parse_fields
from converter.core.images import PageImage, open_pages
from converter.models import Batch, BatchImage
from converter.reading import result_cache
from converter.storage import layout
from converter.util import logs
from converter.workers import heartbeat

_NOT_AT_HAND: Final = "The file of this image could not be read from where it is kept. Try again."

logger = logging.getLogger(__name__)


@cache
def engine(name: str) -> Engine:
    """The engine of that name, made once per process: its models stay loaded."""
    return make_engine(name, remote_options()) if name == REMOTE else make_engine(name)


def read_file(path: Path, engine_name: str, request: ReadRequest) -> Iterator[tuple[str, Reading]]:
    """Read each page of a file: its name, and what was read. No database is needed.

    Raises ImageError or EngineError; anything else becomes `unexpected`, and the log has it.
    """
    try:
        for page in open_pages(path, limits(), path.name):
            yield page.name, _checked(_read_page(page, readers(engine_name), request), request)
    except TablexlError:
        raise
    except Exception as error:
        logger.exception("%s was not read", path)
        raise unexpected() from error


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
    return ReadRequest(mode, active(parse_fields(batch.fields)) if mode is Mode.FIELDS else ())


@dataclass(slots=True, eq=False)
class RemoteReadJob:
    """An image that a server is asked to read: the request is prepared and may be sent.

    Its `second_engine`, if any, still has to read its words, here and in the main thread.
    """

    claim: claims.Claim
    fingerprint: str
    engine: str
    asker: Asker
    prepared: Any
    second_engine: Witness | None = None
    words: PageWords | None = None

    def ask(self) -> Reading:
        """What the server read; in any thread, for it touches no row."""
        with _about(self.claim.image):
            return self.asker.ask(self.prepared)


def begin(claim: claims.Claim) -> RemoteReadJob | None:
    """Read one claimed image and settle it, or prepare the request to be sent for that.

    Whatever goes wrong ends in the image's row.
    """
    image = claim.image
    names = readers(image.batch.engine)
    with _settling(claim, names.stand_in):
        with heartbeat.current().at_image(image.pk):
            reader, request = engine(names.first), request_for(image.batch)
            second = witness(names.first)
            mark = result_cache.fingerprint(image, reader, request, second)
            earlier = result_cache.earlier_result(image.batch, mark)
            if earlier is None and isinstance(reader, Asker):
                prepared = reader.prepare(_load(image), request)
                return RemoteReadJob(
                    claim, mark, names.first, reader, prepared, _make_witness(second)
                )
            reading = None if earlier else reader.read(_load(image), request)
        if earlier:
            claims.take_over(claim, earlier)
        else:
            claims.finish(claim, names.first, _to_store(reading, image), mark)
    return None


def end(job: RemoteReadJob, outcome: Reading | Exception) -> None:
    """Settle an image that was asked about, by the answer or what came instead."""
    claim = job.claim
    with _settling(claim, readers(claim.image.batch.engine).stand_in):
        if isinstance(outcome, Exception):
            raise outcome
        if outcome.can_be_compared:
            read_words(job)
        words = job.words if outcome.can_be_compared else None
        fields = request_for(claim.image.batch).fields
        reading = hold_against(outcome, words, fields) if words else outcome
        claims.finish(claim, job.engine, _to_store(reading, claim.image), job.fingerprint)


def read_words(job: RemoteReadJob) -> None:
    """Read the words of a picture that a server is asked about, unless that was done already.

    In the main thread, where the models are. If that fails, the answer stands as it is.
    """
    reader, job.second_engine = job.second_engine, None
    if reader:
        with heartbeat.current().at_image(job.claim.image.pk):
            job.words = _words(reader, job.claim.image)


def _words(reader: Witness, image: BatchImage) -> PageWords | None:
    try:
        return reader.read_words(_load(image))
    except Exception:  # what a model has answered is there all the same
        with _about(image):
            logger.exception("The words of the picture were not read")
        return None


def _make_witness(name: str | None) -> Witness | None:
    try:
        reader = engine(name) if name else None
    except EngineError:
        logger.exception("Nobody reads the pictures a second time")
        return None
    return reader if isinstance(reader, Witness) else None


def _fail(claim: claims.Claim, error: TablexlError, *, permanent: bool) -> None:
    """Fail an image, for now or for good; then its file is set aside."""
    with _about(claim.image):
        if claims.fail(claim, error, permanent=permanent):
            logger.warning("Not read: %s", error)
            layout.set_aside(claim.image)


@contextmanager
def _settling(claim: claims.Claim, stand_in: str | None) -> Iterator[None]:
    """Makes of whatever is raised the end of this image's attempt."""
    try:
        with _about(claim.image):
            yield
    except EngineError as error:
        _fail_reading(claim, error, stand_in)
    except TablexlError as error:
        _fail(claim, error, permanent=True)
    except Exception:  # a defect of ours must not stop the other images
        with _about(claim.image):
            logger.exception("A defect of ours")
        _fail(claim, unexpected(), permanent=False)


def _fail_reading(claim: claims.Claim, error: EngineError, stand_in: str | None) -> None:
    if error.concerns_all and claims.pauses(claim, error):
        return
    is_last = error.permanent or claim.image.attempts >= settings.MAX_ATTEMPTS
    if not (is_last and stand_in):
        _fail(claim, error, permanent=error.permanent)
        return
    with _settling(claim, None):
        with heartbeat.current().at_image(claim.image.pk):
            page, request = _load(claim.image), request_for(claim.image.batch)
            reading = _read_instead(page, stand_in, request, error)
        claims.finish(claim, stand_in, _to_store(reading, claim.image))


def _about(image: BatchImage) -> AbstractContextManager[None]:
    return logs.about(batch_id=image.batch_id, image_id=image.pk)


def _to_store(reading: object, image: BatchImage) -> Reading:
    """What is kept of a reading: its values checked, its boxes of the picture after all turns, the
    person's and then the engine's."""
    if not isinstance(reading, Reading):  # to be told now, not when its claim runs out
        raise TypeError(f"An engine returned {type(reading)}, not a Reading")
    turned = (image.turn + reading.turned) % 360
    return replace(_checked(reading, request_for(image.batch)), turned=turned)


def _checked(reading: Reading, request: ReadRequest) -> Reading:
    """With marks on the values that do not keep what their fields promise."""
    if not request.fields:
        return reading
    return replace(reading, fields=check_all(request.fields, reading.fields))


def _read_page(page: PageImage, names: Readers, request: ReadRequest) -> Reading:
    """What was read of a page, by whoever could. Nobody will try again later."""
    try:
        reading = engine(names.first).read(page, request)
    except EngineError as error:
        if names.stand_in is None:
            raise
        return _read_instead(page, names.stand_in, request, error)
    second = _make_witness(witness(names.first))
    if second is None or not reading.can_be_compared:
        return reading
    return hold_against(reading, second.read_words(page), request.fields)


def _read_instead(page: PageImage, name: str, request: ReadRequest, error: EngineError) -> Reading:
    reading = engine(name).read(page, request)
    cost = error.cost if error.tokens else reading.cost
    return replace(reading, instead_of=str(error), cost=cost, tokens_out=error.tokens)


def _load(image: BatchImage, looks: int = 3) -> PageImage:
    """The one page that is stored, turned as a person turned it.

    A file that is moved at that moment is looked for again. Raises ImageError, or EngineError
    `storage_failed` where the files cannot be reached just now.
    """
    try:
        with layout.local_file(image) as path:
            page = next(iter(open_pages(path, limits(), image.display_name)))
        return page.turned(image.turn)
    except ImageError as error:
        if error.code != "file_missing" or looks == 1:
            raise
    except OSError as error:
        with _about(image):
            logger.exception("The file of the picture could not be read")
        raise EngineError("storage_failed", _NOT_AT_HAND, permanent=False) from error
    return _load(image, looks - 1)
