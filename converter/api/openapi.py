"""The API described: for programs as OpenAPI, for people as Swagger UI and ReDoc."""

from __future__ import annotations

from typing import Any, Final

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from converter.api.api import api
from converter.api.openapi_bodies import REFERENCE, TAKEN
from converter.api.openapi_links import link
from converter.api.problems import MEDIA_TYPE, Problem
from converter.api.watchers import Watcher

# ReDoc adds two style elements, an empty one that it fills later and one of its scroll bars; these
# are the hashes of both. It searches in a thread whose script it makes.
_ITS_STYLES: Final = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
)
_REDOC_NEEDS: Final = {"style-src": ["'self'", *_ITS_STYLES], "worker-src": ["blob:"]}


@login_not_required
@require_safe
def openapi_json(_request: HttpRequest) -> HttpResponse:
    """Open to all: tools read it before they show a key, and it tells of nobody."""
    return JsonResponse(described(api))


@require_safe
def swagger(request: HttpRequest) -> HttpResponse:
    return render(request, "api/swagger.html")


@require_safe
@csp_update(_REDOC_NEEDS)
def redoc(request: HttpRequest) -> HttpResponse:
    return render(request, "api/redoc.html")


def described(of: NinjaAPI) -> dict[str, Any]:
    """The OpenAPI document, in which every call may end in a problem."""
    document = of.get_openapi_schema()
    document["components"]["schemas"] |= TAKEN
    document["components"]["schemas"]["Problem"] = _schema_of_problem(document)
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"].setdefault("default", _PROBLEM)
            if not settings.REQUIRE_LOGIN:
                _open_to_all(operation)
        if "post" in methods:
            methods["post"].setdefault("parameters", []).append(_ONCE)
    link(document)
    return document


def _open_to_all(operation: dict[str, Any]) -> None:
    """Say that neither key nor cookie is needed, except by what is for staff."""
    security = operation.get("security", [])
    if security and not any(Watcher.__name__ in one for one in security):
        operation["security"] = [*security, {}]


_ONCE: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "your own name for this call: sent again, it gets the first answer",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_PROBLEM: Final = {
    "description": "Why it was not done",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def _schema_of_problem(document: dict[str, Any]) -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template=REFERENCE)
    document["components"]["schemas"] |= schema.pop("$defs", {})
    return schema
