"""Sharing: links to a batch, made and ended by its owner, and kept by the browsers that open them.

A page that guests may open says so by `for_guests` or `for_reviewers`; without that a link opens
nothing. What changes something takes a link of a reviewer everywhere. The token is in the address
that is opened first alone: from then on the session of the browser has the link.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from converter.models import Batch, ShareLink, ShareRole

LINKS_KEY: Final = "links"  # in a session: the ids of the links that it has opened
_MOST: Final = 50  # of a session; the first ones are forgotten
_SAFE: Final = ("GET", "HEAD", "OPTIONS")

View = TypeVar("View", bound=Callable[..., Any])


def for_guests(view: View) -> View:
    """Lets whoever has a link to a batch open this page of it."""
    view.least_role = ShareRole.VIEWER  # type: ignore[attr-defined]
    return view


def for_reviewers(view: View) -> View:
    """Lets whoever has a link to correct a batch open this page of it."""
    view.least_role = ShareRole.REVIEWER  # type: ignore[attr-defined]
    return view


def make(
    batch: Batch, name: str, role: ShareRole, expires: datetime | None
) -> tuple[ShareLink, str]:
    """A new link, and its token, which can't be shown again."""
    token = secrets.token_urlsafe(32)
    values = {"name": name, "role": role, "expires": expires}
    return ShareLink.objects.create(batch=batch, digest=_digest(token), **values), token


def end(link: ShareLink) -> None:
    """From now on it opens nothing, wherever it is kept."""
    ShareLink.objects.filter(pk=link.pk, ended=None).update(ended=timezone.now())


def open_link(request: HttpRequest, token: str) -> ShareLink | None:
    """Keep the link of a token in the session; None if it is not valid."""
    valid = ShareLink.objects.valid().filter(batch__deleted=None)
    link = valid.filter(digest=_digest(token)).first()
    if link is None:
        return None
    ShareLink.objects.filter(pk=link.pk).update(opened=timezone.now())
    kept = [pk for pk in request.session.get(LINKS_KEY, []) if pk != link.pk]
    request.session[LINKS_KEY] = [*kept, link.pk][-_MOST:]
    return link


def link_for(request: HttpRequest, batch: UUID) -> ShareLink | None:
    """The link by which the caller may open the page that they ask for, of this batch."""
    match, kept = request.resolver_match, request.session.get(LINKS_KEY, [])
    role = getattr(match.func, "least_role", None) if match else None
    if not kept or role is None:
        return None
    links = ShareLink.objects.valid().filter(pk__in=kept, batch=batch, batch__deleted=None)
    if role == ShareRole.REVIEWER or request.method not in _SAFE:
        links = links.filter(role=ShareRole.REVIEWER)
    return links.select_related("batch").order_by("role").first()  # a reviewer's first


def _digest(token: str) -> str:
    # 256 random bits cannot be guessed, so a slow hash would add nothing.
    return sha256(token.encode(errors="replace")).hexdigest()
