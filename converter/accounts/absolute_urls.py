"""Addresses as others outside can use them: whole, with the host under which the app is reached."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from converter.accounts import access
from converter.models import BatchImage


def absolute(request: HttpRequest, path: str) -> str:
    """By PUBLIC_URL, or else by the host that this request came to."""
    return (settings.PUBLIC_URL or access.origin_of(request)) + path


def result_of(request: HttpRequest, image: BatchImage) -> str:
    """Where the workbook of an image is."""
    path = reverse("api:download", kwargs={"file_id": f"{image.batch_id}-{image.pk}"})
    return absolute(request, path)
