"""The pages of imports: a CSV file is uploaded, checked, started, and downloaded with results."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from converter.accounts import access, origins, quota
from converter.batches import drafts, retention
from converter.batches.lifecycle import BatchError
from converter.core.errors import TablexlError
from converter.exports import workbooks
from converter.forms import ImportFileForm, ImportForm, default_name
from converter.imports import manifests, results, retry
from converter.imports.results import Status
from converter.models import NAME_LENGTH, Batch, Manifest, ManifestState
from converter.views import answers, wording

IMPORTS_SHOWN: Final = 25
ROWS_SHOWN: Final = 5
PROBLEMS_SHOWN: Final = 50
TEMPLATES_SHOWN: Final = 200


@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """The form and the imports so far. An uploaded file is shown before anything is fetched."""
    if request.method != "POST":
        return _list_page(request, ImportFileForm())
    form = ImportFileForm(request.POST, request.FILES)
    try:
        manifests.check_enabled()
        if not form.is_valid():
            return _list_page(request, form, status=422)
        file = form.cleaned_data["file"]
        found, name = manifests.read_file(file), file.name or ""
        with transaction.atomic():
            batch = Batch.objects.create(
                **quota.owner_of_batch(request), name=default_name(name), engine=settings.ENGINE
            )
            manifest = manifests.keep(batch, name, found)
    except TablexlError as error:
        status = 403 if error.code == "import_disabled" else 422
        return _list_page(request, form, error, status=status)
    return redirect("import", pk=manifest.pk)


@require_safe
def import_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    manifest = access.manifest_for(request, pk)
    if manifest.state == ManifestState.CHECKED and manifest.batch.is_draft:
        return _checked_page(request, manifest, ImportForm(None, manifest.batch, _mine(request)))
    return render(request, "imports/import.html", _progress(manifest))


@require_safe
@never_cache
def import_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Only the polled region. Once the import has ended it has no trigger any more."""
    context = _progress(access.manifest_for(request, pk)) | {"is_fragment": True}
    return render(request, "imports/import.html#progress", context)


@require_POST
def import_start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Start with the options of the page, so that what is started is what is shown."""
    manifest = access.manifest_for(request, pk)
    form = ImportForm(request.POST, manifest.batch, _mine(request))
    if not form.is_valid():
        return _checked_page(request, manifest, form, status=422)
    try:
        drafts.configure(manifest.batch, form.options())
        manifests.start(manifest)
    except BatchError as error:
        return answers.refusal(request, manifest.batch, error)
    except TablexlError as error:
        return _checked_page(request, manifest, form, error, status=403)
    return redirect("import", pk=manifest.pk)


@require_POST
def import_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Fetch what failed again, as an import of its own."""
    manifest = access.manifest_for(request, pk)
    try:
        made = retry.fetch_again(manifest)
    except TablexlError as error:
        messages.error(request, error.message)
        return redirect("import", pk=manifest.pk)
    return redirect("import", pk=made.pk)


@require_safe
@never_cache
def import_output(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    manifest = access.manifest_for(request, pk)
    pieces = results.output(manifest, lambda image: origins.result_url(request, image))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = workbooks.file_name(manifest.batch, ", results.csv")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _mine(request: HttpRequest) -> Any:
    return access.templates_for(request).order_by("name")[:TEMPLATES_SHOWN]


def _list_page(
    request: HttpRequest,
    form: ImportFileForm,
    error: TablexlError | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = access.manifests_for(request).order_by("-created", "-pk")[:IMPORTS_SHOWN]
    context = {
        "form": form,
        "error": error,
        "is_enabled": settings.ALLOW_URL_IMPORT,
        "max_file_size": settings.MAX_FILE_SIZE,
        "max_rows": f"{settings.MAX_BATCH_SIZE:,}",
        "imports": [(manifest, results.progress(manifest)) for manifest in shown],
    }
    return render(request, "imports/list.html", context, status=status)


def _checked_page(
    request: HttpRequest,
    manifest: Manifest,
    form: ImportForm,
    error: TablexlError | None = None,
    status: int = 200,
) -> HttpResponse:
    shared = _shared(manifest)
    to_fetch = manifest.addresses.unsettled()
    context = shared | {
        "form": form,
        "error": error,
        "to_fetch": to_fetch.count(),
        "hosts": to_fetch.values("host").distinct().count(),
        "name_length": NAME_LENGTH,
        "columns": _columns(manifest),
        "rows": manifest.rows.order_by("number")[:ROWS_SHOWN],
        "delimiter": wording.delimiter(manifest.delimiter),
    }
    return render(request, "imports/checked.html", context, status=status)


def _columns(manifest: Manifest) -> list[tuple[str, str]]:
    """The name of each column, and what it is recognised as."""
    taken = dict.fromkeys(manifest.columns["addresses"], "pictures")
    for meaning, words in (("serial", "serial number"), ("product", "product")):
        if (number := manifest.columns[meaning]) is not None:
            taken[number] = words
    return [(name, taken.get(number, "")) for number, name in enumerate(manifest.header)]


def _progress(manifest: Manifest) -> dict[str, Any]:
    shared = _shared(manifest)
    standing = shared["standing"]
    return shared | {
        "failed": retry.failed_of(manifest).count() if standing.is_over else 0,
        "line": wording.import_line(standing),
        "announcement": wording.import_announcement(standing) if standing.is_over else "",
        "poll_seconds": 0 if standing.is_over or standing.status == Status.DRAFT else 2,
    }


def _shared(manifest: Manifest) -> dict[str, Any]:
    problems = results.problems(manifest, PROBLEMS_SHOWN + 1)
    return {
        "manifest": manifest,
        "batch": manifest.batch,
        "standing": results.progress(manifest),
        "problems": problems[:PROBLEMS_SHOWN],
        "more_problems": len(problems) > PROBLEMS_SHOWN,
        "goes_at": retention.goes_at(manifest.batch),
    }
