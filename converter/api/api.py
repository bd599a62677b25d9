"""The API as a whole: who may call, how errors are answered, and what it is made of."""

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
    submissions,
    templates,
    webhooks,
)
from converter.api.callers import CALLERS
from converter.api.problems import answer_errors

VERSION: Final = "1"

# A router is a module: its prefix below /api/v1, and what its calls are called together.
ROUTERS: Final[tuple[tuple[str, Router, str], ...]] = (
    ("", convert.router, "One picture"),
    ("", submissions.router, "New jobs"),
    ("", imports.router, "Lists of pictures"),
    ("/jobs", jobs.router, "Jobs"),
    ("/jobs", checks.router, "Jobs"),
    ("/jobs", images.router, "Images"),
    ("/jobs", listening.events, "Jobs"),
    ("/jobs", webhooks.of_jobs, "Webhooks"),
    ("", webhooks.router, "Webhooks"),
    ("/ws", listening.sockets, "Sessions"),
    ("/download", downloads.router, "Downloads"),
    ("/templates", templates.router, "Field templates"),
    ("", health.router, "Installation"),
)


class Described(NinjaAPI):
    """Calls each operation as its function is called, by which clients that are generated go."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def _assembled() -> NinjaAPI:
    made = Described(
        title="Tablexl",
        version=VERSION,
        description="Pictures of tables become spreadsheets that people can trust.",
        urls_namespace="api",
        openapi_url=None,
        auth=CALLERS,
    )
    answer_errors(made)
    for prefix, router, name in ROUTERS:
        made.add_router(prefix, router, tags=[name])
    return made


api: Final = _assembled()
