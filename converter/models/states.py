"""The states of rows, and the choices of their columns."""

from __future__ import annotations

from django.db import models
from django.db.models import F


class BatchState(models.TextChoices):
    DRAFT = "draft", "Draft"
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    PARTIAL = "partial", "Partly done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"

    @property
    def api_name(self) -> str:
        """The name in the API, as is usual for such services."""
        return {"running": "processing", "done": "completed"}.get(self.value, self.value)


class ImageState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Reading"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class ManifestState(models.TextChoices):
    """How far an import is; once all is fetched, the batch's state says the rest."""

    CHECKED = "checked", "Checked"
    FETCHING = "fetching", "Fetching"
    FETCHED = "fetched", "Fetched"


class FetchState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Fetching"
    DONE = "done", "Fetched"
    FAILED = "failed", "Failed"


class LookState(models.TextChoices):
    """How far a file is that waits to be decoded; then its row goes."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Being looked at"


class Priority(models.IntegerChoices):
    HIGH = 1, "High"
    NORMAL = 2, "Normal"
    LOW = 3, "Low"


class OutputFormat(models.TextChoices):
    """The result of a batch: one file, or one for every image."""

    CONSOLIDATED = "consolidated", "One file"
    INDIVIDUAL = "individual", "One file for every image"


class Consolidation(models.TextChoices):
    """How the tables of a batch come into one workbook."""

    SEPARATE_SHEETS = "separate_sheets", "A sheet for every table"
    SINGLE_SHEET = "single_sheet", "All tables on one sheet"
    MERGE_SAME_COLUMNS = "merge_same_columns", "Tables with the same columns joined"


class Turn(models.IntegerChoices):
    """How far a person turned a picture, in degrees clockwise."""

    NONE = 0, "as it is"
    RIGHT = 90, "a quarter to the right"
    HALF = 180, "upside down"
    LEFT = 270, "a quarter to the left"


ACTIVE = (BatchState.QUEUED, BatchState.RUNNING)
SETTLED = (BatchState.DONE, BatchState.PARTIAL, BatchState.FAILED, BatchState.CANCELLED)
FINISHED = F("done") + F("failed") + F("cancelled")
