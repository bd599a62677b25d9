"""Uploads become checked images of a draft batch; each file is taken or refused on its own."""

from __future__ import annotations

import logging
import shutil
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile, TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import DatabaseError

from converter.accounts import quota
from converter.batches import lifecycle
from converter.batches.lifecycle import AlreadyHere, BatchClosed
from converter.config.decoders import decoders
from converter.config.options import image_limits
from converter.core.decoding.decoders import RefusedPages, StillDecoding
from converter.core.decoding.pages import StoredPage, store_pages
from converter.core.errors import TablexlError, unexpected
from converter.core.images import file_too_large
from converter.models import FILE_NAME_LENGTH, Batch, BatchImage, BatchState, RefusedFile
from converter.storage import layout
from converter.uploads import pending
from converter.uploads.pending import FAULTS

REQUEST_SECONDS: Final = 20.0  # for which one request waits for all of its files
_WAITING_AT_ONCE: Final = 4  # requests that hold a thread of this process; others don't wait
_waiting: Final = BoundedSemaphore(_WAITING_AT_ONCE)

_SUFFIX_LENGTH: Final = 16  # how much of a long name's end is kept
_FULL: Final = "There is no room for more files here. Tell whoever runs this, then try again."
_NOT_STORED: Final = "This file could not be written here. Tell whoever runs this, then try again."

# Control, format (among them the ones that reverse the direction), half of a surrogate pair, and
# separators of lines: nothing of a name that a person could see.
_UNSEEN: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken, and why."""

    name: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Source:
    """The file that images come from: its name, and the sender's id and place for it."""

    name: str
    upload: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """The outcome of an upload: images, in order, one per page; refused files; and the names of
    those that are still being looked at."""

    added: list[BatchImage] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)

    @property
    def fault(self) -> Refused | None:
        """The first file that was not taken for a fault of ours, and may be if it is sent again."""
        return next((one for one in self.refused if one.code in FAULTS), None)

    def __bool__(self) -> bool:
        return bool(self.added or self.refused or self.pending)


class LookedAt:
    """The pages of a file, in a folder of their own until they are taken in. Close it."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".upload")
        self.folder = Path(self._folder.name)
        self.pages: list[StoredPage] = []
        self.refused: list[RefusedPages] = []

    def close(self) -> None:
        self._folder.cleanup()


def look_at(path: Path, within: float | None = None) -> LookedAt:
    """Decode a file, in a process of its own, and touch no row.

    Raises ImageError, StillDecoding if it takes longer than `within` seconds, or OSError.
    """
    looked = LookedAt()
    try:
        pages = decoders().decode(
            path, image_limits(), thumbnail_edge=layout.THUMBNAIL_EDGE, within=within
        )
        stored = store_pages(pages, looked.folder)
    except BaseException:
        looked.close()
        raise
    looked.pages, looked.refused = stored.pages, stored.refused
    return looked


def add_files(
    batch: Batch, files: Iterable[UploadedFile[Any]], upload: str = "", place: int | None = None
) -> IntakeReport:
    """Add the pages of each file to a draft, or note why the file was refused.

    No file spoils another, and of a refused one nothing stays. A file that takes longer than a
    request should wait is kept for a worker. Raises BatchClosed as soon as the batch is no draft
    any more; what was added before stays. A sender that names its `upload`, one file, may send it
    again after a lost answer; `place` is its place among the sender's uploads.
    """
    report = _known(batch, upload) if upload else IntakeReport()
    if report:
        return report
    patience = _Patience()
    for file in files:
        source = Source(clean_name(file.name), upload, place)
        try:
            _add(batch, file, source, patience, report)
        except AlreadyHere:
            return _known(batch, upload)
        except DatabaseError:  # the request fails as a whole, and can be sent again
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, the other files go on
            _check_draft(batch)
            report.refused.append(refuse(batch, source, error))
        finally:
            file.close()  # deletes the upload, so that a large request doesn't lie on disk twice
    return report


def take_in(
    batch: Batch, looked: LookedAt, source: Source
) -> tuple[list[BatchImage], list[Refused]]:
    """Add the pages that were looked at to a draft, and note which of them were refused.

    Raises BatchClosed, BatchFull, QuotaReached or AlreadyHere, and OSError; then none is added.
    """
    images: list[BatchImage] = []
    try:
        # A batch started while these pages are written takes the first ones along, without rows.
        # That is accepted: they go when it is deleted.
        with layout.receive(batch) as folder:
            for page in looked.pages:
                images.append(_image_of(page, source))
                shutil.move(looked.folder / page.file, folder / page.file)
        added = lifecycle.add_images(batch, images, source.place)
    except BaseException:
        _discard(batch, images)
        raise
    for image, page in zip(added, looked.pages, strict=True):
        layout.keep_thumbnail(image, page.thumbnail)
    refused = [_refuse_pages(batch, pages, source) for pages in looked.refused]
    return added, refused


def refuse(batch: Batch, source: Source, error: Exception, *, for_good: bool = False) -> Refused:
    """Note that a file was not taken, and why. A fault of ours is noted only if nobody will send
    the file again."""
    if isinstance(error, TablexlError):
        reason = error
    else:
        logger.error("Could not take in %r", source.name, exc_info=error)
        is_disk = isinstance(error, OSError)
        reason = (
            TablexlError("storage_failed", _NOT_STORED)
            if is_disk
            else unexpected("Try this file once more.")
        )
    return _note(batch, source, source.name, reason, for_good=for_good)


def check_file(file: UploadedFile[Any], seconds: float) -> list[StoredPage]:
    """The pages of a file that would be taken; none is kept. Raises TablexlError if it would not,
    or StillDecoding."""
    _check_received(file)
    with _on_disk(file) as path, closing(look_at(path, within=seconds)) as looked:
        return looked.pages


def clean_name(name: str | None) -> str:
    """A file's name for people: no folders, nothing invisible, 1 to 255 characters, NFC."""
    last = PurePosixPath((name or "").replace("\\", "/")).name
    seen = (letter for letter in last if unicodedata.category(letter) not in _UNSEEN)
    cleaned = unicodedata.normalize("NFC", "".join(seen)).strip()
    if not cleaned.strip(". "):
        return "unnamed"
    suffix = (
        PurePosixPath(cleaned).suffix[-_SUFFIX_LENGTH:] if len(cleaned) > FILE_NAME_LENGTH else ""
    )
    return cleaned[: FILE_NAME_LENGTH - len(suffix)] + suffix


class _Patience:
    """How long a request waits for its files, and whether it may hold its thread for that."""

    def __init__(self) -> None:
        self.left = REQUEST_SECONDS

    def look_at(self, path: Path) -> LookedAt:
        """Raises StillDecoding if the file takes long, or an earlier one did, or too many requests
        wait already."""
        if self.left <= 0 or not _waiting.acquire(blocking=False):
            raise StillDecoding
        begun = time.monotonic()
        try:
            looked = look_at(path, within=settings.UPLOAD_WAIT_SECONDS)
        except StillDecoding:
            self.left = 0
            raise
        finally:
            _waiting.release()
            self.left -= time.monotonic() - begun
        return looked


def _known(batch: Batch, upload: str) -> IntakeReport:
    """The outcome of an upload that was sent before."""
    return IntakeReport(
        list(batch.images.filter(upload=upload).order_by("position")),
        [Refused(r.name, r.code, r.message) for r in batch.refusals.filter(upload=upload)],
        list(batch.pending.filter(upload=upload).values_list("name", flat=True)),
    )


def _add(
    batch: Batch,
    file: UploadedFile[Any],
    source: Source,
    patience: _Patience,
    report: IntakeReport,
) -> None:
    _check_draft(batch)
    _check_received(file)
    quota.check(batch, file.size or 0)  # spares the work; the word that counts is `add_images`'s
    with _on_disk(file) as path:
        try:
            looked = patience.look_at(path)
        except StillDecoding:
            pending.keep(batch, path, source)
            report.pending.append(source.name)
            return
    with closing(looked):
        added, refused = take_in(batch, looked, source)
    report.added.extend(added)
    report.refused.extend(refused)


def _image_of(page: StoredPage, source: Source) -> BatchImage:
    return BatchImage(
        name=source.name,
        upload=source.upload,
        page=page.page,
        file=page.file,
        encoded_here=True,
        sha256=page.sha256,
        size=page.size,
        width=page.width,
        height=page.height,
    )


def _is_draft(batch: Batch) -> bool:
    return Batch.objects.filter(pk=batch.pk, state=BatchState.DRAFT).exists()


def _check_draft(batch: Batch) -> None:
    """Spare the work for a batch that has been started. The word that counts is `add_images`'s."""
    if not _is_draft(batch):
        raise BatchClosed


def _check_received(file: UploadedFile[Any]) -> None:
    if refusal := getattr(file, "refusal", None):
        raise refusal
    code = getattr(file, "refused", "")
    if code == "file_too_large":
        raise file_too_large(file.size or 0, image_limits())
    if code:
        raise TablexlError(code, _FULL if code == "disk_full" else _NOT_STORED)


@contextmanager
def _on_disk(file: UploadedFile[Any]) -> Iterator[Path]:
    if isinstance(file, TemporaryUploadedFile):
        yield Path(file.temporary_file_path())
        return
    with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".upload") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _discard(batch: Batch, images: Iterable[BatchImage]) -> None:
    with suppress(Batch.DoesNotExist):
        batch.refresh_from_db(fields=["folder"])  # starting a batch moves its files
    for image in images:
        image.batch = batch
        layout.discard_file(image)
    if not _is_draft(batch):  # then nobody else needs the draft's folder
        layout.drop_draft_folder(batch)


def _refuse_pages(batch: Batch, pages: RefusedPages, source: Source) -> Refused:
    which = str(pages.first) if pages.first == pages.last else f"{pages.first} to {pages.last}"
    kept = source.name[: FILE_NAME_LENGTH - _SUFFIX_LENGTH - len(which)]
    return _note(batch, source, f"{kept}, page {which}", pages.error)


def _note(
    batch: Batch, source: Source, name: str, reason: TablexlError, *, for_good: bool = False
) -> Refused:
    refused = Refused(name, reason.code, reason.message)
    if source.upload and reason.code in FAULTS and not for_good:
        return refused  # a note would be the answer when the sender tries again
    RefusedFile.objects.create(batch=batch, upload=source.upload, **asdict(refused))
    return refused
