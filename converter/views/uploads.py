"""The front page, and the requests that upload files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from converter.accounts import access, quota, upload_limits
from converter.batches import lifecycle
from converter.batches.lifecycle import BatchError
from converter.core.errors import TablexlError
from converter.forms import BatchForm, DraftForm, FilesForm, default_name
from converter.models import NAME_LENGTH, Batch
from converter.uploads import intake
from converter.views import answers
from converter.views.answers import wants_json

SAMPLE: Final = "sample/revenue-by-region.png"
SAMPLE_NAME: Final = "Sample: revenue by region"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return _home(request, BatchForm())


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """A form starts its batch at once; a script gets a draft, because it sends more files."""
    draft = DraftForm(request.POST)
    if wants_json(request) and not request.FILES and draft.is_valid():
        batch = _new_batch(request, default_name(draft.cleaned_data["first"]))
        return answers.draft(batch, intake.IntakeReport(), status=201)
    form = BatchForm(request.POST, request.FILES)
    if not form.is_valid():
        invalid = answers.invalid(_errors(form))
        return invalid if wants_json(request) else _home(request, form, status=422)
    upload_limits.count_files(request, len(form.cleaned_data["files"]))
    batch = _new_batch(request, form.cleaned_data["name"])
    report = intake.add_files(batch, form.cleaned_data["files"])
    if wants_json(request):
        return answers.draft(batch, report, status=201)
    return _begin(request, batch, report, form)


@require_POST
def create_sample(request: HttpRequest) -> HttpResponse:
    picture = Path(str(finders.find(SAMPLE)))
    batch = _new_batch(request, SAMPLE_NAME)
    report = intake.add_files(batch, [SimpleUploadedFile(picture.name, picture.read_bytes())])
    return _begin(request, batch, report, BatchForm())


@require_POST
def add_images(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = access.batch_for(request, pk)
    form = FilesForm(request.POST, request.FILES)
    if not form.is_valid():
        if wants_json(request):
            return answers.invalid(_errors(form))
        messages.error(request, " ".join(_errors(form)))
        return redirect("batch", pk=batch.pk)
    upload_limits.count_files(request, len(form.cleaned_data["files"]))
    try:
        report = intake.add_files(batch, **form.cleaned_data)
    except BatchError as error:
        return answers.refusal(request, batch, error)
    if not wants_json(request):
        return redirect("batch", pk=batch.pk)
    if report.fault and not report.added:  # the script tries again
        status = 507 if report.fault.code == "disk_full" else 503
        return answers.problem(TablexlError(report.fault.code, report.fault.message), status)
    return answers.draft(batch, report)


def _begin(
    request: HttpRequest, batch: Batch, report: intake.IntakeReport, form: BatchForm
) -> HttpResponse:
    if report.fault and (report.added or report.pending):
        messages.error(
            request, "Not all files could be stored here. Add the missing ones, then start."
        )
        return redirect("batch", pk=batch.pk)
    if report.added or report.pending:
        lifecycle.start(batch)
        return redirect("batch", pk=batch.pk)
    lifecycle.delete(batch)
    return _home(request, form, refused=report.refused, status=422)


def _home(
    request: HttpRequest,
    form: BatchForm,
    refused: Sequence[intake.Refused] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "refused": refused,
        "name_length": NAME_LENGTH,
        "max_file_size": settings.MAX_FILE_SIZE,
        "sample": SAMPLE,
        "allows_imports": settings.ALLOW_URL_IMPORT,
    }
    return render(request, "home.html", context, status=status)


def _new_batch(request: HttpRequest, name: str) -> Batch:
    return Batch.objects.create(**quota.owner_of_batch(request), name=name, engine=settings.ENGINE)


def _errors(form: forms.Form) -> list[str]:
    return [str(message) for errors in form.errors.values() for message in errors]
