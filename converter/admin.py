"""The admin: look at batches and images, and clean up. Actions call verbs.

No list counts or sorts all rows: a table of millions of images opens as fast as one of ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeVar, cast

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from converter.batches import deletion, lifecycle, rerun, retention
from converter.config.engine_choice import CHOICES
from converter.core.engines.registry import ENGINE_NAMES
from converter.core.errors import CODES
from converter.models import (
    Attempt,
    Batch,
    BatchImage,
    BatchQuerySet,
    Correction,
    Delivery,
    FetchState,
    FieldTemplate,
    Manifest,
    ManifestAddress,
    ManifestState,
    Result,
)
from converter.webhooks import sender
from converter.webhooks.sender import DeliveryError

admin.site.site_header = admin.site.site_title = "Tablexl"
admin.site.index_title = "What there is"


Row = TypeVar("Row", Batch, BatchImage, Delivery)

COUNTED = 2_000  # rows that a list counts, and so lets one page to; filters find the others
REFUSALS_SHOWN = 200
AGES = (("draft-7", "Drafts older than 7 days"), ("settled-30", "Settled over 30 days ago"))


class BoundedPaginator(Paginator):
    """Counts no further than COUNTED."""

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Any]", self.object_list)
        return rows.order_by()[: COUNTED + 1].count()


class BoundedAdmin(admin.ModelAdmin):
    """A list that costs the same for any number of rows."""

    paginator = BoundedPaginator
    show_full_result_count = False
    sortable_by = ()
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER  # they would count all rows

    def do_to_each(
        self, request: HttpRequest, chosen: Iterable[Row], verb: Callable[[Row], int]
    ) -> int:
        """What the verb did in all; what one of the rows does not allow is said."""
        done = 0
        for row in chosen:
            try:
                done += verb(row)
            except (lifecycle.BatchError, DeliveryError) as error:
                self.message_user(request, f"{row}: {error.message}", messages.WARNING)
        return done


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


def _known(name: str, values: list[str]) -> type[admin.SimpleListFilter]:
    """A filter for a column by the values that it can have; asking the rows would read them all."""

    class Known(admin.SimpleListFilter):
        title = name.replace("_", " ")
        parameter_name = name

        def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
            return [(value, value) for value in values]

        def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
            return rows.filter(**{name: self.value()}) if self.value() else rows

    return Known


def _as_batches(rows: QuerySet[Any]) -> BatchQuerySet:
    assert isinstance(rows, BatchQuerySet)  # noqa: S101  (what its manager makes)
    return rows


@admin.register(Batch)
class BatchAdmin(BoundedAdmin):
    list_display = (
        "name", "state", "total", "done", "failed", "cancelled", "engine", "mode", "user",
        "created", "settled",
    )  # fmt: skip
    list_filter = (AgeFilter, "state", "mode", _known("engine", [*CHOICES]), "created")
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

    @admin.action(description="Go on with what was cancelled", permissions=["change"])
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
    list_filter = ("state", _known("error_code", sorted(CODES)))
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


@admin.register(Result)
class ResultAdmin(BoundedAdmin):
    list_display = ("image", "tables", "doubtful", "engine", "model", "seconds", "created")
    list_filter = (_known("engine", [*ENGINE_NAMES]),)
    list_select_related = ("image",)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Result]:
        rows = super().get_queryset(request)
        # A reading may be large, and no list shows it.
        return rows if request.resolver_match.kwargs else rows.defer("reading")  # type: ignore[union-attr]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Result | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Result | None = None) -> bool:
        return False  # its image would be done without a result


@admin.register(Correction)
class CorrectionAdmin(BoundedAdmin):
    """What people say of cards; it is undone on their pages, where what was read stands beside."""

    list_display = ("image", "field", "text", "user", "made", "undone")
    search_fields = ("=image__batch__id", "=field")
    list_select_related = ("image", "user")
    ordering = ("-pk",)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Correction | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Correction | None = None) -> bool:
        return False  # what a person said would be gone without a trace


class AttemptsInline(admin.TabularInline):
    """What came of each attempt, the newest first."""

    model = Attempt
    extra = 0
    can_delete = False
    fields = readonly_fields = ("begun", "milliseconds", "status", "code", "error", "answer")
    ordering = ("-pk",)

    def has_add_permission(self, _request: HttpRequest, _obj: Delivery | None = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(BoundedAdmin):
    """Messages of webhooks; they go with their batches."""

    list_display = ("event", "batch", "about", "state", "tries", "code", "created", "due", "ended")
    list_filter = ("state", "event", _known("code", sorted(CODES)))
    search_fields = ("=batch__id", "=message")
    list_select_related = ("batch",)
    ordering = ("-pk",)
    readonly_fields = (
        "message_id", "batch", "event", "about", "body", "state", "created", "since", "tries",
        "due", "ended", "code", "reason",
    )  # fmt: skip
    inlines = (AttemptsInline,)
    actions = ("send_again",)

    @admin.action(description="Send again", permissions=["change"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        sent = self.do_to_each(request, chosen.order_by("pk"), _sent_again)
        self.message_user(request, f"{sent} messages are sent again.")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False  # what is to be told follows from what happens

    def has_delete_permission(self, _request: HttpRequest, _obj: Delivery | None = None) -> bool:
        return False  # it would be neither delivered nor given up


def _sent_again(delivery: Delivery) -> int:
    sender.send_again(delivery)
    return 1


class SeenAdmin(BoundedAdmin):
    """Rows that are looked at alone: they come and go with their batch."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


@admin.register(Manifest)
class ManifestAdmin(SeenAdmin):
    """Lists of pictures on the web. They are cancelled and deleted with their batches."""

    list_display = ("file_name", "batch", "state", "encoding", "created", "served")
    list_filter = (_known("state", ManifestState.values),)
    search_fields = ("file_name", "=id", "=batch__id")
    list_select_related = ("batch",)
    ordering = ("-created", "-pk")
    readonly_fields = ("addresses_of_list",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Manifest]:
        return super().get_queryset(request).filter(batch__deleted=None)

    @admin.display(description="Addresses")
    def addresses_of_list(self, manifest: Manifest) -> str:
        address = reverse("admin:converter_manifestaddress_changelist")
        return format_html('<a href="{}?q={}">All addresses</a>', address, manifest.pk)


@admin.register(ManifestAddress)
class ManifestAddressAdmin(SeenAdmin):
    list_display = ("url", "line", "state", "attempts", "not_before", "error_code", "error")
    list_filter = (_known("state", FetchState.values), _known("error_code", sorted(CODES)))
    search_fields = ("=manifest__id", "=host")
    ordering = ("manifest", "number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ManifestAddress]:
        return super().get_queryset(request).filter(manifest__batch__deleted=None)


@admin.register(FieldTemplate)
class FieldTemplateAdmin(BoundedAdmin):
    list_display = ("name", "user", "created", "updated")
    list_select_related = ("user",)
    search_fields = ("name",)
    ordering = ("-pk",)
