"""Event streams: server-sent events of one job, a WebSocket for all jobs of a session."""

from __future__ import annotations

import re
from typing import Annotated, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Header, Router

from converter.accounts import access
from converter.accounts.origins import is_cross_site
from converter.api import schemas
from converter.api.live import detach, messages
from converter.api.live.listeners import Listener
from converter.api.live.polling import Topic
from converter.api.live.wire_formats import EventStream, WebSocket, settlement_of
from converter.api.problems import problem

_SESSION: Final = re.compile(r"[\w-]{1,64}", re.ASCII)

events: Final = Router()
sockets: Final = Router()

# One event; before OpenAPI 3.2 a stream cannot be described.
_EVENT: Final = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"enum": messages.TYPES},
        "id": {
            "type": "string",
            "description": "to send as `Last-Event-ID`; of images, and at the end",
        },
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {
                "type": "object",
                "required": ["type", "job_id"],
                "properties": {
                    "type": {"enum": messages.TYPES},
                    "job_id": {"type": "string", "format": "uuid"},
                },
            },
        },
    },
}
_EVENTS: Final = {
    "responses": {
        200: {
            "description": "Events, until the job has ended",
            "content": {"text/event-stream": {"schema": _EVENT}},
        },
        204: {"description": "The job has ended, and all its events were sent"},
    }
}


@events.get("/{uuid:job_id}/events", summary="Follow a job", openapi_extra=_EVENTS)
def job_events(
    request: HttpRequest,
    job_id: UUID,
    last_event_id: Annotated[str, Header(alias="Last-Event-ID", max_length=200)] = "",
) -> HttpResponse:
    """Server-sent events: first how far the job is, then every image as it is completed, with what
    was read on it, and last how the job ended. `Last-Event-ID` resumes after that event."""
    batch = access.job_for(request, job_id)
    after, all_was_said = settlement_of(last_event_id)
    if all_was_said and batch.is_settled and batch.settlements <= after:
        return HttpResponse(status=204)  # otherwise a browser would reconnect for ever
    listeners = detach.listeners_of(request)
    if listeners is None:
        # A server that cannot detach connections sends the events so far. Clients reconnect for
        # the rest, as after any interruption.
        page, has_more = messages.of_images(batch, after)
        status = schemas.job_status(batch)
        stream = [messages.of_job(batch, status), *page]
        if batch.is_settled and not has_more:
            stream.append(messages.of_end(batch, status))
        wire = EventStream()
        body = b"".join([wire.opening(), *map(wire.encode, stream)])
        return HttpResponse(body, content_type="text/event-stream; charset=utf-8")
    if listeners.is_full:
        return _too_many()
    topic = Topic(str(batch.pk), job=batch.pk)
    return detach.event_stream(listeners, Listener(topic, EventStream(), after))


@sockets.get("/session/{session_id}", include_in_schema=False)
def session_socket(request: HttpRequest, session_id: str) -> HttpResponse:
    """A WebSocket for all jobs of a session."""
    if not _SESSION.fullmatch(session_id):
        raise Http404
    batches = access.batches_of_session(request, session_id)
    if session_id != access.session_id(request) and not batches.exists():
        raise Http404
    if is_cross_site(request):
        return problem("cross_site", "A page of another site may not listen; see the settings.")
    key = detach.websocket_key(request)
    listeners = detach.listeners_of(request)
    if key is None or listeners is None:
        return problem("socket_expected", "Connect to this address by WebSocket.", 426)
    if listeners.is_full:
        return _too_many()
    who = f"{session_id} {access.caller_of(request).owner}"  # a browser's session may have a user
    listener = Listener(Topic(who, batches=batches), WebSocket())
    return detach.websocket(listeners, listener, key)


def _too_many() -> HttpResponse:
    detail = "As many listen here as this server lets in; try again in a while."
    return problem("too_many_requests", detail, headers={"Retry-After": "10"})
