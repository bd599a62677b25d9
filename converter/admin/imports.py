"""Lists of pictures on the web, and their addresses."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from converter.admin.base import ReadOnlyAdmin, by_values
from converter.core.errors import CODES
from converter.models import FetchState, Manifest, ManifestAddress, ManifestState


@admin.register(Manifest)
class ManifestAdmin(ReadOnlyAdmin):
    """Lists of pictures on the web. They are cancelled and deleted with their batches."""

    list_display = ("file_name", "batch", "state", "encoding", "created", "served")
    list_filter = (by_values("state", ManifestState.values),)
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
class ManifestAddressAdmin(ReadOnlyAdmin):
    list_display = ("url", "line", "state", "attempts", "not_before", "error_code", "error")
    list_filter = (by_values("state", FetchState.values), by_values("error_code", sorted(CODES)))
    search_fields = ("=manifest__id", "=host")
    ordering = ("manifest", "number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ManifestAddress]:
        return super().get_queryset(request).filter(manifest__batch__deleted=None)
