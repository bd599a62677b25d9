"""Batches and their images."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from converter.admin.base import BoundedAdmin, by_values
from converter.batches import deletion, lifecycle, rerun, retention
from converter.config.options import CHOICES
from converter.core.errors import CODES
from converter.models import Batch, BatchImage, BatchQuerySet

REFUSALS_SHOWN = 200
AGES = (("draft-7", "Drafts older than 7 days"), ("settled-30", "Settled over 30 days ago"))


class AgeFilter(admin.SimpleListFilter):
    title = "age"
    parameter_name = "age"

    def lookups(self, _request: HttpRequest, _admin: Any) -> tuple[tuple[str, str], ...]:
        return AGES

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any] | None:
        kind, _, days = (self.value() or "").partition("-")
        if not days.isdecimal():
            return rows
        chosen = retention.old_drafts if kind == "draft" else retention.old_settled
        return chosen(_as_batches(rows), timezone.now() - timedelta(days=int(days)))


def _as_batches(rows: QuerySet[Any]) -> BatchQuerySet:
    assert isinstance(rows, BatchQuerySet)  # noqa: S101  (what its manager makes)
    return rows


@admin.register(Batch)
class BatchAdmin(BoundedAdmin):
    list_display = (
        "name", "state", "total", "done", "failed", "cancelled", "engine", "mode", "user",
        "created", "settled",
    )  # fmt: skip
    list_filter = (AgeFilter, "state", "mode", by_values("engine", [*CHOICES]), "created")
    search_fields = ("name", "=id")
    list_select_related = ("user",)
    ordering = ("-created", "-pk")
    readonly_fields = (
        "id", "name", "state", "engine", "mode", "fields", "pairing", "cards", "compared",
        "priority", "reuse", "again_of",
        "folder", "user", "total", "done", "failed", "cancelled", "created", "started", "settled",
        "paused", "pause_code", "pause_reason", "cost", "tokens",
        "webhook_url", "webhook_per_image", "webhook_gone", "reached_at",
        "images_of_batch", "messages_of_batch", "refused_files",
    )  # fmt: skip
    actions = ("retry_failed", "resume", "run_again", "cancel", "delete_with_files")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return _as_batches(super().get_queryset(request)).listed()

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

    @admin.display(description="Webhook messages")
    def messages_of_batch(self, batch: Batch) -> str:
        address = reverse("admin:converter_delivery_changelist")
        return format_html('<a href="{}?batch__id__exact={}">All messages</a>', address, batch.pk)

    @admin.display(description="Files not taken")
    def refused_files(self, batch: Batch) -> str:
        refused = batch.refusals.order_by("pk")[:REFUSALS_SHOWN]
        lines = ((file.name, file.code, file.message) for file in refused)
        return format_html_join("\n", "<p>{}: <code>{}</code> {}</p>", lines) or "none"

    @admin.action(description="Retry the failed images", permissions=["change"])
    def retry_failed(self, request: HttpRequest, chosen: QuerySet[Batch]) -> None:
        retried = self.do_to_each(request, chosen, lifecycle.retry_failed)
        self.message_user(request, f"{retried} images are tried again.")

    @admin.action(description="Resume what was cancelled", permissions=["change"])
    def resume(self, request: HttpRequest, chosen: QuerySet[Batch]) -> None:
        resumed = self.do_to_each(request, chosen, lifecycle.resume)
        self.message_user(request, f"{resumed} images wait again.")

    @admin.action(description="Run again, as a new draft of the same owner", permissions=["change"])
    def run_again(self, request: HttpRequest, chosen: QuerySet[Batch]) -> None:
        made = self.do_to_each(request, chosen, lambda batch: bool(rerun.run_again(batch)))
        self.message_user(request, f"{made} new drafts.")

    @admin.action(description="Cancel", permissions=["change"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Batch]) -> None:
        cancelled = sum(lifecycle.cancel(batch) for batch in chosen)
        self.message_user(request, f"{cancelled} batches cancelled; what was read stays.")

    @admin.action(description="Delete with files…", permissions=["delete"])
    def delete_with_files(
        self, request: HttpRequest, chosen: QuerySet[Batch]
    ) -> TemplateResponse | None:
        """Show how much would go, then delete what was shown."""
        if not request.POST.get("sure"):
            context = self.admin_site.each_context(request) | {
                "title": "Delete with files?",
                "opts": self.opts,
                "chosen": chosen.order_by("-created")[: self.list_per_page],
                "selected": request.POST.getlist("_selected_action"),
                "everywhere": request.POST.get("select_across", "0"),
                "held": retention.amount_of(_as_batches(chosen)),
            }
            return TemplateResponse(request, "admin/converter/batch/delete.html", context)
        deleted = deletion.delete_all(_as_batches(chosen))
        self.message_user(request, f"{deleted} batches deleted; the files follow within minutes.")
        return None


@admin.register(BatchImage)
class BatchImageAdmin(BoundedAdmin):
    list_display = ("display_name", "batch", "position", "state", "attempts", "error_code", "error")
    list_filter = ("state", by_values("error_code", sorted(CODES)))
    search_fields = ("name", "=sha256", "=batch__id")
    list_select_related = ("batch",)
    ordering = ("batch", "position")
    readonly_fields = (
        "batch", "position", "name", "page", "file", "sha256", "size", "width", "height", "turn",
        "removed", "state", "attempts", "not_before", "claimed_by", "claimed_until", "settled",
        "error_code", "error", "answer",
    )  # fmt: skip
    actions = ("retry",)

    @admin.action(description="Read again, if it failed or was cancelled", permissions=["change"])
    def retry(self, request: HttpRequest, chosen: QuerySet[BatchImage]) -> None:
        retried = self.do_to_each(request, chosen, lifecycle.retry_image)
        self.message_user(request, f"{retried} images are tried again.")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: BatchImage | None = None) -> bool:
        return False  # the counters of its batch would no longer fit
