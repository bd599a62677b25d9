"""Reviewed: that a person has looked an image over, when, and who it was.

It is set when they settle the last doubt of an image, or say so; and unset when a doubt comes back
by an undo, or when they say so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils import timezone

from converter.models import BatchImage, ImageState


def mark(image: BatchImage, owner: Mapping[str, Any]) -> bool:
    """`owner` looked it over, as `accounts.access.owner_of` has them. False if it has not been read
    or is reviewed already."""
    values: dict[str, Any] = {"reviewed": timezone.now(), "reviewed_by": _name(owner)}
    unmarked = BatchImage.objects.filter(pk=image.pk, state=ImageState.DONE, reviewed=None)
    is_new = bool(unmarked.update(**values))
    if is_new:
        image.reviewed, image.reviewed_by = values["reviewed"], values["reviewed_by"]
    return is_new


def unmark(image: BatchImage) -> None:
    BatchImage.objects.filter(pk=image.pk).update(reviewed=None, reviewed_by="")
    image.reviewed, image.reviewed_by = None, ""


def mark_all(images: Collection[int], owner: Mapping[str, Any]) -> None:
    """As `mark`, by their keys."""
    if images:
        unmarked = BatchImage.objects.filter(pk__in=images, state=ImageState.DONE, reviewed=None)
        unmarked.update(reviewed=timezone.now(), reviewed_by=_name(owner))


def unmark_all(images: Collection[int]) -> None:
    if images:
        BatchImage.objects.filter(pk__in=images).update(reviewed=None, reviewed_by="")


def follow(image: BatchImage, left: int, by: Mapping[str, Any] | None) -> None:
    """After a change that leaves so many doubts on an image: `by` a person, or None by an undo."""
    if by is not None and not left and image.reviewed is None:
        mark(image, by)
    elif by is None and left and image.reviewed is not None:
        unmark(image)


def _name(owner: Mapping[str, Any]) -> str:
    user = owner.get("user")
    return str(owner.get("guest") or (user.get_username() if user else ""))
