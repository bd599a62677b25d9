"""How much an owner may keep, and strangers at one address together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from converter.batches import drafts, lifecycle, rerun, trials
from converter.models import Batch, BatchState, PendingFile
from converter.uploads import intake
from tests.support.pictures import png

pytestmark = pytest.mark.django_db(transaction=True)

MakeBatch = Callable[..., Batch]
PICTURE = png()


def send(batch: Batch) -> intake.IntakeReport:
    return intake.add_files(batch, [SimpleUploadedFile("a.png", PICTURE)])


@pytest.fixture
def room(settings, make_batch: MakeBatch) -> Callable[[int], None]:
    """Sets the quota to so many pictures as they are stored, encoded anew."""
    stored = make_batch()
    send(stored)
    size = stored.images.get().size
    lifecycle.delete(stored)

    def set_to(pictures: int) -> None:
        settings.STORAGE_QUOTA = pictures * size

    return set_to


def test_a_batch_knows_its_bytes(make_batch: MakeBatch) -> None:
    batch = make_batch(images=3)
    batch.refresh_from_db()
    size = batch.images.first().size
    assert batch.size == 3 * size
    drafts.remove(batch, [batch.images.first().pk])
    batch.refresh_from_db()
    assert batch.size == 3 * size  # it can be put back
    lifecycle.start(batch)
    assert batch.size == 2 * size


def test_beyond_the_quota_files_are_refused_and_told(make_batch: MakeBatch, room) -> None:
    room(1)
    batch = make_batch(images=1)
    [refused] = send(batch).refused
    assert (refused.code, batch.images.count()) == ("quota_reached", 1)
    assert "Delete batches" in refused.message
    assert batch.refusals.get().code == "quota_reached"


def test_it_counts_all_batches_of_an_owner_and_none_of_others(make_batch: MakeBatch, room) -> None:
    room(2)
    make_batch(images=1)
    ann = User.objects.create_user("ann")
    make_batch(images=2, owner="", user=ann)
    assert not send(make_batch()).refused
    assert send(make_batch()).refused
    assert send(make_batch(owner="", user=ann)).refused
    assert not send(make_batch(owner="somebody else")).refused


def test_what_is_deleted_makes_room(make_batch: MakeBatch, room) -> None:
    room(1)
    lifecycle.delete(make_batch(images=1))
    assert not send(make_batch()).refused


def test_files_that_are_looked_at_count_too(make_batch: MakeBatch, settings) -> None:
    settings.UPLOAD_WAIT_SECONDS = 0.0
    settings.STORAGE_QUOTA = len(PICTURE)
    batch = make_batch()
    assert send(batch).pending == ["a.png"]
    assert send(batch).refused[0].code == "quota_reached"
    assert PendingFile.objects.count() == 1


def test_a_rerun_that_does_not_fit_says_so(make_batch: MakeBatch, room) -> None:
    batch = make_batch(images=2)
    lifecycle.cancel(batch)
    room(2)
    again = rerun.run_again(batch)
    assert (again.total, again.is_copying) == (0, False)
    assert again.refusals.get().code == "quota_reached"


def test_fields_can_be_tried_without_room(make_batch: MakeBatch, room) -> None:
    room(1)
    batch = make_batch(images=1, mode="fields", fields=[{"name": "Total", "type": "text"}])
    assert trials.begin(batch, batch.images.get()).state == BatchState.QUEUED


def test_strangers_at_one_address_share_it_whatever_their_cookies(db, settings) -> None:
    settings.STORAGE_QUOTA = 3 * len(PICTURE)

    def codes(address: str) -> list[str]:
        form = {"files": SimpleUploadedFile("a.png", PICTURE)}
        asks = {"accept": "application/json"}
        answer = Client(REMOTE_ADDR=address).post(reverse("batches"), form, headers=asks)
        return [one["code"] for one in answer.json()["refused"]]

    found = [codes("192.0.2.1") for _ in range(6)]
    assert found[0] == []
    assert found[-1] == ["quota_reached"]
    assert codes("192.0.2.2") == []


def test_an_address_is_kept_as_a_hash_and_of_strangers_alone(client, admin_client) -> None:
    for one in (client, admin_client):
        one.post(reverse("batches"), {"first": "a.png"}, headers={"accept": "application/json"})
    by_user, by_stranger = (Batch.objects.get(user__isnull=none) for none in (False, True))
    assert by_user.address == ""
    assert len(by_stranger.address) == 32
    assert "127.0.0.1" not in by_stranger.address
