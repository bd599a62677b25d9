"""Each address has a rule, each parameter a thing, and `docs/access.md` says the same."""

from __future__ import annotations

import pytest

from tests.matrix.__main__ import PAGE, page
from tests.matrix.estate import ABSENT, settle
from tests.matrix.routes import addresses, is_of_admin, parameters
from tests.matrix.rules import BODIES, RULES, who_may
from tests.support.app import ROOT


def test_each_address_has_a_rule():
    without = [address for address in addresses() if who_may(address) is None]
    say = "say in RULES of tests/matrix/rules.py for whom this is: "
    assert not without, "\n".join(say + address for address in without)


def test_each_rule_has_an_address():
    known = set(addresses())
    gone = [address for address in [*RULES, *(a for _, a in BODIES)] if address not in known]
    assert gone == [], "there is no such address any more: take these out of tests/matrix/rules.py"


@pytest.mark.django_db
@pytest.mark.parametrize("owner_is", ["session", "user"])
def test_each_parameter_has_a_thing(owner_is):
    wanted = {
        name
        for address in addresses()
        if not is_of_admin(address) and not address.startswith("^")
        for name in parameters(address)
    }
    for home in settle(owner_is).homes:
        without = wanted - home.keys()
        assert not without, f"give `_home` of tests/matrix/estate.py one of the owner's: {without}"
    without = wanted - ABSENT.keys()
    assert not without, f"say in ABSENT of tests/matrix/estate.py one of nobody's: {without}"
    assert not ABSENT.keys() - wanted, "no address has these any more"


def test_the_page_about_access_is_as_the_rules_are():
    assert (ROOT / PAGE).read_text() == page(), f"run `python -m tests.matrix`; it writes {PAGE}"
