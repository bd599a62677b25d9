"""What reading an image costs, by what was measured here lately."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db.models import Avg, Max

from converter.config.engine_choice import readers
from converter.core.engines.registry import REMOTE
from converter.models import Batch, Result

RECENT: Final = 200  # so many readings say what one costs
LOOKED_AT: Final = 5_000  # and these are among the last so many, whoever read them


def is_free(batch: Batch) -> bool:
    """Whether no server is asked."""
    return readers(batch.engine).first != REMOTE


def per_image(batch: Batch) -> float | None:
    """US dollars for an image read as this batch will be; None where nothing was measured yet."""
    newest = Result.objects.aggregate(Max("pk"))["pk__max"] or 0
    paid = Result.objects.filter(
        pk__gt=newest - LOOKED_AT,
        asked=settings.OLMOCR_MODEL[:120],
        cost__isnull=False,
        tokens__gt=0,  # what was blank was not sent
        image__batch__mode=batch.mode,
    )
    costs = paid.order_by("-pk")[:RECENT].aggregate(mean=Avg("cost"))
    mean: float | None = costs["mean"]
    return mean
