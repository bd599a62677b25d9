"""Sessions: kept as long as they are of use to somebody, and then deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from converter.accounts.access import OWNER_KEY
from converter.models import Owned

IDLE: Final = timedelta(days=7)  # since it was written last
_AT_ONCE: Final = 500


def prune() -> int:
    """Delete sessions that have ended, and idle ones that own nothing and in which nobody is signed
    in; how many. Whoever comes back with one gets another."""
    now = timezone.now()
    ended, _ = Session.objects.filter(expire_date__lt=now).delete()
    written_before = now - IDLE + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    idle = Session.objects.filter(expire_date__lt=written_before).order_by("session_key")
    last, pruned = "", ended
    while some := list(idle.filter(session_key__gt=last)[:_AT_ONCE]):
        last = some[-1].session_key
        pruned += _prune(some)
    return pruned


def _prune(sessions: list[Session]) -> int:
    owners = {session.session_key: _owner_of(session.get_decoded()) for session in sessions}
    owning = _owning({owner for owner in owners.values() if owner})
    useless = [key for key, owner in owners.items() if owner is not None and owner not in owning]
    return Session.objects.filter(session_key__in=useless).delete()[0]


def _owner_of(session: Mapping[str, Any]) -> str | None:
    """The owner that a session stands for, if any; None for one in which somebody is signed in."""
    return None if SESSION_KEY in session else str(session.get(OWNER_KEY, ""))


def _owning(owners: set[str]) -> set[str]:
    """Those of them that own a row."""
    kinds = [kind for kind in apps.get_models() if issubclass(kind, Owned)]
    rows = [kind._base_manager.filter(owner__in=owners, user=None) for kind in kinds]
    return {owner for of_kind in rows for owner in of_kind.values_list("owner", flat=True)}
