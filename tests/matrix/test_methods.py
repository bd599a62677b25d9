"""Each address knows its methods and says so; what else comes is refused and changes nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from converter.middleware.security_headers import HEADERS
from tests.matrix.asking import ask, calls, changed, rows, urls_of
from tests.matrix.estate import Estate, settle
from tests.matrix.routes import METHODS, SAFE, UNKNOWN, filled, is_of_api, parameters
from tests.matrix.rules import Who, addresses_for

# Thousands of calls over the same lines. Who owns what they are about changes nothing.
pytestmark = [pytest.mark.intensive, pytest.mark.no_cover]

ALL = [address for address in addresses_for(*Who) if address not in addresses_for(Who.NOBODY)]
EXPECTED = {name: {value} for name, value in HEADERS.items()} | {
    "Cross-Origin-Resource-Policy": {"same-origin", "cross-origin"},  # the icon is for everybody
    "X-Frame-Options": {"DENY"},
    "X-Content-Type-Options": {"nosniff"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
}
ODD = ["0", "-1", str(2**63), str(2**70), "x" * 5000, "a\0b", "'", "ä", "..", "%", "1e9", "\ufffd"]
ELSEWHERE = [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}]


@pytest.fixture
def estate(db) -> Estate:
    return settle("user")


def test_a_method_that_an_address_does_not_know_is_a_405_with_those_it_does(estate):
    client = estate.client()
    faults, before = [], rows()
    for address in ALL:
        known = {method for method, _ in calls(address)}
        for url in urls_of(address, estate):
            for method in set(METHODS) - known:
                answer = ask(client, method, url)
                allowed = set(answer.headers.get("Allow", "").split(", "))
                if (answer.status, allowed) != (405, known):
                    faults.append(f"{method} {url} is {answer.status} and allows {allowed}")
    assert not faults, "\n".join(faults)
    assert changed(before, rows()) == []


def test_a_head_is_answered_like_a_get(estate):
    client = estate.client()
    for address in ALL:
        if "HEAD" not in {method for method, _ in calls(address)}:
            continue
        for url in urls_of(address, estate):
            head, get = ask(client, "HEAD", url), ask(client, "GET", url)
            assert (head.status, head.body) == (get.status, ""), url


def test_every_answer_has_the_headers(estate):
    """Answers to the owner, and refusals."""
    faults = []
    for client, method in ((estate.client(), "GET"), (Client(), UNKNOWN)):
        for address in ALL:
            for url in urls_of(address, estate):
                answer = ask(client, method, url)
                wrong = [
                    name
                    for name, values in EXPECTED.items()
                    if answer.headers.get(name) not in values
                ]
                if wrong or "Content-Security-Policy" not in answer.headers:
                    faults.append(f"{method} {url}, {answer.status}: {wrong}")
    assert not faults, "\n".join(faults)


def test_no_page_of_another_site_does_anything(estate):
    """Although the cookie goes along, which no browser would let it, or even a key."""
    client = estate.client(enforce_csrf_checks=True)
    faults, before = [], rows()
    bearer = {"authorization": f"Bearer {estate.key}"}
    for address in ALL:
        unsafe = [call for call in calls(address) if call[0] not in SAFE]
        for method, body in unsafe:
            for headers in [*ELSEWHERE, *(bearer | one for one in ELSEWHERE)]:
                answer = ask(client, method, next(urls_of(address, estate)), body, headers)
                if answer.status != 403:
                    faults.append(f"{method} {address} from elsewhere is {answer.status}")
    assert not faults, "\n".join(faults)
    assert changed(before, rows()) == []


def test_a_token_does_not_help_a_page_of_another_site(estate):
    """Not even one that it got hold of: where the call comes from counts besides."""
    client = estate.client(enforce_csrf_checks=True)
    client.get("/keys/")
    token = {"x-csrftoken": client.cookies["csrftoken"].value}
    for address in ALL:
        for method, body in calls(address):
            if method not in SAFE and not is_of_api(address):
                url = next(urls_of(address, estate))
                assert ask(client, method, url, body, token | ELSEWHERE[0]).status == 403, address


def test_nothing_odd_in_an_address_is_a_defect(estate):
    """Ids that are none, too large, of other letters: there is no such thing, and no more to it."""
    client, faults = estate.client(), []
    before = rows()
    for address in ALL:
        for name in parameters(address):
            for odd in set(ODD) - {str(estate.homes[0].get(name))}:
                url = filled(address, estate.homes[0] | {name: odd})
                for method, body in calls(address):
                    answer = ask(client, method, url, body)
                    if answer.status not in {400, 404, 405, 422}:
                        faults.append(f"{method} {url[:200]} is {answer.status}")
    assert not faults, "\n".join(faults)
    assert changed(before, rows()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v1/x", "/nothing/"])
@pytest.mark.parametrize("method", METHODS)
def test_where_nothing_is_there_is_nothing(client, method, url):
    assert client.generic(method, url).status_code == 404
