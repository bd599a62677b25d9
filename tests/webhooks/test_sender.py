"""Webhooks on their way: signed, in order, at least once, and given up with a reason."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from converter import tasks
from converter.batches import deletion, lifecycle
from converter.core.outbound import client
from converter.core.outbound.client import Bounds, Guard, Response
from converter.maintenance import recovery
from converter.models import Attempt, Batch, Delivery, DeliveryState
from converter.webhooks import sender, signing
from converter.webhooks.sender import DeliveryError
from converter.workers import queue
from tests.batches.test_lifecycle import work
from tests.support import misbehaving_server
from tests.support.misbehaving_server import leads_to, says
from tests.support.private_addresses import BADLY_WRITTEN, CODES, NOT_PUBLIC
from tests.support.webhook_receiver import make_told, receiver, types, verified

__all__ = ["make_told", "receiver"]

pytestmark = pytest.mark.django_db


def pass_time(**time: float) -> None:
    """Let all that waits have waited so long."""
    for row in Delivery.objects.exclude(due=None):
        Delivery.objects.filter(pk=row.pk).update(due=row.due - timedelta(**time))
    for row in Delivery.objects.all():
        Delivery.objects.filter(pk=row.pk).update(since=row.since - timedelta(**time))


def sole(batch: Batch) -> Delivery:
    return batch.deliveries.get()


def test_a_message_is_delivered_signed_and_its_answer_kept(make_told, receiver):
    batch = make_told()
    sender.deliver()
    [received] = receiver.received
    assert verified(received, batch)["data"]["job_id"] == str(batch.pk)
    assert received.headers["webhook-id"] == sole(batch).message_id
    assert received.headers["Content-Type"] == "application/json"
    assert sole(batch).state == DeliveryState.DELIVERED
    attempt = sole(batch).attempts.get()
    assert (attempt.status, attempt.answer, attempt.code) == (200, "thanks", "")
    assert attempt.milliseconds >= 0
    sender.deliver()
    assert len(receiver.received) == 1


def test_while_a_secret_is_replaced_both_are_good(make_told, receiver):
    batch = make_told()
    former = signing.keys_of(batch)
    signing.replace(batch)
    sender.deliver()
    assert verified(receiver.received[0], batch)
    assert len(receiver.received[0].headers["webhook-signature"].split()) == 2
    assert signing.keys_of(batch)[1:] == former


def test_messages_of_a_job_come_in_order_though_the_first_fails_at_first(make_told, receiver):
    receiver.plays["/hook"] = [says(500), says(503), says(200)]
    batch = make_told(images=2, webhook_per_image=True)
    sender.deliver()
    assert types(receiver) == ["image.completed"]
    for _ in range(2):
        pass_time(minutes=1)
        sender.deliver()
    sent = [json.loads(one.body)["data"].get("filename") for one in receiver.received]
    assert sent == ["picture 0.png"] * 3 + ["picture 1.png", None]
    assert types(receiver)[-1] == "job.completed"
    assert {one.state for one in batch.deliveries.all()} == {"delivered"}


def test_one_silent_receiver_keeps_no_other_waiting(make_told, receiver, monkeypatch):
    monkeypatch.setattr(sender, "BOUNDS", Bounds(size=100, seconds=0.5))
    receiver.plays["/silent"] = [misbehaving_server.say_nothing]
    silent = [make_told(webhook_url=receiver.url("/silent")) for _ in range(3)]
    told = make_told()
    sender.deliver()
    assert sole(told).state == DeliveryState.DELIVERED
    assert [sole(one).attempts.get().code for one in silent] == ["answer_too_slow"] * 3


@pytest.mark.parametrize(
    ("play", "code", "status"),
    [
        (says(404), "http_status", 404),
        (says(500, b"sorry"), "http_status", 500),
        (leads_to("/elsewhere"), "http_status", 302),
        (misbehaving_server.hang_up, "host_unreachable", None),
    ],
)
def test_what_was_not_taken_is_tried_again_later(make_told, receiver, play, code, status):
    receiver.plays["/hook"] = [play]
    batch = make_told()
    sender.deliver()
    assert receiver.paths() == ["/hook"]
    attempt = sole(batch).attempts.get()
    assert (attempt.code, attempt.status) == (code, status)
    assert attempt.error
    assert sole(batch).state == DeliveryState.WAITING
    assert sole(batch).due > timezone.now()


@pytest.mark.parametrize(
    ("said", "seconds"), [("600", 600), ("2", 5), ("999999999", 24 * 3600), ("soon", 5)]
)
def test_a_receiver_says_when_it_wants_to_hear_again(make_told, receiver, said, seconds):
    receiver.plays["/hook"] = [says(429, Retry_After=said), says(200)]
    batch = make_told()
    sender.deliver()
    waits = (sole(batch).due - timezone.now()).total_seconds()
    assert waits == pytest.approx(seconds, rel=0.25)
    pass_time(seconds=waits + 1)
    sender.deliver()
    assert sole(batch).state == DeliveryState.DELIVERED


def test_pauses_grow_until_the_day_is_over_then_it_is_given_up_with_its_reason(
    make_told, receiver, monkeypatch
):
    receiver.plays["/hook"] = [says(500, b"broken")]
    batch = make_told()
    # The clock stands still while a message is sent, so that the pauses alone make up the day.
    begun = now = sole(batch).due
    monkeypatch.setattr(timezone, "now", lambda: now)
    waits = []
    while sole(batch).state == DeliveryState.WAITING:
        sender.deliver()
        if due := sole(batch).due:
            waits.append(due - now)
            now = due
    assert 8 <= len(waits) <= 16
    assert all(later > earlier for earlier, later in pairwise(waits[:7]))
    delivery = sole(batch)
    assert begun + sum(waits, timedelta()) == delivery.since + timedelta(days=1)
    assert (delivery.state, delivery.code) == (DeliveryState.GIVEN_UP, "http_status")
    assert "for a day" in delivery.reason
    assert "500" in delivery.reason
    assert delivery.attempts.count() == len(waits) + 1


def test_what_has_waited_as_long_is_given_up_with_it(make_told, receiver):
    receiver.plays["/hook"] = [says(500)]
    batch = make_told(images=3, webhook_per_image=True)
    pass_time(hours=25)
    sender.deliver()
    assert {one.state for one in batch.deliveries.all()} == {"given_up"}
    assert len(receiver.received) == 1


def test_a_receiver_that_is_gone_is_asked_no_more(make_told, receiver):
    receiver.plays["/hook"] = [says(410)]
    batch = make_told(images=3, failing=(2,), webhook_per_image=True)
    sender.deliver()
    lifecycle.retry_failed(batch)
    work(batch)
    sender.deliver()
    assert len(receiver.received) == 1
    assert {(one.state, one.code) for one in batch.deliveries.all()} == {
        ("given_up", "receiver_gone")
    }
    assert batch.deliveries.count() == 6


def test_another_batch_is_not_concerned(make_told, receiver):
    receiver.plays["/hook"] = [says(410), says(200)]
    gone, told = make_told(), make_told()
    sender.deliver()
    assert {sole(gone).state, sole(told).state} == {"given_up", "delivered"}


def lie_there(address: str) -> Delivery:
    """A message for an address, however it came to be kept."""
    batch = Batch.objects.create(name="Pile", engine="local", owner="me", webhook_url=address)
    return batch.deliveries.create(event="job.completed", body="{}", due=timezone.now())


def test_no_private_address_is_ever_asked():
    addresses = [*BADLY_WRITTEN, *NOT_PUBLIC]
    for address in addresses:
        lie_there(address)
    while sender.is_due():
        sender.deliver()
    rows = Delivery.objects.all()
    assert rows.count() == len(addresses) >= 60
    assert {one.state for one in rows} == {DeliveryState.GIVEN_UP}
    assert {one.code for one in rows} == CODES
    assert all(one.attempts.get().status is None for one in rows)


def test_a_name_is_looked_up_anew_for_each_attempt(make_told, receiver, monkeypatch):
    leads = iter([[misbehaving_server.ADDRESS], ["169.254.169.254"]])
    guard = Guard(lambda _: next(leads), misbehaving_server.may_be_reached, None)
    monkeypatch.setattr(sender, "GUARD", guard)
    receiver.plays["/hook"] = [says(500)]
    batch = make_told()
    sender.deliver()
    pass_time(minutes=1)
    sender.deliver()
    assert len(receiver.received) == 1
    assert sole(batch).code == "address_not_public"


def test_what_an_answer_holds_is_shown_as_text_and_no_more_than_its_beginning(make_told, receiver):
    receiver.plays["/hook"] = [says(500, b"\0\x1b[31m<b>\xff " + b"x" * 5_000)]
    batch = make_told()
    sender.deliver()
    answer = sole(batch).attempts.get().answer
    assert answer.startswith("  [31m<b>\ufffd x")
    assert len(answer) == sender.SHOWN


def test_no_log_holds_a_secret_or_the_address(make_told, receiver, caplog):
    caplog.set_level(logging.DEBUG)
    receiver.plays["/hook"] = [says(500), says(200)]
    batch = make_told(webhook_url=receiver.url("/hook?token=sesame"))
    sender.deliver()
    pass_time(minutes=1)
    sender.deliver()
    assert sole(batch).state == DeliveryState.DELIVERED
    assert "Webhook delivered (" in caplog.text
    for hidden in ("sesame", "whsec_", signing.secret_of(batch).removeprefix("whsec_")):
        assert hidden not in caplog.text


# --- whatever dies --------------------------------------------------------------------------------


def test_what_a_dead_worker_had_under_way_is_sent_by_another(make_told, receiver):
    batch = make_told()
    assert sender._claim_due()  # and there it died
    sender.deliver()
    assert receiver.received == []
    pass_time(seconds=sender.LEASE.total_seconds())
    sender.deliver()
    assert types(receiver) == ["job.completed"]
    assert sole(batch).state == DeliveryState.DELIVERED
    assert [one.ended is None for one in sole(batch).attempts.order_by("pk")] == [True, False]


def test_an_answer_that_comes_after_another_has_sent_it_changes_nothing(make_told, receiver):
    batch = make_told()
    slow = sender._claim_due()
    pass_time(seconds=sender.LEASE.total_seconds())
    receiver.plays["/hook"] = [says(500)]
    sender.deliver()
    sender.SendingShift().settle(slow, Response(200, b""))
    assert sole(batch).state == DeliveryState.WAITING
    assert sorted(one.status for one in sole(batch).attempts.all()) == [200, 500]


def test_a_defect_of_ours_is_no_end(make_told, receiver, monkeypatch, caplog):
    def broken(*_args: object) -> Response:
        raise RuntimeError("a defect")

    batch = make_told()
    monkeypatch.setattr(client, "post", broken)
    sender.deliver()
    assert sole(batch).attempts.get().code == "unexpected"
    monkeypatch.undo()
    monkeypatch.setattr(sender, "GUARD", misbehaving_server.THIS_MACHINE)
    pass_time(minutes=1)
    sender.deliver()
    assert sole(batch).state == DeliveryState.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_who_sees_a_batch_go_while_its_message_is_under_way_notes_nothing(make_told, receiver):
    batch = make_told()
    job = sender._claim_due()
    lifecycle.delete(batch)
    sender.SendingShift().settle(job, Response(200, b""))
    assert not Delivery.objects.exists()
    sender.deliver()
    assert receiver.received == []


@pytest.mark.django_db(transaction=True)
def test_each_message_wakes_a_worker_and_what_is_left_wakes_another(
    make_told, receiver, monkeypatch
):
    make_told()
    assert queued() == [queue.WORK, queue.DELIVER]
    monkeypatch.setattr(sender, "SHIFT_SECONDS", 0)
    OrmQ.objects.all().delete()
    tasks.deliver()
    assert queued() == [queue.DELIVER]
    monkeypatch.undo()
    monkeypatch.setattr(sender, "GUARD", misbehaving_server.THIS_MACHINE)
    OrmQ.objects.all().delete()
    tasks.deliver()
    assert queued() == []
    assert len(receiver.received) == 1


@pytest.mark.django_db(transaction=True)
def test_images_that_wait_have_their_turn_after_it(make_told, receiver, make_batch):
    make_told()
    lifecycle.start(make_batch(images=1))
    OrmQ.objects.all().delete()
    tasks.deliver()
    assert queued() == [queue.WORK]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("waker", [recovery.sweep, recovery.Guardian().wake])
def test_a_wake_up_that_was_lost_is_made_up_for_once_it_is_due(make_told, receiver, waker):
    receiver.plays["/hook"] = [says(500)]
    make_told()
    sender.deliver()
    OrmQ.objects.all().delete()
    waker()
    assert queued() == []
    pass_time(minutes=1)
    waker()
    assert queued() == [queue.DELIVER]


def queued() -> list[str]:
    return [one.task["func"] for one in OrmQ.objects.order_by("pk")]


@pytest.mark.django_db(transaction=True)
def test_messages_go_with_their_batch_some_at_a_time(make_told, receiver, monkeypatch):
    monkeypatch.setattr(deletion, "ROWS", 2)
    batch = make_told(images=5, webhook_per_image=True)
    sender.deliver()
    lifecycle.delete(batch)
    assert (Delivery.objects.count(), Attempt.objects.count()) == (0, 0)
    assert not Batch.everything.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL decides by what is there")
def test_what_is_due_is_found_without_looking_at_all_that_waits():
    batch = Batch(name="Pile")
    assert "delivery_due" in Delivery.objects.due().explain()
    assert "delivery_one" in batch.deliveries.filter(due__isnull=False).explain()
    assert "delivery_in_line" in batch.deliveries.waiting().order_by("pk")[:1].explain()


# --- by hand --------------------------------------------------------------------------------------


def test_what_was_delivered_is_sent_again_under_the_same_id(make_told, receiver):
    batch = make_told()
    sender.deliver()
    sender.send_again(sole(batch))
    sender.deliver()
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert sole(batch).attempts.count() == 2


def test_what_waits_for_its_next_try_is_sent_at_once(make_told, receiver):
    receiver.plays["/hook"] = [says(500), says(200)]
    batch = make_told()
    sender.deliver()
    sender.send_again(sole(batch))
    sender.deliver()
    assert sole(batch).state == DeliveryState.DELIVERED


def test_what_is_under_way_or_in_line_is_not_sent_twice(make_told, receiver):
    batch = make_told(images=1, webhook_per_image=True)
    sender._claim_due()
    for row in batch.deliveries.all():
        with pytest.raises(DeliveryError, match="delivery_waits"):
            sender.send_again(row)


def test_all_that_was_given_up_is_sent_again_in_its_order(make_told, receiver):
    receiver.plays["/hook"] = [says(410), says(200)]
    batch = make_told(images=2, webhook_per_image=True)
    sender.deliver()
    assert sender.send_rest_again(batch) == 3
    sender.deliver()
    assert types(receiver)[1:] == ["image.completed", "image.completed", "job.completed"]
    batch.refresh_from_db()
    assert batch.webhook_gone is None
    with pytest.raises(DeliveryError, match="nothing_to_send"):
        sender.send_rest_again(batch)


def test_what_was_sent_again_has_a_day_of_its_own(make_told, receiver):
    receiver.plays["/hook"] = [says(500)]
    batch = make_told()
    pass_time(hours=25)
    sender.deliver()
    assert sole(batch).state == DeliveryState.GIVEN_UP
    sender.send_again(sole(batch))
    sender.deliver()
    assert (sole(batch).state, sole(batch).tries) == (DeliveryState.WAITING, 1)
    assert sole(batch).due < timezone.now() + timedelta(seconds=10)
