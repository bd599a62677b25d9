"""What holds for addresses beside whose they are: see `tests/matrix` for that."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.batches.test_lifecycle import work

IMAGE_ROUTES = ["image", "image-workbook", "image-picture", "image-thumbnail"]


@pytest.fixture
def settled(make_started):
    batch = make_started()
    work(batch)
    return batch


@pytest.mark.parametrize("route", IMAGE_ROUTES)
def test_an_image_is_found_in_its_own_batch_alone(client, settled, make_started, route):
    other = make_started().images.first()
    assert client.get(reverse(route, args=[settled.pk, other.pk])).status_code == 404


def test_looking_around_makes_no_session(db):
    from_nowhere = Client()
    assert from_nowhere.get("/").status_code == 200
    assert from_nowhere.get("/batches/").status_code == 200
    assert "sessionid" not in from_nowhere.cookies


def test_an_icon_is_found_where_browsers_look_for_it(client):
    answer = client.get("/favicon.ico")
    assert b"".join(answer).startswith(b"<svg")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
