"""A job that was made with neither cookie nor key is known by its id, to calls that show neither,
and over the API alone: see decision 0047."""

from __future__ import annotations

import pytest
from django.test import Client

from converter.models import Batch
from tests.matrix.asking import ask, calls, changed, rows, status_alone, url_of_nothing, urls_of
from tests.matrix.estate import Estate, settle
from tests.matrix.routes import is_of_api, parameters
from tests.matrix.rules import Who, addresses_for
from tests.matrix.test_strangers import REACHED, faults_of

_NOBODY = Client()  # one for all: to make one takes longer than to ask
JOBS = {"jobs/<uuidstr:job_id>", "status/<uuidstr:request_id>", "download/<file_id>"}


@pytest.fixture
def estate(db) -> Estate:
    """Of a client that kept nothing."""
    estate = settle("session")
    Batch.objects.filter(trial_of=None).update(by_id=True)
    return estate


def nobody() -> Client:
    """Who keeps no cookie, whatever is given."""
    _NOBODY.cookies.clear()
    return _NOBODY


def addresses_of_jobs() -> list[str]:
    """All of the API's; of pages none."""
    owned = addresses_for(Who.OWNER)
    return [a for a in owned if is_of_api(a) and JOBS & set(parameters(a))]


def test_whoever_shows_nothing_reaches_it_over_the_api(estate):
    for address in addresses_of_jobs():
        for method, body in calls(address):
            urls = urls_of(address, estate)
            found = {status_alone(nobody(), method, url, body) for url in urls}
            assert found & REACHED, f"{method} {address}"


def test_nobody_else_does_and_no_page_shows_it(estate, strangers_at):
    faults, before = [], rows()
    for address in addresses_for(Who.OWNER):
        of_jobs = address in addresses_of_jobs()
        for person in strangers_at(address):
            is_allowed = person.shows_nothing and (of_jobs or "session" in address)
            faults += [] if is_allowed else faults_of(person, address, estate, closed=False)
    assert not faults, "\n".join(faults)
    assert changed(before, rows()) == []


def test_no_list_shows_it(estate):
    for address in addresses_for(Who.MINE):
        for url in urls_of(address, estate):
            assert estate.mark not in ask(nobody(), "GET", url).everything


def test_a_closed_installation_has_no_such_way(estate, settings):
    settings.REQUIRE_LOGIN = True
    before = rows()
    for address in addresses_of_jobs():
        for method, body in calls(address):
            missing = ask(nobody(), method, url_of_nothing(address), body)
            for url in urls_of(address, estate):
                answer = ask(nobody(), method, url, body)
                assert answer.status == 401, address
                assert answer.same_as(missing), address
    assert changed(before, rows()) == []


def test_a_session_is_known_by_its_id(estate, another_browser):
    """That of a browser is a secret; who has it listens to all its jobs."""
    [address] = [address for address in addresses_for(Who.OWNER) if "session" in address]
    for url in set(urls_of(address, estate)):
        assert ask(nobody(), "GET", url).status == 426
        assert ask(another_browser.client(), "GET", url).status == 404
