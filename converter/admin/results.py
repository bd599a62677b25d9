"""Results, people's corrections of them, and templates of fields."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from converter.admin.base import BoundedAdmin, ReadOnlyAdmin, by_values
from converter.core.engines.registry import ENGINE_NAMES
from converter.models import Correction, FieldTemplate, Result


@admin.register(Result)
class ResultAdmin(ReadOnlyAdmin):
    """Never deleted here: the image would be done without a result."""

    list_display = ("image", "tables", "doubtful", "engine", "model", "seconds", "created")
    list_filter = (by_values("engine", [*ENGINE_NAMES]),)
    list_select_related = ("image",)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Result]:
        rows = super().get_queryset(request)
        # A reading may be large, and no list shows it.
        return rows if request.resolver_match.kwargs else rows.defer("reading")  # type: ignore[union-attr]


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    """Undone on the cards' pages, beside what was read; never deleted, which would leave no trace
    of them."""

    list_display = ("image", "field", "text", "user", "made", "undone")
    search_fields = ("=image__batch__id", "=field")
    list_select_related = ("image", "user")
    ordering = ("-pk",)


@admin.register(FieldTemplate)
class FieldTemplateAdmin(BoundedAdmin):
    list_display = ("name", "user", "created", "updated")
    list_select_related = ("user",)
    search_fields = ("name",)
    ordering = ("-pk",)
