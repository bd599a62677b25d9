"""The documentation of the API: the OpenAPI document, Swagger UI and ReDoc."""

from __future__ import annotations

from typing import Any, Final

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from converter.api.api import api
from converter.api.callers import Watcher
from converter.api.openapi_bodies import REFERENCE, TAKEN
from converter.api.openapi_links import link
from converter.api.problems import MEDIA_TYPE, Problem

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
    """Public: tools read it before they send a key, and it contains no user data."""
    return JsonResponse(described(api))


@require_safe
def swagger(request: HttpRequest) -> HttpResponse:
    return render(request, "api/swagger.html")


@require_safe
@csp_update(_REDOC_NEEDS)
def redoc(request: HttpRequest) -> HttpResponse:
    return render(request, "api/redoc.html")


def nothing_here(_request: HttpRequest) -> HttpResponse:
    raise Http404


def described(of: NinjaAPI) -> dict[str, Any]:
    """The OpenAPI document, with the problem response of every operation."""
    document = of.get_openapi_schema()
    problem = Problem.model_json_schema(ref_template=REFERENCE)
    document["components"]["schemas"] |= TAKEN | problem.pop("$defs", {})
    document["components"]["schemas"]["Problem"] = problem
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"].setdefault("default", _PROBLEM)
            security = operation.get("security", [])
            is_for_staff = any(Watcher.__name__ in one for one in security)
            if security and not is_for_staff and not settings.REQUIRE_LOGIN:
                operation["security"] = [*security, {}]  # neither key nor cookie is needed
        if "post" in methods:
            methods["post"].setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
    link(document)
    return document


_IDEMPOTENCY_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "your own name for this call: sent again, it gets the first answer",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_PROBLEM: Final = {
    "description": "Why it was not done",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
