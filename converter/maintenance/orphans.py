"""Find files and rows that do not fit together, by looking at all of them, and repair that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final, TypeVar
from uuid import UUID

from django.utils import timezone

from converter.core.errors import ImageError
from converter.models import Batch, BatchImage, PendingFile
from converter.storage import layout
from converter.storage.local import StoredFile

Item = TypeVar("Item")

GRACE: Final = timedelta(days=1)  # for new files, which are written before their rows
_CHUNK: Final = 500
_KINDS: Final = (layout.DRAFTS, layout.STARTED, layout.THUMBNAILS)


class Kind(StrEnum):
    ORPHAN = "belongs to no image"
    MISPLACED = "at a wrong place"
    MISSING = "file is missing"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that does not fit: a file, or the row `image` without one."""

    kind: Kind
    name: str
    size: int = 0
    image: int | None = None


def scan() -> Iterator[Mismatch]:
    """Everything that does not fit together, with the files of one batch in memory at a time.

    Batches that are being deleted are left alone.
    """
    oldest = timezone.now() - GRACE
    for kind in _KINDS:
        for folder in _strangers(kind):
            yield from _orphans(layout.files_in(kind, folder), oldest)
    for batch in Batch.objects.order_by("pk").iterator(chunk_size=_CHUNK):
        files: defaultdict[str, list[StoredFile]] = defaultdict(list)
        for file in layout.files_of(batch):
            files[file.name].append(file)
        for image in batch.images.iterator(chunk_size=_CHUNK):
            if found := _judge(image, files.pop(image.file, [])):
                yield found
        yield from _orphans((file for same in files.values() for file in same), oldest)


def put_right(findings: Iterable[Mismatch]) -> None:
    """Delete the files that no row knows, and move the others to where they belong.

    A row without a file stays: only a person can decide what to do.
    """
    for some in _chunks(findings):
        layout.discard_keys(found.name for found in some if found.kind == Kind.ORPHAN)
        wrong = [found.image or 0 for found in some if found.kind == Kind.MISPLACED]
        # Loaded again, as an image may have been retried since.
        for image in BatchImage.objects.filter(pk__in=wrong).select_related("batch"):
            layout.put_right(image)
    for kind in _KINDS:
        for folder in list(_strangers(kind)):
            layout.drop_folder(kind, folder)


def clear_strangers() -> None:
    """Delete the old files in folders that belong to no batch, and the folders with them."""
    oldest = timezone.now() - GRACE
    for kind in _KINDS:
        for folder in list(_strangers(kind)):
            files = layout.files_in(kind, folder)
            for some in _chunks(_orphans(files, oldest)):
                layout.discard_keys(found.name for found in some)
            layout.drop_folder(kind, folder)


def _strangers(kind: str) -> Iterator[str]:
    """The folders that belong to no batch."""
    for names in _chunks(layout.folders(kind)):
        if kind == layout.STARTED:
            known = set(Batch.everything.filter(folder__in=names).values_list("folder", flat=True))
        else:  # it is named after the batch's id
            ids = [name for name in names if _is_id(name)]
            found = Batch.everything.filter(pk__in=ids).values_list("pk", flat=True)
            known = {str(pk) for pk in found}
        yield from (name for name in names if name not in known)


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _judge(image: BatchImage, files: list[StoredFile]) -> Mismatch | None:
    if not files:
        try:
            layout.image_path(image)  # it may have been moved while the folders were listed
        except ImageError:
            return Mismatch(Kind.MISSING, f"{image.batch.name}: {image.display_name}", 0, image.pk)
        return None
    if [file.key for file in files] == [layout.right_place(image)]:
        return None
    return Mismatch(Kind.MISPLACED, files[0].key, files[0].size, image.pk)


def _orphans(files: Iterable[StoredFile], oldest: datetime) -> Iterator[Mismatch]:
    """The old files that still have no row, now that the files and rows were listed."""
    for some in _chunks(file for file in files if file.since < oldest):
        names = [file.name for file in some]
        known = set(BatchImage.objects.filter(file__in=names).values_list("file", flat=True))
        known |= set(PendingFile.objects.filter(file__in=names).values_list("file", flat=True))
        yield from (Mismatch(Kind.ORPHAN, f.key, f.size) for f in some if f.name not in known)


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while some := list(islice(left, _CHUNK)):
        yield some
