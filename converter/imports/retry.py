"""Retry what a list could not fetch: a new list of those rows alone, which is started at once.

A started batch takes no more images, so pictures that come later need one of their own.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from converter.batches import rerun
from converter.batches.lifecycle import BatchError
from converter.imports import manifests
from converter.models import (
    Batch,
    FetchState,
    Manifest,
    ManifestAddress,
    ManifestAddressQuerySet,
    ManifestRow,
)

_COPIED: Final = ("file_name", "encoding", "delimiter", "has_header", "header", "columns")
_OF_ADDRESS: Final = ("line", "url", "host", "name")


def failed_of(manifest: Manifest) -> ManifestAddressQuerySet:
    """The addresses that were not fetched, except those that may never be asked."""
    failed = manifest.addresses.filter(state=FetchState.FAILED)
    return failed.exclude(error_code__in=("bad_address", "port_refused", "address_not_public"))


@transaction.atomic
def fetch_again(manifest: Manifest) -> Manifest:
    """Fetch what failed, for the rows that name it. Raises BatchError if there is nothing."""
    batch = manifest.batch
    if not batch.is_settled:
        raise BatchError("batch_not_settled", "Its pictures are still being fetched or read; wait.")
    numbers = failed_of(manifest).order_by("number").values_list("number", flat=True)
    renumbered = {number: new for new, number in enumerate(numbers)}
    if not renumbered:
        raise BatchError("nothing_failed", "No picture of this import can be fetched again.")
    draft = Batch.objects.create(name=batch.name, **rerun.options_of(batch))
    made = Manifest.objects.create(
        batch=draft, **{name: getattr(manifest, name) for name in _COPIED}
    )
    addresses = [
        ManifestAddress(
            manifest=made,
            number=renumbered[one.number],
            **{name: getattr(one, name) for name in _OF_ADDRESS},
        )
        for one in failed_of(manifest)
    ]
    rows: list[ManifestRow] = []  # those that name one of these addresses, each with those alone
    for row in manifest.rows.filter(error_code="").order_by("number"):
        if named := [renumbered[number] for number in row.addresses if number in renumbered]:
            place = {"number": len(rows), "line": row.line}
            rows.append(ManifestRow(manifest=made, **place, cells=row.cells, addresses=named))
    ManifestAddress.objects.bulk_create(addresses, batch_size=500)
    ManifestRow.objects.bulk_create(rows, batch_size=500)
    manifests.start(made)
    return made
