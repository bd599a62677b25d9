"""The admin: look at batches and images, and clean up. Actions call verbs."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from converter import batches
from converter.models import Batch, BatchImage, FieldTemplate, RefusedFile, Result

admin.site.site_header = admin.site.site_title = "Tablexl"
admin.site.index_title = "What there is"


class RefusedFileInline(admin.TabularInline):
    model = RefusedFile
    extra = 0
    can_delete = False
    readonly_fields = ("name", "code", "message")

    def has_add_permission(self, _request: HttpRequest, _obj: Batch | None = None) -> bool:
        return False


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):
    list_display = (
        "name", "state", "total", "done", "failed", "cancelled", "engine", "mode", "user",
        "created", "settled",
    )  # fmt: skip
    list_filter = ("state", "mode", "engine", "created")
    search_fields = ("name", "=id")
    date_hierarchy = "created"
    list_select_related = ("user",)
    show_full_result_count = False
    readonly_fields = (
        "id", "name", "state", "engine", "mode", "fields", "folder", "user", "total",
        "done", "failed", "cancelled", "created", "started", "settled", "paused", "pause_code",
        "pause_reason", "cost", "tokens", "images_of_batch",
    )  # fmt: skip
    inlines = (RefusedFileInline,)
    actions = ("retry_failed", "cancel", "delete_with_files")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False  # a batch begins with its files, on the front page

    def get_actions(self, request: HttpRequest) -> dict[str, object]:  # type: ignore[override]
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # it would leave the files behind
        return actions  # type: ignore[return-value]

    def has_delete_permission(self, request: HttpRequest, obj: Batch | None = None) -> bool:
        # By the action alone, which takes the files along; Django's own page would not.
        return obj is None and super().has_delete_permission(request, obj)

    @admin.display(description="Images")
    def images_of_batch(self, batch: Batch) -> str:
        address = reverse("admin:converter_batchimage_changelist")
        return format_html('<a href="{}?batch__id__exact={}">All images</a>', address, batch.pk)

    @admin.action(description="Retry the failed images", permissions=["change"])
    def retry_failed(self, request: HttpRequest, chosen: QuerySet[Batch]) -> None:
        retried = 0
        for batch in chosen:
            try:
                retried += batches.retry_failed(batch)
            except batches.BatchError as error:
                self.message_user(request, f"{batch}: {error.message}", messages.WARNING)
        self.message_user(request, f"{retried} images are tried again.")

    @admin.action(description="Cancel", permissions=["change"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Batch]) -> None:
        cancelled = sum(batches.cancel(batch) for batch in chosen)
        self.message_user(request, f"{cancelled} batches cancelled; what was read stays.")

    @admin.action(description="Delete with files", permissions=["delete"])
    def delete_with_files(self, request: HttpRequest, chosen: QuerySet[Batch]) -> None:
        chosen_ones = list(chosen)
        for batch in chosen_ones:
            batches.delete(batch)
        self.message_user(request, f"{len(chosen_ones)} batches deleted, with their files.")


@admin.register(BatchImage)
class BatchImageAdmin(admin.ModelAdmin):
    list_display = ("display_name", "batch", "position", "state", "attempts", "error_code", "error")
    list_filter = ("state", "error_code")
    search_fields = ("name", "sha256", "=batch__id")
    list_select_related = ("batch",)
    show_full_result_count = False
    readonly_fields = (
        "batch", "position", "name", "page", "file", "sha256", "size", "width", "height", "state",
        "attempts", "not_before", "claimed_by", "claimed_until", "settled", "error_code", "error",
        "answer",
    )  # fmt: skip

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: BatchImage | None = None) -> bool:
        return False  # the counters of its batch would no longer fit


@admin.register(Result)
class ResultAdmin(admin.ModelAdmin):
    list_display = ("image", "tables", "doubtful", "engine", "model", "seconds", "created")
    list_filter = ("engine", "model")
    list_select_related = ("image",)
    show_full_result_count = False

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Result | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Result | None = None) -> bool:
        return False  # its image would be done without a result


@admin.register(FieldTemplate)
class FieldTemplateAdmin(admin.ModelAdmin):
    list_display = ("name", "user", "created", "updated")
    search_fields = ("name",)
