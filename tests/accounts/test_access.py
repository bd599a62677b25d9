"""Who may reach what: a browser its own batches, a user theirs, a stranger nothing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import Http404
from django.test import RequestFactory

from converter.accounts import access

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(client):
    """A request of a browser with a session of its own, by a user or by nobody known."""

    def make(user: User | None = None):
        request = RequestFactory().get("/")
        request.session = {}
        request.user = user or AnonymousUser()
        return request

    return make


def test_a_browser_reaches_its_own_batch_and_no_other_browser_does(request_of, make_batch):
    mine = request_of()
    batch = make_batch(images=1, **access.owner_of(mine))
    image = batch.images.get()
    assert access.batch_for(mine, batch.pk) == batch
    assert access.image_for(mine, batch.pk, image.pk) == image
    for stranger in (request_of(), request_of(User.objects.create_user("eve"))):
        with pytest.raises(Http404):
            access.batch_for(stranger, batch.pk)
        with pytest.raises(Http404):
            access.image_for(stranger, batch.pk, image.pk)


def test_a_user_reaches_their_batch_from_any_browser(request_of, make_batch):
    user = User.objects.create_user("ann")
    batch = make_batch(**access.owner_of(request_of(user)))
    assert access.batch_for(request_of(user), batch.pk) == batch


def test_a_login_keeps_what_the_browser_made_before(request_of, make_batch):
    request = request_of()
    batch = make_batch(**access.owner_of(request))
    request.user = User.objects.create_user("ann")
    assert access.batch_for(request, batch.pk) == batch


def test_a_batch_without_an_owner_belongs_to_nobody(request_of, make_batch):
    batch = make_batch(owner="")
    with pytest.raises(Http404):
        access.batch_for(request_of(), batch.pk)


def test_an_image_is_not_reached_through_another_batch(request_of, make_batch):
    request = request_of()
    owner = access.owner_of(request)
    image = make_batch(images=1, **owner).images.get()
    with pytest.raises(Http404):
        access.image_for(request, make_batch(**owner).pk, image.pk)
