"""What all lists of the admin share: a bounded count, cheap filters, rows that nobody changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, TypeVar, cast

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from converter.batches.lifecycle import BatchError
from converter.models import Batch, BatchImage, Delivery
from converter.webhooks.sender import DeliveryError

Row = TypeVar("Row", Batch, BatchImage, Delivery)

COUNTED = 2_000  # rows that a list counts, and so lets one page to; filters find the others


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
        """The sum of what the verb did; a row that does not allow it is named in a message."""
        done = 0
        for row in chosen:
            try:
                done += verb(row)
            except (BatchError, DeliveryError) as error:
                self.message_user(request, f"{row}: {error.message}", messages.WARNING)
        return done


class ReadOnlyAdmin(BoundedAdmin):
    """Rows that nobody adds, changes or deletes here: they come and go with their batch."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


def by_values(name: str, values: list[str]) -> type[admin.SimpleListFilter]:
    """A filter of a column by its possible values; a query for them would read all rows."""

    class Known(admin.SimpleListFilter):
        title = name.replace("_", " ")
        parameter_name = name

        def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
            return [(value, value) for value in values]

        def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
            return rows.filter(**{name: self.value()}) if self.value() else rows

    return Known
