"""Rate limits: how often a client may start work, ask for its state, and try passwords."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from converter.accounts import rate_limit_identity, rate_limits
from converter.accounts.rate_limits import RateLimit, Usage, of_reads, of_sends, of_starts
from converter.views import errors
from converter.views.answers import wants_json
from converter.views.sign_ins import TooManySignIns

# Every POST is in COUNTED or in UNCOUNTED, by the name of its URL; a test holds them to the list of
# URLs. An address of the API has the name of the first of its calls, whatever the method.
COUNTED: Final[Mapping[str, Callable[[], RateLimit]]] = {
    "batches": of_starts,  # a form starts at once; a script makes a draft, which is not counted
    "batch-sample": of_starts,
    "draft-check": of_starts,
    "batch-start": of_starts,
    "batch-retry": of_starts,
    "batch-resume": of_starts,
    "image-retry": of_starts,
    "import-start": of_starts,
    "import-again": of_starts,
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
        # Make or fill a draft: its start is counted.
        "batch-images",
        "draft-change",
        "draft-options",
        "draft-fields",
        "batch-again",
        "imports",
        "api:list_jobs",
        "api:list_images",
        "api:run_again",
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
        "template",
        "template-new",
        "template-import",
        "template-copy",
        "template-delete",
        "keys",
        "key-revoke",
        "api:list_templates",
        # Sign-ins are counted where the password is checked, by name and address.
        "login",
        "logout",
        # For staff alone.
        "health",
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
        usage: Usage | None = getattr(request, "rate_limit_usage", None)
        if usage:
            for name, value in _headers(usage).items():
                response.headers[name] = value
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        limit = _limit_of(request)
        if limit is None or not limit.most:
            return None
        usage = rate_limits.record(rate_limit_identity.client_of(request), limit)
        request.rate_limit_usage = usage  # type: ignore[attr-defined]
        if not usage.is_over:
            return None
        if request.path_info.startswith("/api/"):
            return HttpResponse(status=429)  # `ApiBoundary` adds the body
        return errors.too_many_requests(request, usage.resets_in)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooManySignIns):
            return None
        request.rate_limit_usage = error.usage  # type: ignore[attr-defined]
        return errors.too_many_sign_ins(request, error.usage.resets_in)


def _limit_of(request: HttpRequest) -> RateLimit | None:
    name = request.resolver_match.view_name if request.resolver_match else ""
    if request.method != "POST":
        return of_reads() if name in READS else None
    if name not in COUNTED or (name == "batches" and wants_json(request)):
        return None
    return COUNTED[name]()


def _headers(usage: Usage) -> dict[str, str]:
    name, most, seconds = usage.limit
    headers = {
        "RateLimit-Policy": f'"{name}";q={most};w={seconds}',
        "RateLimit": f'"{name}";r={usage.left};t={usage.resets_in}',
        "RateLimit-Limit": str(most),
        "RateLimit-Remaining": str(usage.left),
        "RateLimit-Reset": str(usage.resets_in),
    }
    return headers | ({"Retry-After": str(usage.resets_in)} if usage.is_over else {})
