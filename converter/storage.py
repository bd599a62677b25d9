"""Where files live: the only module that knows.

    <DATA_DIR>/temp/<batch id>/                                     a draft's images
    <DATA_DIR>/batches/<name>_<2026-11-20_09-05-00>_<short id>/     once it is started
    <DATA_DIR>/batches/…/_errors/                                   images that failed
    <DATA_DIR>/thumbnails/<batch id>/                               small pictures, made at need

A row says what *should* be; a file may still be at its last place if a process died between the
commit and the move. So every move can be repeated, and `image_path` looks in all three places: an
image whose file could not be moved is still found.
"""

from __future__ import annotations

import re
import shutil
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from converter.core.errors import ImageError
from converter.models import Batch, BatchImage

ERRORS = "_errors"


def draft_folder(batch: Batch) -> Path:
    """The folder that a draft's images are stored in; made if it isn't there."""
    folder = _temp(batch)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def folder_name(batch: Batch, started: datetime) -> str:
    """`<name>_<timestamp>_<short id>`, with nothing in it that a path could trip over."""
    plain = re.sub(r"[^\w\- ]+", "", batch.name).strip()
    # A folder's name may have 255 bytes, and a letter up to four.
    name = plain.encode()[:160].decode(errors="ignore").strip() or "Batch"
    return f"{name}_{started:%Y-%m-%d_%H-%M-%S}_{batch.short_id}"


def settle_folder(batch: Batch) -> None:
    """Move a started batch's files from `temp` to its folder. Safe to repeat."""
    source, target = _temp(batch), _folder(batch)
    if not source.is_dir():  # moved already
        return
    target.mkdir(parents=True, exist_ok=True)
    for file in list(source.iterdir()):
        with suppress(FileNotFoundError):  # moved by somebody else just now
            file.rename(target / file.name)
    with suppress(OSError):
        source.rmdir()


def image_path(image: BatchImage) -> Path:
    """Where an image's file is now. Raises ImageError `file_missing`."""
    for folder in _places(image.batch):
        path = folder / image.file
        if path.is_file():
            return path
    raise ImageError("file_missing", "The file of this image is gone; upload it again.")


def set_aside(image: BatchImage) -> None:
    """Move a failed image's file to `_errors`. Safe to repeat."""
    _move(image, _folder(image.batch) / ERRORS)


def bring_back(image: BatchImage) -> None:
    """Move a file from `_errors` back, before it is tried again. Safe to repeat."""
    _move(image, _folder(image.batch))


def discard_file(image: BatchImage) -> None:
    _thumbnail(image).unlink(missing_ok=True)
    with suppress(ImageError):
        image_path(image).unlink(missing_ok=True)


def copy_file(source: BatchImage, draft: Batch, name: str) -> None:
    """Give a draft the file of another batch's image, under a name of its own. Safe to repeat.

    Where the disk can, they share the bytes: what is stored is never written to. Raises
    ImageError `file_missing`.
    """
    target = draft_folder(draft) / name
    target.unlink(missing_ok=True)  # perhaps half of it, from before a crash
    path = image_path(source)
    try:
        target.hardlink_to(path)
    except OSError:  # another disk, or one that has no links
        shutil.copyfile(path, target)


def thumbnail(image: BatchImage) -> bytes | None:
    """The small picture that was kept, if one was."""
    with suppress(OSError):
        return _thumbnail(image).read_bytes()
    return None


def keep_thumbnail(image: BatchImage, data: bytes) -> None:
    """Keep a small picture, whole or not at all; two writers do no harm."""
    path = _thumbnail(image)
    partly = path.with_suffix(f".{uuid4().hex}")
    with suppress(OSError):  # a full disk is no reason not to show it
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partly.write_bytes(data)
            partly.replace(path)
        finally:
            partly.unlink(missing_ok=True)


def discard_folder(batch_id: UUID, folder: str) -> None:
    """Delete all files of a batch that was kept in `folder`, or that was still a draft."""
    shutil.rmtree(_temp_of(batch_id), ignore_errors=True)
    shutil.rmtree(_thumbnails_of(batch_id), ignore_errors=True)
    if folder:
        shutil.rmtree(Path(settings.DATA_DIR, "batches", folder), ignore_errors=True)


def discard_stale_uploads(older_than: timedelta) -> None:
    """Delete uploads that a killed web server left behind."""
    oldest = time.time() - older_than.total_seconds()
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload"):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def data_folders() -> tuple[Path, ...]:
    """The folders that must be there and writable."""
    root = settings.DATA_DIR
    return root, root / "temp", root / "batches", Path(settings.FILE_UPLOAD_TEMP_DIR)


def _temp(batch: Batch) -> Path:
    return _temp_of(batch.pk)


def _temp_of(batch_id: UUID) -> Path:
    return Path(settings.DATA_DIR, "temp", str(batch_id))


def _thumbnails_of(batch_id: UUID) -> Path:
    return Path(settings.DATA_DIR, "thumbnails", str(batch_id))


def _thumbnail(image: BatchImage) -> Path:
    return _thumbnails_of(image.batch_id) / f"{Path(image.file).stem}.jpg"


def _folder(batch: Batch) -> Path:
    return Path(settings.DATA_DIR, "batches", batch.folder) if batch.folder else _temp(batch)


def _places(batch: Batch) -> tuple[Path, ...]:
    return _folder(batch), _folder(batch) / ERRORS, _temp(batch)


def _move(image: BatchImage, folder: Path) -> None:
    for place in _places(image.batch):
        if (place / image.file).is_file() and place != folder:
            with suppress(OSError):  # moved by somebody else just now, or it stays where it is
                folder.mkdir(parents=True, exist_ok=True)
                (place / image.file).rename(folder / image.file)
            return
