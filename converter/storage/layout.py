"""Where files are stored: only this module knows.

    temp/<batch id>/                                     a draft's images
    batches/<name>_<2026-11-20_09-05-00>_<short id>/     once it is started
    batches/…/_errors/                                   images that failed
    thumbnails/<batch id>/                               small pictures, made when first shown

in DATA_DIR, or in the object store of STORAGE_URL. A row says what *should* be; a file may still be
at its last place if a process died between the commit and the move, and on an object store, where
a move is a copy and a delete, at both. So every move can be repeated, `image_path` looks in all
three places, and `put_right` brings each file to the one place that its row says.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path, PurePath
from secrets import token_hex
from typing import BinaryIO, Final, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from converter.config.decoders import decoders
from converter.config.options import image_limits
from converter.core.decoding.decoders import StillDecoding
from converter.core.decoding.pages import small_picture
from converter.core.errors import ImageError
from converter.models import Batch, BatchImage, BatchState, ImageState, PendingFile
from converter.storage.local import LocalStore, Store, StoredFile, moved

ERRORS: Final = "_errors"
DRAFTS: Final = "temp"
STARTED: Final = "batches"
THUMBNAILS: Final = "thumbnails"
THUMBNAIL_EDGE: Final = 320  # pixels: a card of the page on a sharp screen
PROBE: Final = ".probe"  # a folder of DRAFTS
MOVING_SECONDS: Final = 20.0  # how long one call may move files; the next one continues


@contextmanager
def receive(batch: Batch) -> Iterator[Path]:
    """A local folder to write a draft's images to; at the end of the block they are stored."""
    with _store().receive(_temp(batch.pk)) as folder:
        yield folder


def folder_name(batch: Batch, started: datetime) -> str:
    """`<name>_<timestamp>_<short id>`, with nothing in it that a path could trip over."""
    plain = re.sub(r"[^\w\- ]+", "", batch.name).strip()
    # A folder's name may have 255 bytes, and a letter up to four.
    name = plain.encode()[:160].decode(errors="ignore").strip() or "Batch"
    return f"{name}_{started:%Y-%m-%d_%H-%M-%S}_{batch.short_id}"


def settle_folder(batch: Batch) -> None:
    """Move a started batch's files from `temp` to its folder. Safe to repeat.

    A large batch in an object store takes more than one call; meanwhile all files are found.
    """
    store, source, target = _store(), _temp(batch.pk), _folder(batch)
    moves = ((file.key, f"{target}/{file.name}") for file in store.files(source))
    if store.move_all(moves, MOVING_SECONDS):
        store.drop_if_empty(source)


def image_path(image: BatchImage) -> PurePath:
    """Where an image's file is now, as its store names it. Raises ImageError `file_missing`."""
    return _store().path(_find(image))


@contextmanager
def local_file(image: BatchImage) -> Iterator[Path]:
    """An image's file on this machine, a copy where need be. Raises ImageError `file_missing`."""
    with suppress(FileNotFoundError), _store().local_copy(_find(image)) as path:
        yield path
        return
    raise _missing()


def open_image(image: BatchImage) -> BinaryIO:
    """An image's file as a stream. Raises ImageError `file_missing`."""
    try:
        return _store().open(_find(image))
    except FileNotFoundError as error:
        raise _missing() from error


def set_aside(image: BatchImage) -> None:
    """Move a failed image's file to `_errors`. Safe to repeat."""
    _move_to(f"{_folder(image.batch)}/{ERRORS}/{image.file}", image)


def bring_back(*failed: BatchImage) -> None:
    """Move files from `_errors` back, before they are tried again. Safe to repeat.

    Files that do not fit into the time stay there, and are found there.
    """
    folders = [(_folder(image.batch), image.file) for image in failed]
    moves = [(f"{folder}/{ERRORS}/{file}", f"{folder}/{file}") for folder, file in folders]
    _store().move_all(moves, MOVING_SECONDS)


def put_right(image: BatchImage) -> None:
    """Move an image's file to the one place that its row says. Safe to repeat."""
    _move_to(right_place(image), image)


def right_place(image: BatchImage) -> str:
    """The key that an image's file should have."""
    if image.batch.state == BatchState.DRAFT or not image.batch.folder:
        return f"{_temp(image.batch_id)}/{image.file}"
    if image.state == ImageState.FAILED:
        return f"{_folder(image.batch)}/{ERRORS}/{image.file}"
    return f"{_folder(image.batch)}/{image.file}"


def copy_file(source: BatchImage, draft: Batch, name: str) -> None:
    """Give a draft the file of another batch's image, under a name of its own. Safe to repeat.

    Raises ImageError `file_missing`.
    """
    try:
        _store().copy(_find(source), f"{_temp(draft.pk)}/{name}")
    except FileNotFoundError as error:
        raise _missing() from error


def thumbnail(image: BatchImage) -> bytes:
    """A small JPEG of the image as it is stored, not as it is turned. Raises ImageError or OSError.

    Made when the image came in, or else when it is first asked for, and kept.
    """
    kept = kept_thumbnail(image)
    if kept is not None:
        return kept
    try:
        with local_file(image) as path:
            made = _drawn_small(path)
    except StillDecoding as error:
        raise ImageError("too_complex", "It takes too long to draw it small.") from error
    keep_thumbnail(image, made)
    return made


def _drawn_small(path: Path) -> bytes:
    within = settings.UPLOAD_WAIT_SECONDS
    return small_picture(decoders(), path, THUMBNAIL_EDGE, image_limits(), within)


def kept_thumbnail(image: BatchImage) -> bytes | None:
    with suppress(OSError), _store().open(_thumbnail(image)) as stream:
        return stream.read()
    return None


def keep_thumbnail(image: BatchImage, data: bytes) -> None:
    """Store a thumbnail, whole or not at all; two writers do no harm."""
    with suppress(OSError):  # a full disk is no reason not to show it
        _store().write(_thumbnail(image), data)


def keep_pending(pending: PendingFile, upload: Path) -> None:
    """Store a file that is still to be looked at, as it came."""
    with _store().receive(_temp(pending.batch_id)) as folder:
        shutil.copyfile(upload, folder / pending.file)


@contextmanager
def pending_file(pending: PendingFile) -> Iterator[Path]:
    """A file that is to be looked at, on this machine. Raises FileNotFoundError."""
    with _store().local_copy(_pending(pending)) as path:
        yield path


def discard_pending(pending: PendingFile) -> None:
    _store().discard([_pending(pending)])


def discard_file(image: BatchImage) -> None:
    _store().discard([*_places(image), _thumbnail(image)])


def drop_draft_folder(batch: Batch) -> None:
    """Remove the folder of a batch that is no longer a draft, if it is empty."""
    _store().drop_if_empty(_temp(batch.pk))


def discard_folder(batch_id: UUID, folder: str) -> None:
    """Delete all files of a batch that has `folder`, or was still a draft.

    Raises OSError if something is left; safe to repeat.
    """
    _store().discard_folder(_temp(batch_id))
    _store().discard_folder(f"{THUMBNAILS}/{batch_id}")
    if folder:
        _store().discard_folder(f"{STARTED}/{folder}")


def discard_keys(keys: Iterable[str]) -> None:
    _store().discard(keys)


def folders(kind: str) -> Iterator[str]:
    """The names of the folders of a kind: DRAFTS, STARTED, or THUMBNAILS."""
    return _store().folders(kind)


def files_in(kind: str, folder: str) -> Iterator[StoredFile]:
    return _store().files(f"{kind}/{folder}")


def drop_folder(kind: str, folder: str) -> None:
    """Remove a folder if it is empty."""
    _store().drop_if_empty(f"{kind}/{folder}/{ERRORS}")
    _store().drop_if_empty(f"{kind}/{folder}")


def files_of(batch: Batch) -> Iterator[StoredFile]:
    """All files at the places of a batch, whether rows know them or not."""
    yield from _store().files(_temp(batch.pk))
    if batch.folder:
        yield from _store().files(f"{STARTED}/{batch.folder}")


def stale_uploads(older_than: timedelta) -> Iterator[tuple[Path, int]]:
    """Temporary files that a killed process left, and their bytes."""
    oldest = time.time() - older_than.total_seconds()
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload"):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                within = path.iterdir() if path.is_dir() else [path]
                yield path, sum(file.stat().st_size for file in within)


def discard_stale_uploads(older_than: timedelta) -> int:
    """Delete uploads that a killed web server left behind; how many."""
    stale = [path for path, _ in stale_uploads(older_than)]
    for path in stale:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        with suppress(OSError):
            path.unlink(missing_ok=True)
    return len(stale)


def probe() -> None:
    """Write a small file where pictures are kept, read it and delete it. Raises OSError."""
    key = f"{DRAFTS}/{PROBE}/{token_hex(8)}"
    try:
        _store().write(key, PROBE.encode())
        with _store().open(key) as stream:
            if stream.read() != PROBE.encode():
                raise OSError("what was written is not what is read")
    finally:
        _store().discard([key])


def free_bytes() -> int:
    """The space left in DATA_DIR, where uploads land even with an object store."""
    return shutil.disk_usage(settings.DATA_DIR).free


def data_folders() -> tuple[Path, ...]:
    """The folders that must be there and writable."""
    root, uploads = settings.DATA_DIR, Path(settings.FILE_UPLOAD_TEMP_DIR)
    if settings.OBJECT_STORE:
        return root, uploads
    return root, root / DRAFTS, root / STARTED, uploads


def _store() -> Store:
    if not settings.OBJECT_STORE:
        return LocalStore(settings.DATA_DIR)
    # Not the one of a parent process: two processes must not share a connection.
    return _object_store(os.getpid(), **settings.OBJECT_STORE)


@cache
def _object_store(_process: int, **options: str) -> Store:
    # Loaded only where it is used: the libraries take memory and time.
    return cast(Store, import_string("converter.storage.s3.ObjectStore")(**options))


def _temp(batch_id: UUID) -> str:
    return f"{DRAFTS}/{batch_id}"


def _pending(pending: PendingFile) -> str:
    return f"{_temp(pending.batch_id)}/{pending.file}"


def _folder(batch: Batch) -> str:
    return f"{STARTED}/{batch.folder}" if batch.folder else _temp(batch.pk)


def _thumbnail(image: BatchImage) -> str:
    return f"{THUMBNAILS}/{image.batch_id}/{image.file.partition('.')[0]}.jpg"


def _places(image: BatchImage) -> list[str]:
    folder = _folder(image.batch)
    folders = dict.fromkeys([folder, f"{folder}/{ERRORS}", _temp(image.batch_id)])
    return [f"{place}/{image.file}" for place in folders]


def _find(image: BatchImage) -> str:
    if place := _filled_place(image):
        return place
    with suppress(Batch.DoesNotExist):  # it may have been started since the row was read
        image.batch.refresh_from_db(fields=["folder"])
    if place := _filled_place(image):
        return place
    raise _missing()


def _filled_place(image: BatchImage) -> str | None:
    return next(filter(_store().exists, _places(image)), None)


def _move_to(target: str, image: BatchImage) -> None:
    """From wherever it is; a file at two places ends up at one."""
    for place in _places(image):
        if place != target:
            moved(_store(), place, target)


def _missing() -> ImageError:
    return ImageError("file_missing", "The file of this image is gone; upload it again.")
