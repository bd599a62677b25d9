"""The admin shows what there is, and its actions do what their names say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from converter import tasks
from converter.admin.base import BoundedAdmin
from converter.batches import claims, lifecycle
from converter.models import Batch, BatchState, Correction, FieldTemplate, RefusedFile, Result
from tests.batches.test_claims import ENGINE_DOWN, READING
from tests.support import import_lists

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
    lifecycle.start(batch)
    claims.finish(claims.claim_next(batch), "local", READING)
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=True)
    lifecycle.settle(batch)
    return batch


def run(admin, action: str, batch: Batch) -> str:
    address = reverse("admin:converter_batch_changelist")
    answer = admin.post(address, {"action": action, "_selected_action": [batch.pk]}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "model", ["batch", "batchimage", "result", "fieldtemplate", "correction", "delivery"]
)
def test_each_list_opens(admin, batch, model):
    Correction.objects.create(image=batch.images.first(), field="Surname", text="Oak", before=[])
    FieldTemplate.objects.create(name="Card")
    address = reverse(f"admin:converter_{model}_changelist")
    assert admin.get(address, {"q": "a"} if model != "result" else {}).status_code == 200


def test_lists_of_pictures_are_seen_and_changed_by_nobody(admin, settings):
    settings.ALLOW_URL_IMPORT = True
    manifest = import_lists.started(b"image\nhttp://pictures.example/1.png\nftp://x/\n")
    for row, shown in ((manifest, "chairs.csv"), (manifest.addresses.get(number=1), "ftp://x/")):
        kind = type(row).__name__.lower()
        address = reverse(f"admin:converter_{kind}_changelist")
        assert shown in admin.get(address).content.decode()
        seen = admin.get(reverse(f"admin:converter_{kind}_change", args=[row.pk]))
        assert seen.status_code == 200
        gone = admin.post(reverse(f"admin:converter_{kind}_delete", args=[row.pk]))
        assert gone.status_code == 403
    found = admin.get(address, {"q": str(manifest.pk), "state": "failed"}).content.decode()
    assert "ftp://x/" in found
    assert "pictures.example/1.png" not in found


def test_a_trial_is_not_among_the_batches(admin, batch):
    trial = Batch.objects.create(name="Only tried", engine="local", trial_of=batch)
    page = admin.get(reverse("admin:converter_batch_changelist")).content.decode()
    assert batch.name in page
    assert trial.name not in page


def test_what_a_person_said_is_seen_and_stays(admin, batch):
    said = Correction.objects.create(image=batch.images.first(), field="a", text="Oak", before=[])
    page = admin.get(reverse("admin:converter_correction_change", args=[said.pk]))
    assert "Oak" in page.content.decode()
    gone = admin.post(reverse("admin:converter_correction_delete", args=[said.pk]))
    assert gone.status_code == 403


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


def test_resume(admin, make_batch):
    batch = make_batch(images=1)
    lifecycle.start(batch)
    assert "No image of this batch was cancelled" in run(admin, "resume", batch)
    lifecycle.cancel(batch)
    assert "1 images wait again" in run(admin, "resume", batch)
    batch.refresh_from_db()
    assert batch.state == BatchState.RUNNING


def test_an_image_is_retried_alone(admin, batch):
    address = reverse("admin:converter_batchimage_changelist")
    every = [image.pk for image in batch.images.all()]
    data = {"action": "retry", "_selected_action": every}
    page = admin.post(address, data, follow=True).content.decode()
    assert "This image has not failed" in page
    assert "1 images are tried again" in page
    batch.refresh_from_db()
    assert (batch.state, batch.failed, batch.done) == (BatchState.RUNNING, 0, 1)


def test_delete_with_files_shows_how_much_first(admin, batch, settings):
    page = run(admin, "delete_with_files", batch)
    assert "<strong>1 batch</strong>" in page
    assert "<strong>2 images</strong>" in page
    assert Batch.objects.exists()
    address = reverse("admin:converter_batch_changelist")
    sure = {"action": "delete_with_files", "_selected_action": [batch.pk], "sure": "yes"}
    assert "1 batches deleted" in admin.post(address, sure, follow=True).content.decode()
    tasks.delete()
    assert not Batch.everything.exists()
    assert list((settings.DATA_DIR / "batches").iterdir()) == []


@pytest.mark.parametrize(("age", "there"), [("", True), ("settled-30", False), ("draft-7", False)])
def test_batches_are_found_by_age(admin, batch, age, there):
    address = reverse("admin:converter_batch_changelist")
    page = admin.get(address, {"age": age} if age else {}).content.decode()
    assert (f'value="{batch.pk}"' in page) is there
    Batch.objects.update(settled=timezone.now() - timedelta(days=31))
    if age == "settled-30":
        assert f'value="{batch.pk}"' in admin.get(address, {"age": age}).content.decode()


def test_the_list_leads_to_the_clean_up(admin):
    page = admin.get(reverse("admin:converter_batch_changelist")).content.decode()
    assert reverse("clean-up") in page


@pytest.mark.parametrize("model", ["batch", "batchimage", "result"])
def test_no_list_counts_sorts_or_reads_all_rows(admin, batch, make_batch, monkeypatch, model):
    monkeypatch.setattr(BoundedAdmin, "list_per_page", 1)
    lifecycle.retry_failed(batch)
    claims.finish(claims.claim_next(batch), "local", READING)
    make_batch()
    with CaptureQueriesContext(connection) as seen:
        admin.get(reverse(f"admin:converter_{model}_changelist"))
    asked = [q["sql"] for q in seen if f'FROM "converter_{model}"' in q["sql"]]
    assert asked
    assert all("LIMIT" in sql for sql in asked)
    assert not any("DISTINCT" in sql or '"reading"' in sql for sql in asked)


def test_a_list_pages_no_further_than_it_counts(admin, make_batch, monkeypatch):
    monkeypatch.setattr("converter.admin.base.COUNTED", 2)
    make_batch(images=5)
    page = admin.get(reverse("admin:converter_batchimage_changelist")).content.decode()
    assert "3 batch images" in page


@pytest.mark.parametrize(
    "action", ["retry_failed", "resume", "run_again", "cancel", "delete_with_files"]
)
def test_who_may_only_look_changes_nothing(client, batch, action):
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_batch"))
    client.force_login(viewer)
    run(client, action, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.failed) == (BatchState.PARTIAL, 1)
    assert Batch.objects.count() == 1


def test_a_message_shows_its_attempts_and_is_sent_again(admin, make_batch):
    batch = make_batch(webhook_url="https://hooks.example/")
    due = timezone.now() + timedelta(hours=1)
    row = batch.deliveries.create(event="job.completed", body="{}", due=due)
    row.attempts.create(ended=timezone.now(), status=500, code="http_status", answer="sorry")
    shown = admin.get(reverse("admin:converter_delivery_change", args=[row.pk])).content.decode()
    assert "sorry" in shown
    assert row.message_id in shown
    address = reverse("admin:converter_delivery_changelist")
    again = {"action": "send_again", "_selected_action": [row.pk]}
    assert "1 messages are sent again" in admin.post(address, again, follow=True).content.decode()
    refused = admin.post(address, again, follow=True).content.decode()
    assert "This message is being sent" in refused
    assert "0 messages are sent again" in refused


def test_nobody_writes_a_message_or_the_address_of_a_webhook_in_the_admin(admin, make_batch):
    batch = make_batch(webhook_url="https://hooks.example/")
    row = batch.deliveries.create(event="job.completed", body="{}")
    assert admin.get(reverse("admin:converter_delivery_add")).status_code == 403
    gone = admin.post(reverse("admin:converter_delivery_delete", args=[row.pk]), {"post": "yes"})
    assert gone.status_code == 403
    page = admin.get(reverse("admin:converter_batch_change", args=[batch.pk])).content.decode()
    assert "https://hooks.example/" in page
    assert 'name="webhook_url"' not in page


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
    assert "1 new drafts." in run(admin, "run_again", batch)
    draft = Batch.objects.get(again_of=batch)
    assert (draft.owner, draft.total) == (batch.owner, 2)
    assert "still being read" in run(admin, "run_again", draft)
