"""How the installation is: for whoever watches over it, by machine or by eye.

`ping`, `version` and `health` are open to all and say nothing of anybody's pictures. `stats` and
`metrics` are for staff, and for whoever has the METRICS_TOKEN.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from ninja import Router

from converter.api.exposition import MEDIA_TYPE, exposed
from converter.api.health_schemas import HealthTold, Pong, Stats, VersionTold
from converter.api.problems import Invalid, problem
from converter.api.watchers import WATCHERS, check_watches
from converter.health import status
from converter.health.stats import collect_stats
from converter.health.status import Health, SystemHealth

_METRICS: Final = {
    "responses": {
        200: {"description": "Metrics", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
    }
}

router: Final = Router()


@router.get("/ping", response=Pong, auth=None, summary="Ping")
def ping(request: HttpRequest) -> Pong:  # noqa: ARG001
    """Does not use the database."""
    return Pong()


@router.get("/version", response=VersionTold, auth=None, summary="Version")
def version(request: HttpRequest) -> VersionTold:  # noqa: ARG001
    return VersionTold(version=settings.VERSION)


@router.get("/health", response=HealthTold, auth=None, summary="Health")
def health(request: HttpRequest) -> HealthTold | HttpResponse:  # noqa: ARG001
    """503 only when it cannot serve: without its database, or with no place for files.

    Without a worker, or with little space or memory, it is `degraded`, and answers 200.
    """
    now = status.current_health()
    return _cannot_serve(now) if now.health is Health.FAILED else HealthTold.of(now)


@router.get("/stats", response=Stats, auth=WATCHERS, summary="Statistics")
def stats(request: HttpRequest) -> Stats:
    """For staff, or with the `METRICS_TOKEN`."""
    check_watches(request)
    counted = collect_stats()
    return Stats(**asdict(counted), per_minute=counted.per_minute)


@router.get(
    "/metrics",
    auth=WATCHERS,
    response={200: None},
    summary="Metrics for Prometheus",
    openapi_extra=_METRICS,
)
def metrics(request: HttpRequest) -> HttpResponse:
    """In the text format of Prometheus. For staff, or with the `METRICS_TOKEN`."""
    check_watches(request)
    try:
        counted = collect_stats()
    except DatabaseError:
        counted = None  # that it is down is one of the metrics
    return HttpResponse(exposed(status.current_health(), counted), content_type=MEDIA_TYPE)


def _cannot_serve(now: SystemHealth) -> HttpResponse:
    faults = []
    if now.database is Health.FAILED:
        faults.append(Invalid(at="database", message="It does not answer."))
    if now.storage.health is Health.FAILED:
        faults.append(Invalid(at="storage", message="Files cannot be stored."))
    detail = " ".join(fault.message for fault in faults)
    return problem("cannot_serve", detail, errors=faults, headers={"Retry-After": "10"})
