"""Reservations: who has an image open at the desk may change it; others may look, or take it over.

A reservation lasts ten minutes from the last sign of whoever holds it, so an abandoned browser
keeps nobody out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from django.db.models import Q
from django.utils import timezone

from converter.core.errors import EditError
from converter.models import BatchImage, Reservation

HELD_FOR: Final = timedelta(minutes=10)


class Holder(NamedTuple):
    """A browser by an id of it, and the name of its user, if it has one."""

    id: str
    name: str = ""


def hold(image: BatchImage, holder: Holder) -> Reservation | None:
    """Reserve an image, or go on doing so; the reservation of somebody else, if there is one."""
    now = timezone.now()
    values = {"holder": holder.id, "name": holder.name, "until": now + HELD_FOR}
    mine = Reservation.objects.filter(Q(holder=holder.id) | Q(until__lte=now), image=image)
    if mine.update(**values):
        return None
    found, is_new = Reservation.objects.get_or_create(image=image, defaults=values)
    return None if is_new or found.holder == holder.id else found


def take_over(image: BatchImage, holder: Holder) -> None:
    """Reserve an image that somebody else has open; they are told when they next say something."""
    values = {"holder": holder.id, "name": holder.name, "until": timezone.now() + HELD_FOR}
    Reservation.objects.update_or_create(image=image, defaults=values)


def release(image: BatchImage, holder: Holder) -> None:
    Reservation.objects.filter(image=image, holder=holder.id).delete()


def check(image: BatchImage, holder: str) -> None:
    """Raises EditError if somebody else has an image open that came with its reservation."""
    found: Reservation | None = getattr(image, "reservation", None)
    if found and found.holder != holder and found.until > timezone.now():
        raise EditError(
            f"{found.whose} has this image open; take it over to change something.", "reserved"
        )
