"""The secrets that webhooks are signed with: one for each owner, which can be replaced without a
gap.

A row holds a seed, from which `SECRET_KEY` derives the secret: neither a copy of the database nor
the environment is enough to sign.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from converter.core.outbound import signature
from converter.models import Owned, SigningSeed

OVERLAP: Final = timedelta(days=1)  # for which the former secret signs too
_SALT: Final = "converter.webhooks.signing"


def secret_of(owner: Owned) -> str:
    """The secret of this row's owner, as a receiver gets it; made when it is first needed."""
    return signature.secret_text(_key(_current(owner)))


def keys_of(owner: Owned) -> list[bytes]:
    """The keys to sign with: the present one, and for a day the former one too."""
    current = _current(owner)
    former = _all(owner).filter(expires__gt=timezone.now()).order_by("-pk")
    return [_key(seed) for seed in (current, *former)]


def former_until(owner: Owned) -> datetime | None:
    """Until when a former secret signs as well; None if there is none."""
    former = _all(owner).filter(expires__gt=timezone.now()).order_by("-expires").first()
    return former.expires if former else None


@transaction.atomic
def replace(owner: Owned) -> None:
    """Make a new secret. The former one signs too for a day, until receivers know the new one."""
    _current(owner)
    _all(owner).filter(expires=None).update(expires=timezone.now() + OVERLAP)
    _current(owner)


def end_former(owner: Owned) -> None:
    """Sign with the present secret alone from now on, as somebody else knows the former one."""
    _all(owner).filter(expires__isnull=False).delete()


def prune() -> None:
    """Delete the secrets that have expired."""
    SigningSeed.objects.filter(expires__lte=timezone.now()).delete()


def _current(owner: Owned) -> SigningSeed:
    made = _whose(owner) | {"seed": secrets.token_hex(32)}
    found, _ = _all(owner).get_or_create(expires=None, defaults=made)
    return found


def _all(owner: Owned) -> QuerySet[SigningSeed]:
    return SigningSeed.objects.filter(**_whose(owner))


def _whose(owner: Owned) -> dict[str, Any]:
    return {"user_id": owner.user_id, "owner": "" if owner.user_id else owner.owner}


def _key(seed: SigningSeed) -> bytes:
    return salted_hmac(_SALT, seed.seed, algorithm="sha256").digest()
