"""JSON responses for scripts, at the same URLs as the pages: the Accept header decides."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from converter.core.errors import TablexlError
from converter.models import Batch
from converter.uploads.intake import IntakeReport


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def draft(batch: Batch, report: IntakeReport, *, status: int = 200) -> JsonResponse:
    """Which of the uploaded files were added or refused, and the URLs for the next steps."""
    return JsonResponse(
        {
            "url": reverse("batch", args=[batch.pk]),
            "images_url": reverse("batch-images", args=[batch.pk]),
            "start_url": reverse("batch-start", args=[batch.pk]),
            "delete_url": reverse("batch-delete", args=[batch.pk]),
            "added": len(report.added),
            "pending": report.pending,  # being looked at; their images appear by themselves
            "refused": [
                {"name": refusal.name, "code": refusal.code, "message": refusal.message}
                for refusal in report.refused
            ],
        },
        status=status,
    )


def refusal(request: HttpRequest, batch: Batch, error: TablexlError) -> HttpResponse:
    """409: the state of the batch does not allow this. The page says what to do instead."""
    if wants_json(request):
        return problem(error, 409)
    batch.refresh_from_db()
    context = {"batch": batch, "error": error}
    return render(request, "batches/refusal.html", context, status=409)


def problem(error: TablexlError, status: int) -> JsonResponse:
    return JsonResponse({"code": error.code, "message": error.message}, status=status)


def invalid(messages: Sequence[str]) -> JsonResponse:
    return JsonResponse({"message": " ".join(messages)}, status=422)
