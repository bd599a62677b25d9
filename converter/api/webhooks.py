"""Webhooks: the messages of a job, sending them again, and the secret that signs them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from converter.accounts import access
from converter.core.errors import TablexlError
from converter.models import Delivery, DeliveryState, Owned, WebhookEvent
from converter.webhooks import sender, signing

MOST: Final = 200  # messages in one answer
ATTEMPTS_SHOWN: Final = 20

of_jobs: Final = Router()
router: Final = Router()


class AttemptOut(Schema):
    """One request that carried a message."""

    begun: datetime
    seconds: float | None = Field(description="null: no answer is known")
    status: int | None = Field(description="what the receiver answered")
    code: str | None = Field(description="why it was not taken; see the list of error codes")
    error: str | None
    answer: str = Field(description="how the answer began")


class DeliveryOut(Schema):
    """One message, and what came of it."""

    id: int
    message_id: str = Field(description="what it is called in its header `webhook-id`")
    type: WebhookEvent
    about: str = Field(description="the image, if it tells of one")
    state: DeliveryState
    created: datetime
    next_attempt: datetime | None
    ended: datetime | None
    code: str | None = Field(description="why it was given up")
    reason: str | None
    attempts: list[AttemptOut] = Field(description=f"the last {ATTEMPTS_SHOWN}, the newest first")


class Deliveries(Schema):
    """The messages of a job, the newest first."""

    job_id: UUID
    webhook_url: str | None
    per_image: bool
    gone: datetime | None = Field(description="since when the receiver says that it is no more")
    deliveries: list[DeliveryOut]
    before: int | None = Field(description="the cursor to ask with for older ones; null: no more")


class SentAgain(Schema):
    """How many messages are sent once more."""

    job_id: UUID
    messages: int


class Secret(Schema):
    """What your webhooks are signed with."""

    secret: str
    former_until: datetime | None = Field(description="so long the secret before it signs too")


class Replaced(Schema):
    """A secret that has taken another's place."""

    former_until: datetime | None = Field(description="so long the secret before it signs too")


@of_jobs.get("/{uuid:job_id}/webhooks", response=Deliveries, summary="List webhook messages")
def job_webhooks(
    request: HttpRequest,
    job_id: UUID,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Deliveries:
    """Each message with its attempts. `before` is the id of the last one that you have."""
    batch = access.job_for(request, job_id)
    rows = batch.deliveries.order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: limit + 1])
    return Deliveries(
        job_id=batch.pk,
        webhook_url=batch.webhook_url or None,
        per_image=batch.webhook_per_image,
        gone=batch.webhook_gone,
        deliveries=[_delivery(one) for one in found[:limit]],
        before=found[limit - 1].pk if len(found) > limit else None,
    )


@of_jobs.post(
    "/{uuid:job_id}/webhooks/send", response={202: SentAgain}, summary="Resend undelivered messages"
)
def send_rest(request: HttpRequest, job_id: UUID) -> Status[SentAgain]:
    """Messages that were given up are sent again, in their order."""
    batch = access.job_for(request, job_id)
    return Status(202, SentAgain(job_id=batch.pk, messages=sender.send_rest_again(batch)))


@of_jobs.post(
    "/{uuid:job_id}/webhooks/{int:delivery_id}/send",
    response={202: DeliveryOut},
    summary="Resend a message",
)
def send_again(request: HttpRequest, job_id: UUID, delivery_id: int) -> Status[DeliveryOut]:
    """One message is sent again with the same id, even if it was delivered before."""
    delivery = access.delivery_of(access.job_for(request, job_id), delivery_id)
    sender.send_again(delivery)
    delivery.refresh_from_db()
    return Status(202, _delivery(delivery))


@router.get("/webhooks/secret", response=Secret, summary="Get your webhook secret")
def secret(request: HttpRequest) -> Secret:
    """What a receiver verifies signatures with."""
    signer = _signer(request)
    return Secret(secret=signing.secret_of(signer), former_until=signing.former_until(signer))


@router.post("/webhooks/secret", response=Replaced, summary="Replace your webhook secret")
def replace_secret(request: HttpRequest) -> Replaced:
    """For a day messages are signed with both, the new one and the one before it.

    Ask for the new one; answers to a POST are kept for a while, and no secret is.
    """
    signer = _signer(request)
    signing.replace(signer)
    return Replaced(former_until=signing.former_until(signer))


def _signer(request: HttpRequest) -> Owned:
    signer = access.signer_for(request)
    if signer is None:
        message = "Send an API key, or the cookie that came with your first job."
        raise TablexlError("login_required", message)
    return signer


def _delivery(row: Delivery) -> DeliveryOut:
    attempts = row.attempts.order_by("-pk")[:ATTEMPTS_SHOWN]
    return DeliveryOut(
        id=row.pk,
        message_id=row.message_id,
        type=WebhookEvent(row.event),
        about=row.about,
        state=DeliveryState(row.state),
        created=row.created,
        next_attempt=row.due,
        ended=row.ended,
        code=row.code or None,
        reason=row.reason or None,
        attempts=[
            AttemptOut(
                begun=one.begun,
                seconds=None if one.milliseconds is None else one.milliseconds / 1000,
                status=one.status,
                code=one.code or None,
                error=one.error or None,
                answer=one.answer,
            )
            for one in attempts
        ],
    )
