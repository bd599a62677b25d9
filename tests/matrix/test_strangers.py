"""Nobody gets what is somebody else's, learns that it is there, or changes anything about it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.matrix.asking import (
    Answer,
    ask,
    calls,
    changed,
    files,
    lost,
    rows,
    status_alone,
    url_of_nothing,
    urls_across,
    urls_of,
)
from tests.matrix.estate import Estate
from tests.matrix.people import Person
from tests.matrix.routes import is_of_api
from tests.matrix.rules import KNOWN_BY_ID, NEED_SOMEBODY, STAFF_SEES_ALL, Who, addresses_for

pytestmark = [pytest.mark.intensive, pytest.mark.no_cover]

SIGN_IN = {"/login/", "/admin/login/"}
REACHED = {200, 201, 202, 204, 302, 400, 409, 422, 426}  # as far as the thing itself


def refusal(person: Person, address: str, *, closed: bool) -> int:
    """What somebody is answered who asks for another's, or for what does not exist."""
    if is_of_api(address):
        return 401 if person.key_is_bad or (closed and not person.is_user) else 404
    return 302 if closed and not person.is_user_of_pages else 404


def leads_to_form(answer: Answer) -> bool:
    return answer.headers.get("Location", "").partition("?")[0] in SIGN_IN


def told(answer: Answer, estate: Estate) -> list[str]:
    """What of an estate somebody learns from an answer."""
    everything = answer.everything
    return [secret for secret in estate.secrets if secret in everything]


def faults_of(person: Person, address: str, estate: Estate, *, closed: bool) -> Iterator[str]:
    """What is wrong about the answers that somebody gets who asks for things of an estate."""
    wanted = refusal(person, address, closed=closed)
    for method, body in calls(address):
        missing = ask(person.client, method, url_of_nothing(address), body, person.headers)
        urls = list(urls_of(address, estate))
        for url in urls[:1] if method == "HEAD" else urls:  # one is enough: it does what GET does
            answer = ask(person.client, method, url, body, person.headers)
            call = f"{method} {address} by {person.called}"
            if answer.status != wanted:
                yield f"{call} is {answer.status} and not {wanted}"
            if wanted == 302 and not leads_to_form(answer):
                yield f"{call} does not lead to the sign-in page"
            if not answer.same_as(missing):
                yield f"{call} is not the same as for what does not exist"
            if words := told(answer, estate):
                yield f"{call} tells {words}"


# Each form of owner, and each kind of installation: all four crossings ask for nothing more.
CROSSED = pytest.mark.parametrize(
    ("estate", "closed"), [("session", False), ("user", True)], indirect=True
)


@CROSSED
def test_somebody_else_gets_what_is_not_there(estate, closed, strangers_at):
    """A call that is no 404 only because it is not complete gets what it needs in BODIES."""
    faults, before, stored = [], rows(), files()
    for address in addresses_for(Who.OWNER):
        for person in strangers_at(address):
            if not (address == KNOWN_BY_ID and person.shows_nothing):
                faults += faults_of(person, address, estate, closed=closed)
        faults += [f"{address} changes a {name} for strangers" for name in changed(before, rows())]
    assert not faults, "\n".join(faults)
    assert files() == stored


def test_the_owner_gets_it(estate):
    """Else all of the above would say nothing."""
    faults, client = [], estate.client()
    for address in addresses_for(Who.OWNER):
        for method, body in calls(address):
            answers = [status_alone(client, method, url, body) for url in urls_of(address, estate)]
            if not REACHED & set(answers) or max(answers) >= 500:
                faults.append(f"{method} {address} is {answers} for the owner; see BODIES in rules")
    assert not faults, "\n".join(faults)


def test_a_thing_is_in_its_own_place_alone(estate, another_user):
    """An image of somebody else's is not reached through a batch of one's own."""
    client = another_user.client()
    faults, before = [], rows()
    for address in addresses_for(Who.OWNER):
        for method, body in calls(address):
            for url in urls_across(address, another_user, estate):
                answer = ask(client, method, url, body)
                if answer.status != 404 or told(answer, estate):
                    faults.append(f"{method} {url} is {answer.status}: {told(answer, estate)}")
    assert not faults, "\n".join(faults)
    assert changed(before, rows()) == []


@pytest.mark.parametrize("who", [Who.OPEN, Who.ANYONE, Who.MINE])
def test_what_is_for_all_holds_nothing_of_anybody(estate, strangers_at, who):
    faults, before, stored = [], rows(), files()
    for address in addresses_for(who):
        for person in strangers_at(address):
            if person.is_staff and address == STAFF_SEES_ALL:
                continue
            for method, body in calls(address):
                for url in urls_of(address, estate):
                    answer = ask(person.client, method, url, body, person.headers)
                    is_refused = is_of_api(address) and person.key_is_bad and who is not Who.OPEN
                    is_refused |= address in NEED_SOMEBODY and person.shows_nothing
                    if answer.status >= 500 or (answer.status == 401) != is_refused:
                        faults.append(f"{method} {url} is {answer.status} for {person.called}")
                    if told(answer, estate):
                        faults.append(f"{method} {url} tells {person.called} of others")
        faults += [
            f"{address} changes a {name} of others'" for name in lost(estate, before, rows())
        ]
    assert not faults, "\n".join(faults)
    assert stored.items() <= files().items()


def test_a_list_shows_the_owner_what_is_theirs(estate):
    for address in addresses_for(Who.MINE):
        answers = [ask(estate.client(), "GET", url) for url in urls_of(address, estate)]
        assert any(told(answer, estate) for answer in answers), address


def test_a_closed_installation_lets_in_users_alone(settings, estate, strangers_at):
    settings.REQUIRE_LOGIN = True
    faults, before = [], rows()
    for address in addresses_for(Who.ANYONE, Who.MINE):
        for person in strangers_at(address):
            wanted = refusal(person, address, closed=True)
            if wanted == 404:
                continue
            for method, body in calls(address):
                answer = ask(person.client, method, url_of_nothing(address), body, person.headers)
                if answer.status != wanted or (wanted == 302 and not leads_to_form(answer)):
                    faults.append(f"{method} {address} is {answer.status} for {person.called}")
        faults += [f"{address} changes a {name}" for name in changed(before, rows())]
    assert not faults, "\n".join(faults)


def test_what_is_open_stays_so(settings, estate, strangers_at):
    settings.REQUIRE_LOGIN = True
    for address in addresses_for(Who.OPEN):
        for person in strangers_at(address):
            answer = ask(person.client, "GET", url_of_nothing(address), headers=person.headers)
            assert answer.status in {200, 302}, address
            assert not leads_to_form(answer), address


@CROSSED
def test_what_is_about_the_installation_is_for_staff_alone(estate, closed, strangers_at):
    faults, before = [], rows()
    for address in addresses_for(Who.STAFF):
        for person in strangers_at(address):
            wanted = refusal(person, address, closed=closed)
            if wanted == 404:
                wanted = 200 if person.is_staff else 401 if is_of_api(address) else 404
            for method, body in calls(address):
                if person.is_staff and method == "POST":  # it would do what it is for
                    continue
                answer = ask(person.client, method, url_of_nothing(address), body, person.headers)
                if answer.status != wanted or (told(answer, estate) and not person.is_staff):
                    faults.append(f"{method} {address} is {answer.status} for {person.called}")
        faults += [f"{address} changes a {name}" for name in changed(before, rows())]
    assert not faults, "\n".join(faults)
