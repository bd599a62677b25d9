"""One image: find it, read it, store the result. Shared by the worker and the command line.

An image that was read before is not read again: the earlier result is found by a fingerprint of
everything that a reading depends on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from PIL.Image import Image

from converter.batches import claims, spending
from converter.batches.spending import DailyLimit
from converter.config.decoders import decoders
from converter.config.options import (
    EngineChoice,
    engine_choice,
    image_limits,
    remote_options,
    second_engine,
)
from converter.core.decoding.pages import page_images
from converter.core.engines.protocol import (
    Asker,
    Engine,
    Explainer,
    Mode,
    PageWords,
    Reading,
    ReadRequest,
    SecondEngine,
)
from converter.core.engines.registry import REMOTE, make_engine
from converter.core.engines.two_readings.compare import hold_against
from converter.core.errors import EngineError, ImageError, TablexlError, unexpected
from converter.core.fields.checks import check_all
from converter.core.fields.specification import active, parse_fields
from converter.core.images import PageImage, open_pages
from converter.core.tables.judging import judged
from converter.models import Batch, BatchImage, Result
from converter.storage import layout
from converter.util import logs
from converter.workers import heartbeat

_NOT_READABLE: Final = "The file of this image could not be read from where it is kept. Try again."

logger = logging.getLogger(__name__)


@cache
def engine(name: str) -> Engine:
    """The engine of that name, made once per process, so that its models stay loaded."""
    return make_engine(name, remote_options()) if name == REMOTE else make_engine(name)


def read_file(path: Path, engine_name: str, request: ReadRequest) -> Iterator[tuple[str, Reading]]:
    """Read each page of a file: its name, and the reading. No database is needed.

    Raises ImageError or EngineError; anything else is logged and raised as `unexpected`.
    """
    try:
        for page in page_images(decoders(), path, image_limits()):
            reading = _read_page(page, engine_choice(engine_name), request)
            yield page.name, _checked(reading, request)
    except TablexlError:
        raise
    except Exception as error:
        logger.exception("%s was not read", path)
        raise unexpected() from error


def explain_file(path: Path, engine_name: str) -> Iterator[Image]:
    """For each page of a file, a picture of how the engine reads it.

    Raises ImageError, or EngineError: `engine_unavailable` if the engine cannot explain itself.
    """
    names = engine_choice(engine_name)
    reader = engine(names.stand_in or names.first)
    if not isinstance(reader, Explainer):
        raise EngineError(
            "engine_unavailable", f"The engine {engine_name!r} cannot explain.", permanent=True
        )
    for page in page_images(decoders(), path, image_limits()):
        yield reader.explain(page)


def request_for(batch: Batch) -> ReadRequest:
    mode = Mode(batch.mode)
    return ReadRequest(mode, active(parse_fields(batch.fields)) if mode is Mode.FIELDS else ())


def fingerprint(
    image: BatchImage, engine: Engine, request: ReadRequest, second_engine: str | None = None
) -> str:
    """64 hexadecimal digits, equal if reading would give the same again.

    They depend on the picture's bytes, its turn, the engine with its model and code, the options
    and the fields.
    """
    parts = [image.sha256, image.turn, engine.name, engine.version, asdict(request)]
    parts += [second_engine] if second_engine else []
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def earlier_result(batch: Batch, mark: str) -> Result | None:
    """A result with that fingerprint of the same owner, by one query.

    Two people never share one: what one of them has uploaded must not show in the other's batch,
    not even by the time it takes.
    """
    if not batch.reuse or not (batch.user_id or batch.owner):
        return None
    whose = {"user": batch.user_id} if batch.user_id else {"user": None, "owner": batch.owner}
    same_owner = {f"image__batch__{field}": value for field, value in whose.items()}
    return Result.objects.filter(fingerprint=mark, **same_owner).first()


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
    second_engine: SecondEngine | None = None
    words: PageWords | None = None

    def ask(self) -> Reading:
        """What the server read. May be called in any thread, as it touches no row."""
        with _about(self.claim.image):
            return self.asker.ask(self.prepared)


def begin(claim: claims.Claim) -> RemoteReadJob | None:
    """Read one claimed image and settle it, or prepare the request to be sent for that.

    Whatever goes wrong is stored in the image's row.
    """
    image = claim.image
    names = engine_choice(image.batch.engine)
    with _settling(claim, names.stand_in):
        with heartbeat.current().at_image(image.pk):
            reader, request = engine(names.first), request_for(image.batch)
            second = second_engine(names.first)
            mark = fingerprint(image, reader, request, second)
            earlier = earlier_result(image.batch, mark)
            if earlier is None and isinstance(reader, Asker):
                prepared = reader.prepare(_load(image), request)
                spending.take_page()
                return RemoteReadJob(
                    claim, mark, names.first, reader, prepared, _load_second_engine(second)
                )
            reading = None if earlier else reader.read(_load(image), request)
        if earlier:
            claims.take_over(claim, earlier)
        else:
            claims.finish(claim, names.first, _to_store(reading, image), mark)
    return None


def end(job: RemoteReadJob, outcome: Reading | Exception) -> None:
    """Settle an image that a server was asked to read, by its answer or the error."""
    claim = job.claim
    with _settling(claim, engine_choice(claim.image.batch.engine).stand_in):
        spending.spend(getattr(outcome, "cost", None))
        if isinstance(outcome, Exception):
            raise outcome
        if outcome.can_be_compared:
            read_words(job)
        words = job.words if outcome.can_be_compared else None
        fields = request_for(claim.image.batch).fields
        reading = hold_against(outcome, words, fields) if words else outcome
        claims.finish(claim, job.engine, _to_store(reading, claim.image), job.fingerprint)


def read_words(job: RemoteReadJob) -> None:
    """Read the words of a picture that a server is asked to read, unless that was done already.

    In the main thread, where the models are. If that fails, the answer is kept as it is.
    """
    reader, job.second_engine = job.second_engine, None
    if reader is None:
        return
    image = job.claim.image
    with heartbeat.current().at_image(image.pk), _about(image):
        try:
            job.words = reader.read_words(_load(image))
        except Exception:
            logger.exception("The words of the picture were not read")


def _load_second_engine(name: str | None) -> SecondEngine | None:
    try:
        reader = engine(name) if name else None
    except EngineError:
        logger.exception("No second engine reads the pictures")
        return None
    return reader if isinstance(reader, SecondEngine) else None


def _fail(claim: claims.Claim, error: TablexlError, *, permanent: bool) -> None:
    """Fail an attempt; if the image has failed for good, set its file aside."""
    with _about(claim.image):
        if claims.fail(claim, error, permanent=permanent):
            logger.warning("Not read: %s", error)
            layout.set_aside(claim.image)


@contextmanager
def _settling(claim: claims.Claim, stand_in: str | None) -> Iterator[None]:
    """Ends this image's attempt with whatever is raised."""
    try:
        with _about(claim.image):
            yield
    except DailyLimit as error:
        claims.pause(claim, error)
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
    """The reading to keep: its values checked, its boxes on the picture after all turns, first the
    person's and then the engine's."""
    if not isinstance(reading, Reading):  # or it would only fail when its claim runs out
        raise TypeError(f"An engine returned {type(reading)}, not a Reading")
    turned = (image.turn + reading.turned) % 360
    return replace(_checked(reading, request_for(image.batch)), turned=turned)


def _checked(reading: Reading, request: ReadRequest) -> Reading:
    """With marks on cells that contradict others, and on values that do not fit their fields."""
    tables = tuple(map(judged, reading.tables))
    return replace(reading, tables=tables, fields=check_all(request.fields, reading.fields))


def _read_page(page: PageImage, names: EngineChoice, request: ReadRequest) -> Reading:
    """Read a page, by the stand-in if the first engine fails. There is no later attempt."""
    try:
        reading = engine(names.first).read(page, request)
    except EngineError as error:
        if names.stand_in is None:
            raise
        return _read_instead(page, names.stand_in, request, error)
    second = _load_second_engine(second_engine(names.first))
    if second is None or not reading.can_be_compared:
        return reading
    return hold_against(reading, second.read_words(page), request.fields)


def _read_instead(page: PageImage, name: str, request: ReadRequest, error: EngineError) -> Reading:
    reading = engine(name).read(page, request)
    cost = error.cost if error.tokens else reading.cost
    return replace(reading, instead_of=str(error), cost=cost, tokens_out=error.tokens)


def _pages(image: BatchImage, path: Path) -> Iterator[PageImage]:
    """The pages of a file, decoded here only if it was we who encoded it."""
    if image.encoded_here:
        return open_pages(path, image_limits(), image.display_name)
    return page_images(decoders(), path, image_limits(), image.display_name)


def _load(image: BatchImage, attempts: int = 3) -> PageImage:
    """The stored page, turned as a person turned it.

    A file that is moved at that moment is looked up again. Raises ImageError, or EngineError
    `storage_failed` if the files cannot be reached at present.
    """
    try:
        with layout.local_file(image) as path:
            page = next(_pages(image, path))
        return page.turned(image.turn)
    except ImageError as error:
        if error.code != "file_missing" or attempts == 1:
            raise
    except OSError as error:
        with _about(image):
            logger.exception("The file of the picture could not be read")
        raise EngineError("storage_failed", _NOT_READABLE, permanent=False) from error
    return _load(image, attempts - 1)
