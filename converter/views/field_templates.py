"""The pages of field templates: list, make, edit, copy, delete, import and export."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from converter.accounts import access
from converter.core.errors import TemplateError
from converter.exports import workbooks
from converter.fields import templates
from converter.fields.templates import NameTaken
from converter.forms import TemplateFileForm, TemplateForm
from converter.models import NAME_LENGTH, FieldTemplate

MOST_SHOWN: Final = 500


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    return _list(request, TemplateFileForm())


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _edit(request, TemplateForm(fields=[{"name": ""}]))
    return _save(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    template = access.template_for(request, pk)
    if request.method != "POST":
        return _edit(request, TemplateForm(None, template.name, template.fields), template)
    return _save(request, template)


@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    copied = templates.copy(access.template_for(request, pk))
    messages.success(request, f"This is a copy, called “{copied.name}”.")
    return redirect("template", pk=copied.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    template = access.template_for(request, pk)
    if request.method != "POST":
        return render(request, "fields/delete.html", {"template": template})
    template.delete()
    messages.success(request, f"The template “{template.name}” was deleted.")
    return redirect("templates")


@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    form = TemplateFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        template = templates.import_json(access.owner_of(request), form.cleaned_data["source"])
    except TemplateError as error:
        form.add_error(None, error.message)
        return _list(request, form, status=422)
    messages.success(request, f"“{template.name}” was imported.")
    return redirect("template", pk=template.pk)


@require_safe
@never_cache
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The form that `convert --template` takes."""
    template = access.template_for(request, pk)
    answer = HttpResponse(templates.export_json(template), content_type="application/json")
    name = content_disposition_header(True, workbooks.plain_name(template.name, ".json"))
    answer.headers["Content-Disposition"] = name or "attachment"
    return answer


def _save(request: HttpRequest, template: FieldTemplate | None) -> HttpResponse:
    """A button of the editor changes the rows on the page; only `Save` keeps them."""
    form = TemplateForm(request.POST)
    if step := request.POST.get("do"):
        form.editor.apply(step, request.POST.get("names", ""))
        shown = TemplateForm(None, request.POST.get("name", ""))
        shown.editor = form.editor
        return _edit(request, shown, template)
    if not form.is_valid():
        return _edit(request, form, template, status=422)
    name, fields = form.cleaned_data["name"], form.editor.fields
    try:
        if template:
            templates.change(template, name, fields)
        else:
            template = templates.create(access.owner_of(request), name, fields)
    except NameTaken as error:
        form.add_error("name", error.message)
        return _edit(request, form, template, status=422)
    messages.success(request, "Saved.")
    return redirect("template", pk=template.pk)


def _list(request: HttpRequest, form: TemplateFileForm, status: int = 200) -> HttpResponse:
    saved = access.templates_for(request).order_by("name")[:MOST_SHOWN]
    return render(request, "fields/list.html", {"templates": saved, "form": form}, status=status)


def _edit(
    request: HttpRequest,
    form: TemplateForm,
    template: FieldTemplate | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "editor": form.editor,
        "template": template,
        "name_length": NAME_LENGTH,
    }
    return render(request, "fields/template.html", context, status=status)
