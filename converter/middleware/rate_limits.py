"""Rate limits: how often a client may start work, ask for its state, and try passwords."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from converter.accounts import rate_limit_identity, rate_limits, upload_limits
from converter.accounts.rate_limits import (
    RateLimit,
    TooMany,
    Usage,
    of_makes,
    of_reads,
    of_sends,
    of_starts,
    of_uploads,
)
from converter.views import errors
from converter.views.answers import wants_json
from converter.views.sign_ins import TooManySignIns

# Every POST is in COUNTED or in UNCOUNTED, by the name of its URL; a test holds them to the list of
# URLs. An address of the API has the name of the first of its calls, whatever the method.
COUNTED: Final[Mapping[str, Callable[[], RateLimit]]] = {
    "batches": of_starts,  # a form starts at once; a script makes a draft
    "batch-sample": of_starts,
    "draft-check": of_starts,
    "batch-start": of_starts,
    "batch-retry": of_starts,
    "batch-resume": of_starts,
    "image-retry": of_starts,
    "import-start": of_starts,
    "import-again": of_starts,
    "batch-again": of_makes,
    "imports": of_makes,
    "template-new": of_makes,
    "template-import": of_makes,
    "template-copy": of_makes,
    "keys": of_makes,
    "batch-links": of_makes,
    "api:list_jobs": of_makes,
    "api:run_again": of_makes,
    "api:list_templates": of_makes,
    "webhook-send": of_sends,
    "webhooks-send": of_sends,
    "webhook-secret": of_sends,
    "api:convert_single": of_starts,
    "api:convert_batch": of_starts,
    "api:validate": of_reads,  # decodes a picture, and starts nothing
    "api:submit_batch": of_starts,
    "api:upload_manifest": of_starts,
    "api:retry_import": of_starts,
    "api:start_job": of_starts,
    "api:retry_job": of_starts,
    "api:resume_job": of_starts,
    "api:check_job": of_starts,
    "api:retry_image": of_starts,
    "api:send_again": of_sends,
    "api:send_rest": of_sends,
    "api:secret": of_sends,
}
UNCOUNTED: Final = frozenset(
    {
        # Fill a draft: its start is counted, and what is uploaded.
        "batch-images",
        "draft-change",
        "draft-options",
        "draft-fields",
        "api:list_images",
        # Stop or delete something, which must always be possible.
        "batch-cancel",
        "batch-delete",
        "clean-up-batches",
        "clean-up-files",
        "api:cancel_job",
        # End a pause of work whose start was counted.
        "batch-go-on",
        "api:go_on_with_job",
        # Write rows of the caller's own and start nothing.
        "image-values",
        "image-cells",
        "image-structure",
        "image-steps",
        "image-same",
        "image-reviewed",
        "image-earlier",
        "image-hold",
        "batch-random-check",
        "batch-values",
        "api:change_structure",
        "api:undo_edit",
        "template",
        "template-delete",
        "key-revoke",
        "link-end",
        # Sign-ins are counted where the password is checked, by name and address.
        "login",
        "logout",
        # For staff alone.
        "health",
    }
)
BY_ADDRESS_TOO: Final = frozenset({"starts", "makes"})
UPLOADS: Final = frozenset(
    {
        "batches",
        "batch-images",
        "api:list_images",
        "api:convert_single",
        "api:convert_batch",
        "api:submit_batch",
        "api:validate",
    }
)
READS: Final = frozenset(  # questions to the API, whatever the method if it is not POST
    {
        "api:list_jobs",
        "api:get_job",
        "api:job_status",
        "api:job_results",
        "api:import_status",
        "api:list_images",
        "api:check_job",
        "api:get_image",
        "api:get_values",
        "api:search",
        "api:job_events",
        "api:download",
        "api:download_info",
        "api:download_preview",
    }
)


class RateLimits:
    """Counts requests that start work, from pages and over the API, and the API's reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in _headers(upload_limits.told(request)).items():
            response.headers[name] = value
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        usages = list(_usages(request))
        upload_limits.tell(request, *usages)
        usage = next((one for one in usages if one.is_over), None)
        if usage is None:
            return None
        if request.path_info.startswith("/api/"):
            return HttpResponse(status=429)  # `ApiBoundary` adds the body
        return errors.too_many_requests(request, usage.limit.name, usage.resets_in)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooMany):
            return None
        if isinstance(error, TooManySignIns):
            upload_limits.tell(request, error.usage)
            return errors.too_many_sign_ins(request, error.usage.resets_in)
        return errors.too_many_requests(request, error.usage.limit.name, error.usage.resets_in)


def _usages(request: HttpRequest) -> Iterator[Usage]:
    """Count a request under each limit that applies to it."""
    limit, uploads = _limit_of(request), of_uploads()
    name = request.resolver_match.view_name if request.resolver_match else ""
    is_upload = uploads.most and request.method == "POST" and name in UPLOADS
    if not is_upload and not (limit and limit.most):
        return  # who asks is read from the database, which need not be there
    clients = rate_limit_identity.clients_of(request)
    if limit and limit.most:
        counted = clients if limit.name in BY_ADDRESS_TOO else clients[:1]
        yield from (rate_limits.record(client, limit) for client in counted)
    if is_upload and not clients[0].startswith("user "):
        size = int(request.META.get("CONTENT_LENGTH") or 0) // 1024
        yield from (rate_limits.record(client, uploads, amount=size) for client in clients)


def _limit_of(request: HttpRequest) -> RateLimit | None:
    name = request.resolver_match.view_name if request.resolver_match else ""
    if request.method != "POST":
        return of_reads() if name in READS else None
    if name not in COUNTED:
        return None
    return of_makes() if name == "batches" and wants_json(request) else COUNTED[name]()


def _headers(usages: Sequence[Usage]) -> dict[str, str]:
    """All limits that apply, each where it is tightest; and the tightest of them one by one."""
    if not usages:
        return {}
    ordered = sorted(usages, key=lambda one: (not one.is_over, one.left / one.limit.most))
    tightest = ordered[0]
    by_name = {one.limit.name: one for one in reversed(ordered)}
    shown = [by_name[name] for name in dict.fromkeys(one.limit.name for one in usages)]
    headers = {
        "RateLimit-Policy": ", ".join(map(_policy, shown)),
        "RateLimit": ", ".join(map(_left, shown)),
        "RateLimit-Limit": str(tightest.limit.most * tightest.limit.size),
        "RateLimit-Remaining": str(tightest.left * tightest.limit.size),
        "RateLimit-Reset": str(tightest.resets_in),
    }
    return headers | ({"Retry-After": str(tightest.resets_in)} if tightest.is_over else {})


def _policy(usage: Usage) -> str:
    limit = usage.limit
    unit = f';qu="{limit.unit}"' if limit.unit else ""
    return f'"{limit.name}";q={limit.most * limit.size};w={limit.seconds}{unit}'


def _left(usage: Usage) -> str:
    left = usage.left * usage.limit.size
    return f'"{usage.limit.name}";r={left};t={usage.resets_in}'
