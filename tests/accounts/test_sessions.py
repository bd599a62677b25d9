"""Sessions go when they have ended, and when they are idle and of no use to anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from converter import tasks
from converter.accounts import api_keys, sessions
from converter.accounts.access import OWNER_KEY

pytestmark = pytest.mark.django_db(transaction=True)


def make(owner: str = "", *, days: int = 0) -> str:
    """The key of a session that was written so many days ago."""
    session = SessionStore()
    if owner:
        session[OWNER_KEY] = owner
    session.save()
    return age(str(session.session_key), days)


def age(key: str, days: int) -> str:
    ends = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE) - timedelta(days=days)
    Session.objects.filter(session_key=key).update(expire_date=ends)
    return key


def kept() -> set[str]:
    return set(Session.objects.values_list("session_key", flat=True))


def test_what_has_ended_goes(make_batch):
    make_batch(owner="me")
    make("me", days=366)
    assert sessions.prune() == 1
    assert kept() == set()


def test_idle_ones_that_own_nothing_go(make_batch, monkeypatch):
    monkeypatch.setattr(sessions, "_AT_ONCE", 2)
    make_batch(owner="me")
    api_keys.make("script", user=None, owner="with a key")
    useful = {make("me", days=30), make("with a key", days=30)}
    fresh = {make("nobody", days=1), make(days=1)}
    for number in range(5):
        make(f"gone {number}", days=8)
    make(days=8)
    tasks.retain()
    assert kept() == useful | fresh


def test_who_is_signed_in_stays_signed_in():
    client = Client()
    client.force_login(User.objects.create_user("ann"))
    key = age(str(client.session.session_key), 30)
    assert sessions.prune() == 0
    assert kept() == {key}
