"""The API described: for programs as OpenAPI, for people as Swagger UI and ReDoc."""

from __future__ import annotations

from typing import Any, Final

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from converter.api.api import api
from converter.api.openapi_bodies import TAKEN
from converter.api.problems import MEDIA_TYPE, Problem

# ReDoc adds two style elements, an empty one that it fills later and one of its scroll bars; these
# are the hashes of both. It searches in a thread whose script it makes.
_ITS_STYLES: Final = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
)
_REDOC_NEEDS: Final = {"style-src": ["'self'", *_ITS_STYLES], "worker-src": ["blob:"]}


@require_safe
def openapi_json(_request: HttpRequest) -> HttpResponse:
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
        if "post" in methods:
            methods["post"].setdefault("parameters", []).append(_ONCE)
    return document


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
    schema = Problem.json_schema()
    document["components"]["schemas"] |= schema.pop("$defs", {})
    return schema
