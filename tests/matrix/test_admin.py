"""The admin is for staff, and each of them sees and changes only what they have permission for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import models
from django.test import Client

from tests.matrix.asking import ask, changed, rows
from tests.matrix.routes import METHODS, addresses, filled, is_of_admin, parameters
from tests.matrix.rules import Who, who_may

STAFFS = [a for a in addresses() if is_of_admin(a) and who_may(a) is Who.STAFF and "^" not in a]
ADDRESSES = sorted(STAFFS, key="admin/logout/".__eq__)  # the last, for then one is nobody any more
SIGN_IN = {"/admin/login/", "/admin/"}  # the second leads to the first
OTHER = {
    "admin/r/<path:content_type_id>": 7,
    "admin/r/<path:content_type_id>/<path:object_id>": 7,
    "admin/(?P<url>.*)$": "nothing/",
}

# How one of a model is made where nobody has any; all others are there.
MADE: Mapping[type[models.Model], Callable[[], models.Model]] = {
    User: lambda: User.objects.create_user("somebody"),
    Group: lambda: Group.objects.create(name="g"),
}


@pytest.fixture
def things(estate) -> dict[str, object]:
    """For each parameter of the admin's addresses one row of that model."""
    found: dict[str, object] = dict(OTHER)
    for model in admin.site._registry:
        row = model._default_manager.first() or MADE.get(model, lambda: None)()
        assert row, f"give MADE a way to make a {model.__name__}, or the estate one"
        where = f"admin/{model._meta.app_label}/{model._meta.model_name}"
        found |= {f"{where}/<path:object_id>": row.pk, f"{where}/<id>": row.pk}
    return found


@pytest.fixture
def rooms(things) -> list[tuple[str, str]]:
    """Each address with one thing."""
    return [(address, filled(address, things)) for address in ADDRESSES]


def test_each_parameter_has_a_thing(things):
    wanted = {name for address in ADDRESSES for name in parameters(address)}
    assert wanted <= things.keys()


def test_nobody_else_gets_in(rooms, strangers_at):
    faults, before = [], rows()
    for address, url in rooms:
        for person in [person for person in strangers_at(address) if not person.is_staff]:
            for method in METHODS:
                answer = ask(person.client, method, url, headers=person.headers)
                where = answer.headers.get("Location", "")
                if answer.status != 302 or where.partition("?")[0] not in SIGN_IN:
                    faults.append(f"{method} {url} is {answer.status} for {person.called}")
    assert not faults, "\n".join(faults)
    assert changed(before, rows()) == []


def test_staff_without_permissions_sees_and_changes_nothing(estate, rooms):
    client = Client()
    client.force_login(User.objects.create_user("new", is_staff=True))
    faults, before = [], rows()
    for _, url in rooms:
        for method in METHODS:
            answer = ask(client, method, url)
            if answer.status >= 500 or estate.mark in answer.everything.replace(url, ""):
                faults.append(f"{method} {url} is {answer.status}")
    assert not faults, "\n".join(faults)
    assert [name for name in changed(before, rows()) if name != "Session"] == []


def test_whoever_may_all_finds_no_defect(rooms):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    for _, url in rooms:
        for method in ("HEAD", "GET"):
            assert ask(client, method, url).status in {200, 302, 403, 404, 405}, url


def test_no_form_is_taken_from_elsewhere(rooms):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))
    before = rows()
    for address, url in rooms:
        if "(?P<url>" not in address:
            assert ask(client, "POST", url).status == 403, url
    assert changed(before, rows()) == []
