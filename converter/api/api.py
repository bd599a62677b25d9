"""The API as a whole: authentication, error handlers and routers."""

from __future__ import annotations

from typing import Final

from ninja import NinjaAPI, Router
from ninja.operation import Operation

from converter.api import (
    checks,
    convert,
    downloads,
    health,
    images,
    imports,
    jobs,
    listening,
    search,
    submissions,
    tables,
    templates,
    webhooks,
)
from converter.api.callers import CALLERS
from converter.api.problems import answer_errors

VERSION: Final = "1"

# The prefix below /api/v1, the router, and the tag of its operations in the documentation.
ROUTERS: Final[tuple[tuple[str, Router, str], ...]] = (
    ("", convert.router, "One picture"),
    ("", submissions.router, "New jobs"),
    ("", imports.router, "Lists of pictures"),
    ("/jobs", jobs.router, "Jobs"),
    ("/jobs", checks.router, "Jobs"),
    ("/jobs", images.router, "Images"),
    ("/jobs", tables.router, "Tables"),
    ("", search.router, "Search"),
    ("/jobs", listening.events, "Jobs"),
    ("/jobs", webhooks.of_jobs, "Webhooks"),
    ("", webhooks.router, "Webhooks"),
    ("/ws", listening.sockets, "Sessions"),
    ("/download", downloads.router, "Downloads"),
    ("/templates", templates.router, "Field templates"),
    ("", health.router, "Installation"),
)


class Described(NinjaAPI):
    """Names each operation after its function: generated clients use these names."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api: Final = Described(
    title="Tablexl",
    version=VERSION,
    description="Pictures of tables become spreadsheets that people can trust.",
    urls_namespace="api",
    openapi_url=None,
    auth=CALLERS,
)
answer_errors(api)
for _prefix, _router, _tag in ROUTERS:
    api.add_router(_prefix, _router, tags=[_tag])
