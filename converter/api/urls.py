"""Addresses of the API and of its description."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path

from converter.api import openapi
from converter.api.api import api


def nothing_here(_request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("openapi.json", openapi.openapi_json, name="openapi"),
    path("docs", openapi.swagger, name="api-docs"),
    path("redoc", openapi.redoc, name="api-redoc"),
    path("api/v1/", api.urls),
    re_path("^api(?:/.*)?$", nothing_here),
]
