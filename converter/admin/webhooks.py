"""Webhook messages, and the attempts to deliver them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from converter.admin.base import BoundedAdmin, by_values
from converter.core.errors import CODES
from converter.models import Attempt, Delivery
from converter.webhooks import sender


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
    list_filter = ("state", "event", by_values("code", sorted(CODES)))
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
        sent = self.do_to_each(request, chosen.order_by("pk"), _send_again)
        self.message_user(request, f"{sent} messages are sent again.")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False  # what is sent follows from what happens

    def has_delete_permission(self, _request: HttpRequest, _obj: Delivery | None = None) -> bool:
        return False  # it would be neither delivered nor given up


def _send_again(delivery: Delivery) -> int:
    sender.send_again(delivery)
    return 1
