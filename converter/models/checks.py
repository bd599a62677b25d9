"""Random checks: cells that nothing marked, looked at by a person, and how many were wrong."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils import timezone

from converter.core.tables.rates import wilson_interval
from converter.models.batches import Batch, BatchImage


class RandomCheck(models.Model):
    """Cells of a batch drawn at random among those that nothing marks; the latest one counts."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="random_checks")
    made = models.DateTimeField(default=timezone.now, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    owner = models.CharField(max_length=32, blank=True, editable=False)

    def __str__(self) -> str:
        return f"of {self.batch_id}, {self.made:%Y-%m-%d}"


class RandomCheckCell(models.Model):
    """A cell of a check with the `text` that was shown; `wrong` once somebody has looked."""

    check_of = models.ForeignKey(RandomCheck, models.CASCADE, related_name="cells")
    image = models.ForeignKey(BatchImage, models.CASCADE, related_name="+")
    table = models.PositiveIntegerField()
    row = models.PositiveIntegerField()
    col = models.PositiveIntegerField()
    text = models.TextField()
    wrong = models.BooleanField(null=True)
    corrected = models.TextField(blank=True)
    looked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.table}.{self.row}.{self.col} of {self.image_id}"

    @property
    def place(self) -> tuple[int, int, int]:
        return self.table, self.row, self.col


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check has found so far: `wrong` of those `looked_at`, and how many are `left`."""

    wrong: int
    looked_at: int
    left: int

    @property
    def sentence(self) -> str:
        """The measured rate in words; "" before anybody has looked."""
        if not self.looked_at:
            return ""
        low, high = (100 * share for share in wilson_interval(self.wrong, self.looked_at))
        share = 100 * self.wrong / self.looked_at
        noun, verb = ("cell", "was") if self.looked_at == 1 else ("cells", "were")
        verb = "was" if self.wrong == 1 else verb
        return (
            f"{self.wrong} of {self.looked_at} {noun} that nothing marked {verb} wrong: "
            f"{share:.1f} %, and of all such cells {low:.1f} to {high:.1f} % (95 % interval)"
        )


def check_result(batch: Batch) -> CheckResult | None:
    """What the latest random check of a batch has found; None if there was none."""
    latest = RandomCheck.objects.filter(batch=batch).order_by("-pk").values("pk")[:1]
    counts = RandomCheckCell.objects.filter(check_of__in=latest).aggregate(
        wrong_ones=models.Count("pk", filter=models.Q(wrong=True)),
        seen=models.Count("pk", filter=models.Q(wrong__isnull=False)),
        cells=models.Count("pk"),
    )
    if not counts["cells"]:
        return None
    return CheckResult(counts["wrong_ones"], counts["seen"], counts["cells"] - counts["seen"])
