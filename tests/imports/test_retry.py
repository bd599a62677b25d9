"""What a list could not fetch is tried again, with its rows, and with nothing else."""

from __future__ import annotations

import pytest

from converter.batches.lifecycle import BatchError
from converter.imports import retry
from converter.models import FetchState, Manifest, ManifestState
from tests.imports.test_results import address, filled, read, tables
from tests.support import import_lists

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (
    f'no,image\n1,{address(0)}\n2,"{address(1)} {address(0)}"\n3,\n4,{address(2)}\n5,{address(1)}\n'
)


@pytest.fixture(autouse=True)
def _allowed(settings) -> None:
    settings.ALLOW_URL_IMPORT = True


@pytest.fixture
def settled() -> Manifest:
    manifest = filled(TEXT, missing=(1,), by_id=True, priority=1)
    read(manifest.batch, tables)
    return manifest


def test_the_rows_that_name_it_come_along_and_no_others(settled):
    made = retry.fetch_again(settled)
    assert made.state == ManifestState.FETCHING
    rows = list(made.rows.order_by("number").values_list("line", "addresses"))
    assert rows == [(3, [0]), (6, [0])]
    [one] = made.addresses.all()
    assert (one.url, one.number, one.state) == (address(1), 0, FetchState.WAITING)
    assert one.upload != settled.addresses.get(number=1).upload


def test_owner_and_options_come_along(settled):
    batch = retry.fetch_again(settled).batch
    kept = ("owner", "by_id", "priority", "mode", "engine", "name")
    assert [getattr(batch, name) for name in kept] == [
        getattr(settled.batch, name) for name in kept
    ]


def test_nothing_is_fetched_again_before_the_end():
    with pytest.raises(BatchError) as caught:
        retry.fetch_again(filled(f"image\n{address(0)}\n"))
    assert caught.value.code == "batch_not_settled"


def test_where_all_was_fetched_that_is_said():
    manifest = filled(f"image\n{address(0)}\n")
    read(manifest.batch, tables)
    assert_nothing_to_fetch(manifest)


def test_what_may_never_be_asked_is_not_asked_again():
    manifest = import_lists.started(b"image\nftp://x/\nhttp://x.example:22/\n")
    manifest.batch.refresh_from_db()
    assert_nothing_to_fetch(manifest)


def assert_nothing_to_fetch(manifest: Manifest) -> None:
    with pytest.raises(BatchError) as caught:
        retry.fetch_again(manifest)
    assert caught.value.code == "nothing_failed"
    assert Manifest.objects.count() == 1
