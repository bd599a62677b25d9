"""The page of a draft: its images, its options and its fields, and every change to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from converter.accounts import access, origins
from converter.batches import drafts, ordering, pairing, progress, rerun, retention
from converter.batches.lifecycle import BatchClosed, BatchError
from converter.config.options import asks_server
from converter.fields import templates
from converter.fields.editor import FieldEditor
from converter.fields.templates import NameTaken
from converter.forms import ChangeForm, OptionsForm, TemplateForm, is_id
from converter.models import NAME_LENGTH, Batch, BatchImage, BatchImageQuerySet
from converter.views import answers, wording

PER_PAGE: Final = 60
REFUSALS_SHOWN: Final = 200
PENDING_SHOWN: Final = 1_000
TEMPLATES_SHOWN: Final = 200

# The value of a button → the change to the chosen images, with the number of the form.
CHANGES: Final[dict[str, Callable[[Batch, list[int], int], object]]] = {
    "remove": lambda batch, chosen, _: drafts.remove(batch, chosen),
    "undo": lambda batch, _, __: drafts.put_back(batch),
    "left": lambda batch, chosen, _: drafts.turn(batch, chosen, -90),
    "right": lambda batch, chosen, _: drafts.turn(batch, chosen, 90),
    "earlier": lambda batch, chosen, steps: drafts.shift(batch, chosen[0], -steps),
    "later": lambda batch, chosen, steps: drafts.shift(batch, chosen[0], steps),
    "number": drafts.move_to,
    "before": drafts.move_before,
    "end": lambda batch, chosen, _: drafts.move_before(batch, chosen, None),
    "sort": lambda batch, _, __: drafts.sort_by_name(batch),
    "forget": lambda batch, _, __: drafts.forget_refusals(batch),
}
NEED_NO_CHOICE: Final = {"undo", "sort", "forget"}


def draft_page(
    request: HttpRequest,
    batch: Batch,
    form: OptionsForm | None = None,
    status: int = 200,
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    form = form or OptionsForm(None, batch)
    context = (
        _images(request.GET.get("from", ""), batch)
        | _fields(request, form)
        | {
            "max_file_size": settings.MAX_FILE_SIZE,
            "name_length": NAME_LENGTH,
            "next_place": ordering.next_place(batch),
            "goes_at": retention.goes_at(batch),
        }
    )
    return render(request, "batches/draft.html", context | dict(extra or {}), status=status)


def _fields(request: HttpRequest, form: OptionsForm) -> dict[str, Any]:
    saved = access.templates_for(request).order_by("name")[:TEMPLATES_SHOWN]
    return {
        "form": form,
        "editor": form.editor,
        "templates": saved,
        "name_length": NAME_LENGTH,
    }


@require_safe
@never_cache
def images(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Only the region of the images."""
    batch = access.batch_for(request, pk)
    if not batch.is_draft:  # started elsewhere: its page has changed
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("batch", args=[batch.pk])})
    return _fragment(request, batch, request.GET.get("from", ""))


@require_POST
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every button among the images: `do` is a change, or a change and the id of an image."""
    batch = access.batch_for(request, pk)
    form = ChangeForm(request.POST)
    if not form.is_valid() or form.verb not in CHANGES:
        return HttpResponse("This change is not known.", status=400, content_type="text/plain")
    chosen = form.chosen
    moved = batch.images.filter(pk=chosen[0]).first() if len(chosen) == 1 else None
    try:
        if chosen or form.verb in NEED_NO_CHOICE:
            CHANGES[form.verb](batch, chosen, form.amount)
    except BatchError as error:
        return answers.refusal(request, batch, error)
    batch.refresh_from_db()
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('batch', args=[batch.pk])}?from={form.start}")
    said = wording.change(form.verb, len(chosen), moved)
    return _fragment(request, batch, form.start, said, moved)


@require_POST
def options(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = access.batch_for(request, pk)
    form = OptionsForm(request.POST, batch)
    if form.is_valid():
        try:
            drafts.configure(batch, form.options(origins.origin_of(request)))
        except BatchError as error:
            return answers.refusal(request, batch, error)
        batch.refresh_from_db()
    if request.htmx:  # type: ignore[attr-defined]
        context = {"batch": batch, "form": form, "price": _price(batch), "is_fragment": True}
        context |= {"pairs": pairing.preview(batch)}
        return render(request, "batches/_saved.html", context)
    if form.is_valid():
        return redirect("batch", pk=batch.pk)
    return draft_page(request, batch, form, status=422)


@require_POST
def fields(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every button of the field editor: changes rows, uses a template, or saves one."""
    batch = access.batch_for(request, pk)
    if not batch.is_draft:
        return answers.refusal(request, batch, BatchClosed())
    form = OptionsForm(request.POST, batch)
    extra: dict[str, Any] = {}
    match request.POST.get("do"):
        case "use":
            extra = _use_template(request, batch, form)
        case "save":
            extra = _save_template(request, form)
        case step:
            form.editor.apply(step or "", request.POST.get("names", ""))
    if request.htmx:  # type: ignore[attr-defined]
        context = _fields(request, form) | {"batch": batch} | extra
        return render(request, "batches/_fields.html", context)
    return draft_page(request, batch, form, extra=extra)


def _use_template(request: HttpRequest, batch: Batch, form: OptionsForm) -> dict[str, Any]:
    chosen = request.POST.get("template", "")
    if not is_id(chosen):
        return {"said": "Choose a template first."}
    template = access.template_for(request, int(chosen))
    drafts.configure(batch, {"fields": template.fields})
    form.editor = FieldEditor.of(template.fields)
    return {"said": f"These are the fields of “{template.name}”; it stays as it is."}


def _save_template(request: HttpRequest, form: OptionsForm) -> dict[str, Any]:
    saving = TemplateForm.named(request.POST, request.POST.get("template_name", ""))
    if not saving.is_valid():
        [message, *_] = [str(message) for errors in saving.errors.values() for message in errors]
        return {"name_error": message, "template_name": saving.data["name"]}
    form.editor = saving.editor
    name = saving.cleaned_data["name"]
    try:
        templates.create(access.owner_of(request), name, saving.editor.fields)
    except NameTaken as error:
        return {"name_error": error.message, "template_name": name}
    return {"said": f"Saved as the template “{name}”."}


@require_POST
def run_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = access.batch_for(request, pk)
    try:
        draft = rerun.run_again(batch)
    except BatchError as error:
        return answers.refusal(request, batch, error)
    return redirect("batch", pk=draft.pk)


def _fragment(
    request: HttpRequest,
    batch: Batch,
    start: str,
    announcement: str = "",
    moved: BatchImage | None = None,
) -> HttpResponse:
    context = _images(start, batch, moved) | {
        "is_fragment": True,
        "announcement": announcement,
        "next_place": ordering.next_place(batch),
    }
    return render(request, "batches/draft.html#images", context)


def _images(start: str, batch: Batch, moved: BatchImage | None = None) -> dict[str, Any]:
    """A page of images from a position on, found by an index however many there are."""
    kept = batch.images.kept().order_by("position")
    wanted = int(start) if is_id(start) else 0
    shown = _page(kept, wanted)
    if moved and moved not in shown:
        # The page that the moved image begins, wherever it is now.
        position = kept.filter(pk=moved.pk).values_list("position", flat=True).first()
        shown = shown if position is None else _page(kept, position)
        wanted = shown[0].position if shown else 0
    first = shown[0].position if shown else 0
    previous = list(kept.filter(position__lt=first).reverse()[:PER_PAGE])
    before = previous[-1].position if previous else None
    offset = kept.filter(position__lt=first).count()
    is_full = len(shown) == PER_PAGE
    refusals = list(batch.refusals.order_by("pk")[: REFUSALS_SHOWN + 1])
    return {
        "batch": batch,
        "price": _price(batch),
        "pairs": pairing.preview(batch),
        "images": shown,
        "page_size": PER_PAGE,
        # What comes in before the first belongs here, even between these queries.
        "start": 0 if before is None or not wanted else first,
        "offset": offset,
        "last": offset + len(shown),
        "before": before,
        "after": kept.filter(position__gt=shown[-1].position).first() if is_full else None,
        "pending": list(batch.pending.only("name").order_by("pk")[:PENDING_SHOWN]),
        "removed": batch.images.exclude(removed=None).count(),
        "refusals": refusals[:REFUSALS_SHOWN],
        "more_refusals": len(refusals) > REFUSALS_SHOWN,
    }


def _price(batch: Batch) -> str:
    """What the batch will cost, if a server may read it."""
    if not asks_server():
        return ""
    if progress.is_free(batch):
        return wording.FREE
    return wording.price_line(batch.total, progress.cost_per_image(batch))


def _page(kept: BatchImageQuerySet, start: int) -> Sequence[BatchImage]:
    """The images from a position on; the last ones if there is none any more."""
    shown = list(kept.filter(position__gte=start)[:PER_PAGE])
    return shown or list(kept.reverse()[:PER_PAGE])[::-1]
