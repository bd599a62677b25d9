"""Lists are kept as they came, fill a draft, and start it when the last picture is settled."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from converter.batches import deletion, lifecycle
from converter.batches.lifecycle import BatchError
from converter.core.errors import TablexlError
from converter.core.manifests.model import ManifestError
from converter.imports import manifests
from converter.maintenance import recovery
from converter.models import (
    Batch,
    BatchState,
    FetchState,
    Manifest,
    ManifestAddress,
    ManifestRow,
    ManifestState,
)
from converter.workers import queue
from tests.support import batch_factory, import_lists

pytestmark = pytest.mark.django_db(transaction=True)

URLS = [f"http://pictures.example/{number}.png" for number in range(3)]


@pytest.fixture(autouse=True)
def _allowed(settings) -> None:
    settings.ALLOW_URL_IMPORT = True


def settle_addresses(manifest: Manifest, state: FetchState = FetchState.FAILED) -> None:
    manifest.addresses.update(state=state, error_code="http_status")


def test_a_list_is_kept_as_it_came():
    manifest = import_lists.kept(b"no;name;image\n7;Stuhl;http://pictures.example/a%20b.png\n8;;\n")
    assert (manifest.header, manifest.delimiter) == (["no", "name", "image"], ";")
    assert manifest.columns == {"addresses": [2], "serial": 0, "product": 1}
    rows = list(manifest.rows.order_by("number").values_list("line", "cells", "error_code"))
    assert rows == [
        (2, ["7", "Stuhl", "http://pictures.example/a%20b.png"], ""),
        (3, ["8", "", ""], "row_no_address"),
    ]
    address = manifest.addresses.get()
    assert (address.host, address.name, address.line) == ("pictures.example", "7 Stuhl a b.png", 2)


def test_nothing_is_fetched_before_the_start():
    manifest = import_lists.kept(import_lists.csv_of(URLS))
    assert manifest.state == ManifestState.CHECKED
    assert not OrmQ.objects.exists()


def test_a_start_calls_a_worker_and_happens_once():
    manifest = import_lists.started(import_lists.csv_of(URLS))
    assert manifest.state == ManifestState.FETCHING
    assert [one.task["func"] for one in OrmQ.objects.all()] == [queue.FETCH]
    with pytest.raises(lifecycle.BatchClosed):
        manifests.start(manifest)


def test_where_it_is_not_allowed_nothing_is_started(settings):
    manifest = import_lists.kept(import_lists.csv_of(URLS))
    settings.ALLOW_URL_IMPORT = False
    with pytest.raises(TablexlError) as caught:
        manifests.start(manifest)
    assert caught.value.code == "import_disabled"
    manifest.refresh_from_db()
    assert manifest.state == ManifestState.CHECKED


def test_fields_must_be_named_before_the_start():
    manifest = import_lists.kept(import_lists.csv_of(URLS), mode="fields")
    with pytest.raises(BatchError) as caught:
        manifests.start(manifest)
    assert caught.value.code == "fields_missing"


def test_its_draft_does_not_start_before_all_is_fetched():
    batch = import_lists.started(import_lists.csv_of(URLS)).batch
    with pytest.raises(BatchError) as caught:
        lifecycle.start(batch)
    assert caught.value.code == "batch_importing"


def test_the_last_address_starts_the_batch():
    manifest = import_lists.started(import_lists.csv_of(URLS))
    lifecycle.add_images(
        manifest.batch, [batch_factory._image(manifest.batch, import_lists.png(), 1)]
    )
    manifest.addresses.exclude(number=2).update(state=FetchState.DONE)
    assert not manifests.settle(manifest)
    manifest.addresses.update(state=FetchState.DONE)
    assert manifests.settle(manifest)
    assert not manifests.settle(manifest)
    manifest.batch.refresh_from_db()
    assert manifest.batch.state == BatchState.QUEUED


def test_a_list_without_any_picture_ends():
    manifest = import_lists.started(import_lists.csv_of(URLS))
    settle_addresses(manifest)
    assert manifests.settle(manifest)
    manifest.batch.refresh_from_db()
    assert manifest.batch.state == BatchState.CANCELLED


def test_a_list_of_nothing_that_may_be_asked_ends_at_once():
    manifest = import_lists.started(b"image\nfile:///etc/passwd\n")
    assert manifest.state == ManifestState.FETCHED
    assert manifest.addresses.get().error_code == "bad_address"


def test_what_a_dead_worker_completed_is_started_by_the_sweep():
    manifest = import_lists.started(import_lists.csv_of(URLS))
    settle_addresses(manifest)
    recovery.put_right()
    manifest.refresh_from_db()
    assert manifest.state == ManifestState.FETCHED


def test_the_sweep_calls_a_worker_for_what_waits():
    import_lists.started(import_lists.csv_of(URLS))
    OrmQ.objects.all().delete()
    for _ in range(2):
        recovery.put_right()
    assert [one.task["func"] for one in OrmQ.objects.all()] == [queue.FETCH]


def test_a_wake_up_to_read_does_not_keep_the_fetching_from_being_called():
    import_lists.started(import_lists.csv_of(URLS))
    OrmQ.objects.all().delete()
    queue.wake()
    recovery.put_right()
    assert [one.task["func"] for one in OrmQ.objects.all()] == [queue.WORK, queue.FETCH]


@pytest.mark.parametrize("number", [1, deletion.ROWS + 50])
def test_a_list_goes_with_its_batch(number: int):
    manifest = import_lists.kept(
        import_lists.csv_of([f"http://pictures.example/{n}" for n in range(number)])
    )
    lifecycle.delete(manifest.batch)
    kinds = (Batch.everything, Manifest.objects, ManifestRow.objects, ManifestAddress.objects)
    assert [kind.count() for kind in kinds] == [0, 0, 0, 0]


def test_a_cancelled_list_fetches_no_more():
    manifest = import_lists.started(import_lists.csv_of(URLS))
    lifecycle.cancel(manifest.batch)
    assert not ManifestAddress.objects.claimable(timezone.now()).exists()


@pytest.mark.parametrize(
    ("refused", "code"),
    [("file_too_large", "file_too_large"), ("storage_failed", "storage_failed")],
)
def test_a_file_that_did_not_come_through_says_why(refused: str, code: str):
    file = import_lists.uploaded(b"")
    file.refused = refused  # type: ignore[attr-defined]
    with pytest.raises(TablexlError) as caught:
        manifests.read_file(file)
    assert caught.value.code == code


def test_a_list_holds_no_more_than_a_batch(settings):
    settings.MAX_BATCH_SIZE = 2
    with pytest.raises(ManifestError) as caught:
        import_lists.kept(import_lists.csv_of(URLS))
    assert caught.value.code == "csv_too_large"
