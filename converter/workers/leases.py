"""The mechanics of claims on rows: take, extend, release, and take back from holders that are gone.

A leased row has `state`, `attempts`, `not_before`, `claim` (the token), `claimed_until` and
`claimed_by`. The database holds that exactly a RUNNING row has a claim. Every change names the
token, so that whoever lost a claim changes nothing. Callers lock the row's batch before they
change its state.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from converter.workers import processes

Row = TypeVar("Row", bound=Model)

RUNNING: Final = "running"
UNCLAIMED: Final[dict[str, Any]] = {"claim": None, "claimed_until": None, "claimed_by": ""}


def take(row: Any, now: datetime, **changes: object) -> UUID:
    """Claim a row that waits for this process, as its next attempt; the claim's token."""
    token = uuid4()
    claimed = {
        "state": RUNNING,
        "attempts": row.attempts + 1,
        "claim": token,
        "claimed_until": now + timedelta(seconds=settings.CLAIM_SECONDS),
        "claimed_by": processes.identity(),
        **changes,
    }
    for name, value in claimed.items():
        setattr(row, name, value)
    row.save(update_fields=claimed)
    return token


def held(rows: QuerySet[Row], pk: int, token: UUID) -> QuerySet[Row]:
    """The row of a claim; nothing if the claim was lost."""
    return rows.filter(pk=pk, state=RUNNING, claim=token)


def release(claimed: QuerySet[Row], state: str, **changes: object) -> bool:
    """End a claim and put its row into that state. False if the claim was lost."""
    return bool(claimed.update(state=state, **UNCLAIMED, **changes))


def extend(claimed: QuerySet[Row]) -> bool:
    """Make claims valid for their full time again. False if none is left."""
    until = timezone.now() + timedelta(seconds=settings.CLAIM_SECONDS)
    return bool(claimed.update(claimed_until=until))


def blameless() -> dict[str, Any]:
    """The changes by which a row waits again at once, as if the attempt had not been made."""
    return {"attempts": F("attempts") - 1, "not_before": timezone.now()}


def clamp(rows: QuerySet[Row], longest: timedelta) -> None:
    """Let nothing wait for a time that lies further ahead than its longest pause.

    A clock that was wrong for a moment may have written such a time.
    """
    now, claimed = timezone.now(), timedelta(seconds=settings.CLAIM_SECONDS)
    rows.exclude(state=RUNNING).filter(not_before__gt=now + longest).update(not_before=now)
    rows.filter(state=RUNNING, claimed_until__gt=now + 2 * claimed).update(
        claimed_until=now + claimed
    )


def orphans(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows whose holder on this machine is dead."""
    return rows.filter(state=RUNNING, claimed_by__in=_dead_holders(rows))


def lost(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows whose holder is gone: its time ran out, or its process on this machine is dead."""
    is_over = Q(claimed_until__lt=timezone.now())
    return rows.filter(is_over | Q(claimed_by__in=_dead_holders(rows)), state=RUNNING)


def _dead_holders(rows: QuerySet[Row]) -> list[str]:
    here = rows.filter(state=RUNNING, claimed_by__startswith=f"{processes.machine()}:")
    holders = here.values_list("claimed_by", flat=True).distinct()
    return [holder for holder in holders if not processes.is_alive(holder)]
