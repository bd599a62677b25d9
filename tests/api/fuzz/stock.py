"""Things that are there before the first call: jobs in every state, with all that comes with them.

Chance alone would not get a job paused, nor find the one field of a card that may be corrected.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from secrets import token_hex

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from converter.batches import lifecycle
from converter.fields import templates
from converter.models import Batch
from tests.matrix.estate import Estate, furnish, make_tables
from tests.support import batch_factory

Thing = dict[str, object]

FIELD = "Surname"  # which the cards have


def lay(number: int, user: User | None, owner: str) -> None:
    """Make so many of each kind, all at once, so that no worker sees one half made; as JSON."""
    with transaction.atomic():
        estates = [Estate(user, owner, f"stock{token_hex(4)}") for _ in range(number)]
        things = [thing for estate in estates for thing in _some(estate)]
        if user is None:
            Batch.objects.filter(owner=owner, trial_of=None).update(by_id=True)
    json.dump(things, sys.stdout, default=str)


def _some(estate: Estate) -> Iterator[Thing]:
    """By the names of the API's parameters, and its kind."""
    template = templates.create(estate.owned, f"{estate.mark} cards", [{"name": FIELD}])
    furnish(estate, template=template.pk, key=0)
    for kind, home in zip(("tables", "cards", "draft"), estate.homes, strict=True):
        named = {_parameter(place): thing for place, thing in home.items()}
        yield {"kind": kind, "index": 0} | {name: named[name] for name in _NAMES}
    yield {"kind": "spare", "file_id": make_tables(estate).pk}
    yield {"kind": "cancelled", "job_id": _cancelled(estate).pk}
    yield {"kind": "paused", "job_id": _paused(estate).pk}


_NAMES = ("job_id", "file_id", "image_id", "delivery_id", "template_id", "request_id")


def _parameter(place: str) -> str:
    """`job_id` of `jobs/<uuidstr:job_id>`."""
    return place.partition("<")[2].rpartition(":")[2].removesuffix(">")


def _cancelled(estate: Estate) -> Batch:
    batch = batch_factory.draft(images=2, **estate.owned)
    lifecycle.start(batch)
    lifecycle.cancel(batch)
    return batch


def _paused(estate: Estate) -> Batch:
    batch = batch_factory.draft(images=2, **estate.owned)
    lifecycle.start(batch)
    why = {"pause_code": "bad_key", "pause_reason": "The key was refused."}
    Batch.objects.filter(pk=batch.pk).update(paused=timezone.now(), **why)
    return batch
