"""The admin shows what there is, and its actions do what their names say."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from converter import batches, claims
from converter.models import Batch, BatchState, FieldTemplate, RefusedFile, Result
from tests.test_claims import ENGINE_DOWN, READING

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def batch(make_batch):
    """A batch with one image done and one failed."""
    batch = make_batch(images=2)
    RefusedFile.objects.create(batch=batch, name="x.txt", code="unsupported_type", message="No.")
    batches.start(batch)
    claims.finish(claims.claim_next(batch), "local", READING)
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=True)
    batches.settle(batch)
    return batch


def run(admin, action: str, batch: Batch) -> str:
    address = reverse("admin:converter_batch_changelist")
    answer = admin.post(address, {"action": action, "_selected_action": [batch.pk]}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("model", ["batch", "batchimage", "result", "fieldtemplate"])
def test_each_list_opens(admin, batch, model):
    FieldTemplate.objects.create(name="Card")
    address = reverse(f"admin:converter_{model}_changelist")
    assert admin.get(address, {"q": "a"} if model != "result" else {}).status_code == 200


def test_a_batch_shows_its_counters_and_refused_files(admin, batch):
    page = admin.get(reverse("admin:converter_batch_change", args=[batch.pk])).content.decode()
    assert "unsupported_type" in page
    assert batch.folder in page


def test_a_failed_image_shows_its_reason(admin, batch):
    address = reverse("admin:converter_batchimage_changelist")
    page = admin.get(address, {"state__exact": "failed"}).content.decode()
    assert "It is down." in page
    assert "1 batch image" in page


def test_retry_failed(admin, batch):
    assert "1 images are tried again" in run(admin, "retry_failed", batch)
    batch.refresh_from_db()
    assert (batch.state, batch.failed) == (BatchState.RUNNING, 0)


def test_retrying_what_has_not_failed_says_so(admin, make_batch):
    assert "There is no failed image" in run(admin, "retry_failed", make_batch(images=1))


def test_cancel(admin, make_batch):
    batch = make_batch(images=1)
    assert "1 batches cancelled" in run(admin, "cancel", batch)
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED


def test_delete_with_files(admin, batch, settings):
    run(admin, "delete_with_files", batch)
    assert not Batch.objects.exists()
    assert list((settings.DATA_DIR / "batches").iterdir()) == []


@pytest.mark.parametrize("action", ["retry_failed", "cancel", "delete_with_files"])
def test_who_may_only_look_changes_nothing(client, batch, action):
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_batch"))
    client.force_login(viewer)
    run(client, action, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.failed) == (BatchState.PARTIAL, 1)


@pytest.mark.parametrize("model", ["batch", "batchimage", "result"])
def test_no_row_is_deleted_alone(admin, batch, model):
    row = {"batch": batch, "batchimage": batch.images.first(), "result": Result.objects.get()}
    address = reverse(f"admin:converter_{model}_delete", args=[row[model].pk])
    assert admin.post(address, {"post": "yes"}).status_code == 403
    assert batch.images.count() == 2


def test_nothing_is_deleted_without_its_files(admin, batch):
    run(admin, "delete_selected", batch)
    assert Batch.objects.exists()


def test_a_settled_batch_is_run_again(admin, batch):
    assert "“Pile (again)” is a draft now." in run(admin, "run_again", batch)
    draft = Batch.objects.get(again_of=batch)
    assert (draft.owner, draft.total) == (batch.owner, 2)
    assert "still being read" in run(admin, "run_again", draft)
