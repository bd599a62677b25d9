"""What holds for every address: who may ask, by which method, and for what."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.test_batches import work
from tests.views.conftest import client_of

GET_ROUTES = ["batch", "batch-progress", "batch-delete", "batch-workbook"]
POST_ROUTES = [
    "batch-images", "batch-start", "batch-cancel", "batch-retry", "batch-resume", "batch-go-on",
    "draft-change", "draft-options", "draft-fields", "batch-again", "batch-delete",
]  # fmt: skip
IMAGE_ROUTES = ["image", "image-workbook", "image-picture", "image-thumbnail"]


def status_of(client: Client, url: str) -> int:
    response = client.get(url)
    if response.streaming:  # a download holds its file open until it has been read
        for _ in response:
            pass
    return response.status_code


@pytest.fixture
def settled(make_started):
    batch = make_started()
    work(batch)
    return batch


@pytest.mark.parametrize("route", GET_ROUTES)
def test_an_owner_sees_a_batch_and_a_stranger_gets_404(client, stranger, settled, route):
    url = reverse(route, args=[settled.pk])
    assert status_of(client, url) == 200
    assert status_of(stranger, url) == 404
    assert status_of(client, reverse(route, args=[uuid4()])) == 404


@pytest.mark.parametrize("route", IMAGE_ROUTES)
def test_an_owner_sees_an_image_and_a_stranger_gets_404(client, stranger, settled, route):
    image = settled.images.first()
    url = reverse(route, args=[settled.pk, image.pk])
    assert status_of(client, url) == 200
    assert status_of(stranger, url) == 404
    assert status_of(client, reverse(route, args=[uuid4(), image.pk])) == 404


@pytest.mark.parametrize("number", [0, 2**70])
@pytest.mark.parametrize("route", IMAGE_ROUTES)
def test_an_image_that_is_not_there_is_404(client, settled, route, number):
    assert status_of(client, reverse(route, args=[settled.pk, number])) == 404


@pytest.mark.parametrize("route", IMAGE_ROUTES)
def test_an_image_is_found_in_its_own_batch_alone(client, settled, make_started, route):
    other = make_started().images.first()
    assert status_of(client, reverse(route, args=[settled.pk, other.pk])) == 404


@pytest.mark.parametrize("route", POST_ROUTES)
def test_a_stranger_changes_nothing(stranger, settled, route):
    assert stranger.post(reverse(route, args=[settled.pk])).status_code == 404
    settled.refresh_from_db()
    assert settled.state == "done"


@pytest.mark.parametrize("route", [*GET_ROUTES, *IMAGE_ROUTES, "batch-start", "batch-images"])
def test_a_wrong_method_is_405(client, settled, route):
    arguments = [settled.pk, settled.images.first().pk] if route in IMAGE_ROUTES else [settled.pk]
    assert client.put(reverse(route, args=arguments)).status_code == 405


@pytest.mark.parametrize("route", [*POST_ROUTES[:-1], "image-retry"])
def test_what_changes_something_is_not_got(client, settled, route):
    arguments = [settled.pk, settled.images.first().pk] if route == "image-retry" else [settled.pk]
    assert status_of(client, reverse(route, args=arguments)) == 405


@pytest.mark.parametrize("route", ["home", "batch-sample", "batches", "healthz"])
def test_addresses_without_a_batch_know_their_methods(client, route):
    assert client.put(reverse(route)).status_code == 405


@pytest.mark.parametrize("route", POST_ROUTES)
def test_a_request_from_elsewhere_is_refused(settled, route):
    forged = client_of("me", enforce_csrf_checks=True)
    assert forged.post(reverse(route, args=[settled.pk])).status_code == 403


@pytest.mark.parametrize("route", ["batches", "batch-sample"])
def test_no_batch_is_made_from_elsewhere(db, route):
    forged = client_of("me", enforce_csrf_checks=True)
    assert forged.post(reverse(route)).status_code == 403


def test_looking_around_makes_no_session(db):
    from_nowhere = Client()
    assert from_nowhere.get("/").status_code == 200
    assert from_nowhere.get("/batches/").status_code == 200
    assert "sessionid" not in from_nowhere.cookies


def test_an_icon_is_found_where_browsers_look_for_it(client):
    assert client.get("/favicon.ico").headers["Location"].startswith("/static/favicon.svg")
