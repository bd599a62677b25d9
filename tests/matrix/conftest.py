"""Estates, and an installation that is open or closed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from tests.matrix import people
from tests.matrix.estate import Estate, settle
from tests.matrix.people import Person
from tests.matrix.routes import is_of_api


@pytest.fixture(autouse=True)
def _no_limits(settings) -> Iterator[None]:
    """Thousands of calls, of which none is counted, and nobody reads a line about each; all that
    can be allowed is."""
    settings.ALLOW_URL_IMPORT = True
    settings.RATE_LIMIT_REQUESTS = settings.STATUS_LIMIT_REQUESTS = 0
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(params=["session", "user"])
def estate(request, db) -> Estate:
    """Of an owner of either form."""
    return settle(request.param)


@pytest.fixture(params=[False, True], ids=["open", "closed"])
def closed(request, settings) -> bool:
    """Whether the installation wants a login."""
    settings.REQUIRE_LOGIN = request.param
    return bool(request.param)


@pytest.fixture
def another_user(db) -> Estate:
    return settle("user")


@pytest.fixture
def another_browser(db) -> Estate:
    return settle("session")


@pytest.fixture
def strangers_at(estate, another_user, another_browser) -> Callable[[str], list[Person]]:
    """Who must get nothing of the estate at an address."""
    everywhere = people.strangers(another_user, another_browser)
    at_pages = [*everywhere, *people.strangers_to_pages(estate)]
    at_api = [*everywhere, *people.strangers_to_api(estate, another_user, another_browser)]
    return lambda address: at_api if is_of_api(address) else at_pages
