"""Rows: batches, images, results, templates and more, and the constraints that hold for them.

    batch:  DRAFT → QUEUED → RUNNING → DONE | PARTIAL | FAILED   any of the first three → CANCELLED
            any settled → RUNNING, by retrying what failed or continuing what was cancelled
    image:  WAITING → RUNNING → DONE | FAILED | CANCELLED        FAILED | CANCELLED → WAITING
            RUNNING → WAITING, when its try failed for now, or its holder is gone
    delivery:  WAITING → DELIVERED | GIVEN_UP                    both → WAITING, by hand
    list:   CHECKED → FETCHING → FETCHED, which starts its batch
    file that is looked at, by `converter.uploads.pending` alone, as an image; its row then goes
    address of a list, by `converter.imports.claims` alone, as an image, but is never cancelled:
            WAITING → RUNNING → DONE | FAILED

A batch takes images only as DRAFT; starting it freezes its images, options and fields. With a
failed image it ends PARTIAL, or FAILED if none was read, never DONE; with an image that stays
cancelled it ends CANCELLED. `converter.batches.claims` alone writes an image's state, and with it
the batch's counters, in one transaction.
"""

from __future__ import annotations

from converter.models.access import ApiKey, RateLimitUsage, StoredResponse
from converter.models.batches import (
    FILE_NAME_LENGTH,
    MODEL_NAME_LENGTH,
    NAME_LENGTH,
    URL_LENGTH,
    Batch,
    BatchImage,
    BatchImageQuerySet,
    BatchQuerySet,
    Owned,
    RefusedFile,
)
from converter.models.checks import CheckResult, RandomCheck, RandomCheckCell, check_result
from converter.models.deliveries import (
    Attempt,
    Delivery,
    DeliveryState,
    SigningSeed,
    WebhookEvent,
)
from converter.models.fields import Correction, FieldTemplate
from converter.models.imports import (
    Manifest,
    ManifestAddress,
    ManifestAddressQuerySet,
    ManifestRow,
)
from converter.models.pools import WorkerPool
from converter.models.results import Result, is_another_model
from converter.models.reviews import Reservation, Review, TableEdit
from converter.models.search import SearchText
from converter.models.sharing import ShareLink, ShareRole
from converter.models.states import (
    ACTIVE,
    FINISHED,
    SETTLED,
    BatchState,
    Consolidation,
    FetchState,
    ImageState,
    LookState,
    ManifestState,
    OutputFormat,
    Priority,
    Turn,
)
from converter.models.uploads import PendingFile, PendingFileQuerySet

__all__ = [
    "ACTIVE",
    "FILE_NAME_LENGTH",
    "FINISHED",
    "MODEL_NAME_LENGTH",
    "NAME_LENGTH",
    "SETTLED",
    "URL_LENGTH",
    "ApiKey",
    "Attempt",
    "Batch",
    "BatchImage",
    "BatchImageQuerySet",
    "BatchQuerySet",
    "BatchState",
    "CheckResult",
    "Consolidation",
    "Correction",
    "Delivery",
    "DeliveryState",
    "FetchState",
    "FieldTemplate",
    "ImageState",
    "LookState",
    "Manifest",
    "ManifestAddress",
    "ManifestAddressQuerySet",
    "ManifestRow",
    "ManifestState",
    "OutputFormat",
    "Owned",
    "PendingFile",
    "PendingFileQuerySet",
    "Priority",
    "RandomCheck",
    "RandomCheckCell",
    "RateLimitUsage",
    "RefusedFile",
    "Reservation",
    "Result",
    "Review",
    "SearchText",
    "ShareLink",
    "ShareRole",
    "SigningSeed",
    "StoredResponse",
    "TableEdit",
    "Turn",
    "WebhookEvent",
    "WorkerPool",
    "check_result",
    "is_another_model",
]
