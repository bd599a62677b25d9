"""Webhooks in the pages: asked for in a draft, seen with their answers, sent again, and signed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from converter.batches import lifecycle, rerun
from converter.models import Batch, SigningSeed
from converter.webhooks import sender, signing
from tests.support.misbehaving_server import says
from tests.support.private_addresses import NOT_PUBLIC
from tests.support.webhook_receiver import make_told, receiver
from tests.webhooks.test_sender import pass_time

__all__ = ["make_told", "receiver"]

URL = "https://hooks.example/a?token=b"
OPTIONS = {"name": "Pile", "mode": "tables", "engine": "local", "priority": "2"}
HTMX = {"HX-Request": "true"}


def page_of(client: Client, route: str, batch: Batch) -> str:
    return client.get(reverse(route, args=[batch.pk])).content.decode()


@pytest.mark.parametrize("route", ["draft-options", "batch-start"])
def test_a_draft_is_given_a_webhook(client, make_batch, route):
    batch = make_batch(images=1)
    told = {"webhook_url": URL, "webhook_per_image": "on"}
    assert client.post(reverse(route, args=[batch.pk]), OPTIONS | told).status_code == 302
    batch.refresh_from_db()
    assert (batch.webhook_url, batch.webhook_per_image) == (URL, True)
    assert batch.reached_at == "http://testserver"
    assert batch.is_draft is (route == "draft-options")


def test_it_is_shown_and_taken_away_in_the_draft(client, make_batch):
    batch = make_batch(images=1, webhook_url=URL, webhook_per_image=True)
    assert f'value="{URL}"' in page_of(client, "batch", batch)
    client.post(reverse("draft-options", args=[batch.pk]), OPTIONS | {"webhook_url": ""})
    batch.refresh_from_db()
    assert (batch.webhook_url, batch.webhook_per_image) == ("", False)


def test_a_form_that_knows_no_webhook_leaves_it_alone(client, make_batch):
    batch = make_batch(images=1, webhook_url=URL)
    client.post(reverse("draft-options", args=[batch.pk]), OPTIONS)
    batch.refresh_from_db()
    assert batch.webhook_url == URL


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_address_that_is_never_asked_is_said_beside_its_field(client, make_batch, headers):
    batch = make_batch(images=1)
    sent = OPTIONS | {"webhook_url": "http://localhost/"}
    answer = client.post(reverse("draft-options", args=[batch.pk]), sent, headers=headers)
    assert answer.status_code == (200 if headers else 422)
    page = answer.content.decode()
    found = re.search(r'id="webhook-error"[^>]*>([^<]*)<', page)
    assert found
    assert "not on the public internet" in found[1]
    batch.refresh_from_db()
    assert batch.webhook_url == ""


def test_no_address_of_the_drill_is_taken(client, make_batch):
    batch = make_batch(images=1)
    for address in NOT_PUBLIC:
        sent = OPTIONS | {"webhook_url": address}
        answer = client.post(reverse("batch-start", args=[batch.pk]), sent)
        assert answer.status_code == 422, address
    assert Batch.objects.get().is_draft


def test_a_batch_that_runs_again_tells_the_same_receiver(make_told, receiver):
    draft = rerun.run_again(make_told(webhook_per_image=True))
    assert (draft.webhook_url, draft.webhook_per_image) == (receiver.url("/hook"), True)
    assert draft.reached_at == "http://here"
    assert not draft.deliveries.exists()


@pytest.mark.parametrize("route", ["batch", "batch-webhooks"])
def test_the_page_shows_each_attempt_with_its_answer(client, make_told, receiver, route):
    receiver.plays["/hook"] = [says(500, b"<b>sorry</b>"), says(200, b"thanks")]
    batch = make_told(images=2, webhook_per_image=True)
    sender.deliver()
    pass_time(minutes=1)
    sender.deliver()
    page = page_of(client, route, batch)
    assert receiver.url("/hook") in page
    assert "3 delivered" in " ".join(page.split())
    assert "&lt;b&gt;sorry&lt;/b&gt;" in page
    assert (page.count(">500</b>"), page.count(">200</b>")) == (1, 3)
    for event in ("job.completed", "image.completed"):
        assert event in page


def test_a_page_without_a_webhook_says_nothing_of_one(client, make_started):
    batch = make_started()
    assert 'id="told"' not in page_of(client, "batch", batch)
    assert "tells nobody" in page_of(client, "batch-webhooks", batch)


def test_the_page_asks_again_only_while_something_changes_soon(client, make_told, receiver):
    receiver.plays["/hook"] = [says(500)]
    batch = make_told()
    address = reverse("batch-webhooks", args=[batch.pk])

    def asks_again() -> bool:
        part = client.get(address, headers=HTMX).content.decode()
        assert part.lstrip().startswith("<section")
        return "hx-trigger" in part

    assert asks_again()
    sender.deliver()
    assert asks_again()
    batch.deliveries.update(due=timezone.now() + timedelta(hours=1))
    assert not asks_again()
    assert "Next try" in page_of(client, "batch", batch)


def test_what_was_given_up_says_why_and_is_sent_again(client, make_told, receiver):
    receiver.plays["/hook"] = [says(410), says(200)]
    batch = make_told(images=1, webhook_per_image=True)
    sender.deliver()
    page = page_of(client, "batch", batch)
    assert "receiver_gone" in page
    assert "Send 2 again" in page
    answer = client.post(reverse("webhooks-send", args=[batch.pk]), follow=True)
    assert "Messages that are sent again: 2." in answer.content.decode()
    sender.deliver()
    assert "Send 2 again" not in page_of(client, "batch", batch)
    assert len(receiver.received) == 3


def test_one_message_is_sent_again_and_not_twice_at_once(client, make_told, receiver):
    batch = make_told()
    sender.deliver()
    address = reverse("webhook-send", args=[batch.pk, batch.deliveries.get().pk])
    assert address in page_of(client, "batch", batch)
    assert "is sent again" in client.post(address, follow=True).content.decode()
    assert address not in page_of(client, "batch", batch)
    assert "waits for those before" in client.post(address, follow=True).content.decode()
    sender.deliver()
    assert len(receiver.received) == 2


def test_what_is_on_its_way_is_told_from_what_was_broken_off(client, make_told, receiver):
    batch = make_told()
    sender._claim_due()
    page = page_of(client, "batch", batch)
    assert "on its way" in page
    assert "Send now" not in page
    pass_time(seconds=sender.LEASE.total_seconds())
    sender.deliver()
    page = page_of(client, "batch", batch)
    assert "broken off" in page
    assert "on its way" not in page


def test_messages_are_paged(client, make_told, receiver):
    batch = make_told(images=30, webhook_per_image=True)
    assert "All 31 messages" in page_of(client, "batch", batch)
    first = page_of(client, "batch-webhooks", batch)
    [older] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get(older).content.decode()
    assert (first.count('"file">picture'), second.count('"file">picture')) == (24, 6)
    assert 'rel="next"' not in second
    assert client.get(f"{reverse('batch-webhooks', args=[batch.pk])}?before=x").status_code == 200


def test_a_stranger_sees_and_sends_nothing(stranger, make_told, receiver):
    batch = make_told()
    row = batch.deliveries.get().pk
    assert stranger.get(reverse("batch-webhooks", args=[batch.pk])).status_code == 404
    assert stranger.post(reverse("webhooks-send", args=[batch.pk])).status_code == 404
    assert stranger.post(reverse("webhook-send", args=[batch.pk, row])).status_code == 404


def test_a_message_is_found_in_its_own_batch_alone(client, make_told, receiver):
    row, batch = make_told().deliveries.get().pk, make_told()
    for number in (row, 0, 2**70):
        assert client.post(reverse("webhook-send", args=[batch.pk, number])).status_code == 404


@pytest.mark.parametrize("route", ["webhooks-send", "webhook-secret"])
def test_what_changes_something_is_not_got(client, make_batch, route):
    arguments = [make_batch().pk] if route == "webhooks-send" else []
    assert client.get(reverse(route, args=arguments)).status_code == 405


def test_nobody_gets_a_session_or_a_secret_by_looking(db):
    visitor = Client()
    assert "Make my secret" in visitor.get("/webhooks/").content.decode()
    assert "sessionid" not in visitor.cookies
    assert not SigningSeed.objects.exists()
    page = visitor.post("/webhooks/secret/", {"do": "make"}, follow=True).content.decode()
    assert signing.secret_of(Batch(owner=visitor.session["owner"])) in page


def test_the_secret_is_replaced_and_the_former_one_ended(client, db):
    me = Batch(owner="me")
    former = signing.secret_of(me)
    assert former in client.get("/webhooks/").content.decode()
    page = client.post("/webhooks/secret/", {"do": "replace"}, follow=True).content.decode()
    assert former not in page
    assert signing.secret_of(me) in page
    assert len(signing.keys_of(me)) == 2
    assert "End it now" in page
    page = client.post("/webhooks/secret/", {"do": "end"}, follow=True).content.decode()
    assert "End it now" not in page
    assert len(signing.keys_of(me)) == 1


def test_the_secret_of_another_is_not_touched(stranger, db):
    signing.replace(Batch(owner="me"))
    for do in ("replace", "end", "nonsense"):
        stranger.post("/webhooks/secret/", {"do": do})
    assert len(signing.keys_of(Batch(owner="me"))) == 2


def test_trying_a_job_again_is_told_too(client, make_told, receiver):
    batch = make_told(images=2, failing=(1,))
    sender.deliver()
    lifecycle.retry_failed(batch)
    assert "hx-trigger" in page_of(client, "batch", batch)
