"""The same picture twice: what was read of it before is found again by its fingerprint.

A fingerprint stands for all that a reading depends on: the picture's bytes, how it was turned, the
engine with its model and code, the options and the fields. Two people never share a reading: what
one of them has uploaded must not show in the other's batch, not even by the time it takes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256

from converter.core.engines.protocol import Engine, ReadRequest
from converter.models import Batch, BatchImage, Result


def fingerprint(
    image: BatchImage, engine: Engine, request: ReadRequest, witness: str | None = None
) -> str:
    """64 hexadecimal digits; equal if reading would say the same again."""
    parts = [image.sha256, image.turn, engine.name, engine.version, asdict(request)]
    parts += [witness] if witness else []
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def earlier_result(batch: Batch, mark: str) -> Result | None:
    """What the owner of a batch had read before with that fingerprint, by one query."""
    if not batch.reuse or not (batch.user_id or batch.owner):
        return None
    whose = {"user": batch.user_id} if batch.user_id else {"user": None, "owner": batch.owner}
    same_owner = {f"image__batch__{field}": value for field, value in whose.items()}
    return Result.objects.filter(fingerprint=mark, **same_owner).first()
