"""Lists of pictures on the web: read and keep a list, start it, and start its batch at the end.

A list fills a draft. When the last of its addresses is settled, the draft is started in the same
transaction, so that no crash leaves a list whose pictures were fetched and are never read.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef

from converter.batches import lifecycle
from converter.batches.lifecycle import BatchClosed, BatchError
from converter.config.options import image_limits
from converter.core.engines.protocol import Mode
from converter.core.errors import TablexlError
from converter.core.images import file_too_large
from converter.core.manifests.model import Limits
from converter.core.manifests.model import Manifest as Found
from converter.core.manifests.reading import read
from converter.core.outbound import urls
from converter.models import (
    FILE_NAME_LENGTH,
    Batch,
    FetchState,
    Manifest,
    ManifestAddress,
    ManifestRow,
    ManifestState,
)
from converter.util import logs
from converter.util.text_input import one_line
from converter.workers import queue

_CHUNK: Final = 500  # rows in one statement

# Those of web servers. None means all, in tests only; see `fetcher.guard`.
ports: Collection[int] | None = urls.PORTS

logger = logging.getLogger(__name__)


def check_enabled() -> None:
    """Raises TablexlError if the settings do not allow to fetch from the web."""
    if not settings.ALLOW_URL_IMPORT:
        raise TablexlError(
            "import_disabled",
            "Pictures are not fetched from the web here. Whoever runs this can allow it with"
            " ALLOW_URL_IMPORT=true; until then, upload the pictures themselves.",
        )


def read_file(file: UploadedFile[Any]) -> Found:
    """What a CSV file lists. Raises TablexlError, with what to do, if it is not a list."""
    if code := getattr(file, "refused", ""):
        if code == "file_too_large":
            raise file_too_large(file.size or 0, image_limits())
        raise TablexlError(code, "This file could not be written here. Try again later.")
    most = settings.MAX_BATCH_SIZE
    return read(file.read(), Limits(rows=most, addresses=most), ports)


@transaction.atomic
def keep(batch: Batch, file_name: str, found: Found) -> Manifest:
    """Store a list that will fill that draft. Nothing is fetched until it is started."""
    columns = found.columns
    manifest = Manifest.objects.create(
        batch=batch,
        file_name=one_line(file_name)[:FILE_NAME_LENGTH] or "list.csv",
        encoding=found.encoding,
        delimiter=found.dialect.delimiter,
        has_header=found.has_header,
        header=list(found.header),
        columns={
            "addresses": list(columns.addresses),
            "serial": columns.serial,
            "product": columns.product,
        },
    )
    rows = (
        ManifestRow(
            manifest=manifest,
            number=number,
            line=row.line,
            cells=list(row.cells),
            addresses=list(row.addresses),
            error_code=row.code,
            error=row.message,
        )
        for number, row in enumerate(found.rows)
    )
    ManifestRow.objects.bulk_create(rows, batch_size=_CHUNK)
    ManifestAddress.objects.bulk_create(_addresses(manifest, found), batch_size=_CHUNK)
    return manifest


def start(manifest: Manifest) -> None:
    """Let the workers fetch. Raises BatchError if it has been started, or cannot be."""
    check_enabled()
    with transaction.atomic():
        batch = lifecycle.lock_draft(manifest.batch)
        if batch.mode == Mode.FIELDS and not batch.active_fields:
            raise BatchError("fields_missing", "Choose a template with the fields to read.")
        checked = Manifest.objects.filter(pk=manifest.pk, state=ManifestState.CHECKED)
        if not checked.update(state=ManifestState.FETCHING):
            raise BatchClosed
        queue.fetch()
    with logs.about(batch_id=manifest.batch_id):
        logger.info("Fetching (addresses: %s)", manifest.addresses.count())
    settle(manifest)  # at once, if none of its addresses can be asked
    manifest.refresh_from_db()


def settle(manifest: Manifest) -> bool:
    """Start the batch of a list whose addresses are all settled. True for the one call that did."""
    if manifest.addresses.unsettled().exists():
        return False
    with transaction.atomic():
        batch = Batch.objects.lock(manifest.batch_id)
        if batch is None or not batch.is_draft or manifest.addresses.unsettled().exists():
            return False
        fetching = Manifest.objects.filter(pk=manifest.pk, state=ManifestState.FETCHING)
        if not fetching.update(state=ManifestState.FETCHED):
            return False
        if not batch.total:  # nothing could be fetched, so there is nothing to read
            lifecycle.cancel(batch)
            return True
        try:
            lifecycle.start(batch)
        except BatchError as error:  # somebody changed the draft; its page says what to do
            with logs.about(batch_id=batch.pk):
                logger.warning("Fetched, and not started: %s", error)
    return True


def settle_all() -> None:
    """Start the batches of complete lists whose worker died before it could."""
    unsettled = ManifestAddress.objects.unsettled().filter(manifest=OuterRef("pk"))
    fetching = Manifest.objects.filter(state=ManifestState.FETCHING, batch__deleted=None)
    for manifest in fetching.filter(~Exists(unsettled)):
        settle(manifest)


def _addresses(manifest: Manifest, found: Found) -> list[ManifestAddress]:
    first_row: dict[int, str] = {}
    for row in found.rows:
        for number in row.addresses:
            first_row.setdefault(number, found.called(row))
    return [
        ManifestAddress(
            manifest=manifest,
            number=number,
            line=address.line,
            url=address.url,
            host="" if address.code else urls.host_of(urls.parse(address.url, ports)),
            name=_name(first_row.get(number, ""), address.url),
            state=FetchState.FAILED if address.code else FetchState.WAITING,
            error_code=address.code,
            error=address.message,
        )
        for number, address in enumerate(found.addresses)
    ]


def _name(row: str, url: str) -> str:
    """A picture's name: that of its row, and of its file on the web."""
    try:
        file = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    except ValueError:
        file = ""
    plain = one_line(f"{row} {file}").replace("/", "-").replace("\\", "-")
    return plain[-FILE_NAME_LENGTH:] if plain.strip(". ") else "picture"
