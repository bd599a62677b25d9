"""Uploads become checked images of a draft batch; each file is taken or refused on its own."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from converter.batches import lifecycle
from converter.batches.lifecycle import AlreadyHere, BatchClosed
from converter.config.options import image_limits
from converter.core.errors import TablexlError, unexpected
from converter.core.images import StoredPage, file_too_large, store_pages
from converter.models import FILE_NAME_LENGTH, Batch, BatchImage, BatchState, RefusedFile
from converter.storage import layout

_SUFFIX_LENGTH: Final = 16  # how much of a long name's end is kept
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
class _Source:
    """The file that images come from: its name, and the sender's id and place for it."""

    name: str
    upload: str
    place: int | None


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """The outcome of an upload: images, in order, one per page; and refused files."""

    added: list[BatchImage]
    refused: list[Refused]


def add_files(
    batch: Batch, files: Iterable[UploadedFile[Any]], upload: str = "", place: int | None = None
) -> IntakeReport:
    """Add the pages of each file to a draft, or note why the file was refused.

    No file spoils another, and of a refused one nothing stays. Raises BatchClosed as soon as the
    batch is no draft any more; what was added before stays. A sender that names its `upload`, one
    file, may send it again after a lost answer; `place` is its place among the sender's uploads.
    """
    report = _known(batch, upload) if upload else IntakeReport([], [])
    if report.added or report.refused:
        return report
    for file in files:
        source = _Source(clean_name(file.name), upload, place)
        try:
            report.added.extend(_add(batch, file, source))
        except AlreadyHere:
            return _known(batch, upload)
        except Exception as error:  # noqa: BLE001  whatever it is, the other files go on
            _check_draft(batch)
            report.refused.append(_refuse(batch, source, error))
        finally:
            file.close()  # deletes the upload, so that a large request doesn't lie on disk twice
    return report


def check_file(file: UploadedFile[Any], folder: Path) -> list[StoredPage]:
    """The pages of a file that would be taken, written to a folder. Raises TablexlError else."""
    _check_received(file)
    with _on_disk(file) as path:
        return store_pages(path, folder, image_limits())


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


def _known(batch: Batch, upload: str) -> IntakeReport:
    """The outcome of an upload that was sent before."""
    return IntakeReport(
        list(batch.images.filter(upload=upload).order_by("position")),
        [Refused(r.name, r.code, r.message) for r in batch.refusals.filter(upload=upload)],
    )


def _add(batch: Batch, file: UploadedFile[Any], source: _Source) -> list[BatchImage]:
    _check_draft(batch)
    _check_received(file)
    images: list[BatchImage] = []
    try:
        # A batch started while these pages are written takes the first ones along, without rows.
        # That is accepted: they go when it is deleted.
        with _on_disk(file) as path, layout.receive(batch) as folder:
            images = [
                BatchImage(
                    name=source.name,
                    upload=source.upload,
                    page=page.page,
                    file=page.file,
                    sha256=page.sha256,
                    size=page.size,
                    width=page.width,
                    height=page.height,
                )
                for page in store_pages(path, folder, image_limits())
            ]
        return lifecycle.add_images(batch, images, source.place)
    except BaseException:
        _discard(batch, images)
        raise


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
        raise TablexlError(code, _NOT_STORED)


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


def _refuse(batch: Batch, source: _Source, error: Exception) -> Refused:
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
    refused = Refused(source.name, reason.code, reason.message)
    RefusedFile.objects.create(batch=batch, upload=source.upload, **asdict(refused))
    return refused
