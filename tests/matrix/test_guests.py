"""A guest gets what a link is for, of its batch alone, and nothing once the link has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from converter.accounts import sharing
from converter.models import Batch, ShareRole
from tests.matrix.asking import ask, calls, changed, rows, status_alone, urls_of
from tests.matrix.estate import Estate
from tests.matrix.routes import SAFE, is_of_api
from tests.matrix.rules import REVIEWERS, SHARED, Who, addresses_for
from tests.matrix.test_strangers import REACHED, told


@pytest.fixture
def guest(estate) -> Callable[..., Client]:
    """A browser that has opened a link to each batch of the estate but the draft, and the links."""

    def guest(role: ShareRole, **values: object) -> Client:
        client = Client()
        for home in estate.homes:
            batch = Batch.objects.get(pk=home["batches/<uuid:pk>"])
            link, token = sharing.make(batch, "Guest", role, None)
            assert client.get(f"/shared/{token}/").status_code == 302
            type(link).objects.filter(pk=link.pk).update(**values) if values else None
        return client

    return guest


def is_open(address: str, method: str, role: ShareRole) -> bool:
    if address not in SHARED:
        return False
    reads = method in SAFE and SHARED[address] != REVIEWERS
    return reads or role == ShareRole.REVIEWER


def faults_of(
    client: Client, estate: Estate, addresses: Iterable[str], role: ShareRole | None = None
) -> list[str]:
    """What is open to a guest of a role, or to one of none, and should not be, or the reverse."""
    faults = []
    for address in addresses:
        for method, body in calls(address):
            urls = list(urls_of(address, estate))
            answers = {status_alone(client, method, url, body) for url in urls}
            if role and is_open(address, method, role):
                is_right = bool(REACHED & answers) and max(answers) < 500
            else:
                is_right = answers <= ({401, 404} if is_of_api(address) else {404})
            if not is_right:
                faults.append(f"{method} {address} is {answers}")
    return faults


@pytest.mark.parametrize("role", ShareRole)
def test_a_link_opens_what_it_is_for_and_nothing_else(estate, guest, role):
    assert faults_of(guest(role), estate, addresses_for(Who.OWNER), role) == []


@pytest.mark.parametrize(
    "values", [{"ended": timezone.now()}, {"expires": timezone.now() - timedelta(seconds=1)}]
)
def test_a_link_that_has_ended_opens_nothing(estate, guest, values):
    client, before = guest(ShareRole.REVIEWER, **values), rows()
    assert faults_of(client, estate, SHARED) == []
    assert changed(before, rows()) == []


def test_a_link_opens_its_own_batch_alone(estate, another_user):
    batch = Batch.objects.get(pk=another_user.homes[0]["batches/<uuid:pk>"])
    _, token = sharing.make(batch, "Guest", ShareRole.REVIEWER, None)
    client = Client()
    client.get(f"/shared/{token}/")
    assert faults_of(client, estate, SHARED) == []
    for address in SHARED:
        for url in urls_of(address, estate):
            assert not told(ask(client, "GET", url), estate)


def test_a_guest_needs_no_login_where_others_do(settings, estate, guest):
    settings.REQUIRE_LOGIN = True
    client = guest(ShareRole.VIEWER)
    for address, who in SHARED.items():
        [url, *_] = urls_of(address, estate)
        method = "GET" if who != REVIEWERS else "POST"
        answer = ask(client, method, url)
        leads_to_form = answer.headers.get("Location", "").startswith("/login/")
        assert leads_to_form == (who == REVIEWERS), address
    assert ask(client, "GET", "/batches/").headers["Location"].startswith("/login/")
