"""Who asks for more than one client may: so many starts of work, so many looks at it, and so many
passwords tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from converter.accounts import rate_limit_identity, rate_limits
from converter.accounts.rate_limits import Allowed, Standing
from converter.views import errors
from converter.views.answers import wants_json
from converter.views.sign_ins import TooManySignIns

# An address has the name of the first of its calls, whichever of them comes.
_STARTS: Final = frozenset(
    {
        "batch-sample",
        "draft-check",
        "batch-start",
        "batch-retry",
        "batch-resume",
        "image-retry",
        "import-start",
        "import-again",
        "api:convert_single",
        "api:convert_batch",
        "api:submit_batch",
        "api:upload_manifest",
        "api:retry_import",
        "api:start_job",
        "api:retry_job",
        "api:resume_job",
        "api:check_job",
        "api:retry_image",
    }
)
_VALIDATE: Final = "api:validate"  # decodes a picture, and begins nothing
_FORM: Final = "batches"  # starts at once what a form sends; what a script sends is a draft
_READS: Final = frozenset(
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
_SENDS: Final = frozenset(
    {
        "webhook-send",
        "webhooks-send",
        "webhook-secret",
        "api:send_again",
        "api:send_rest",
        "api:secret",
    }
)


class RateLimits:
    """Counts the calls that start work, from pages and over the API, and the API's questions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        standing: Standing | None = getattr(request, "standing", None)
        if standing:
            for name, value in _headers(standing).items():
                response.headers[name] = value
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        allowed = _counted_as(request)
        if allowed is None or not allowed.most:
            return None
        standing = rate_limits.spend(rate_limit_identity.client_of(request), allowed)
        request.standing = standing  # type: ignore[attr-defined]
        return _refused(request, standing) if standing.is_over else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooManySignIns):
            return None
        request.standing = error.standing  # type: ignore[attr-defined]
        return errors.too_many_sign_ins(request, error.standing.resets_in)


def _counted_as(request: HttpRequest) -> Allowed | None:
    name = request.resolver_match.view_name if request.resolver_match else ""
    if request.method != "POST":
        return rate_limits.of_reads() if name in _READS else None
    if name in _STARTS or (name == _FORM and not wants_json(request)):
        return rate_limits.of_starts()
    if name in _SENDS:
        return rate_limits.of_sends()
    return rate_limits.of_reads() if name == _VALIDATE else None


def _refused(request: HttpRequest, standing: Standing) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return HttpResponse(status=429)  # the API gives it its form
    return errors.too_many_requests(request, standing.resets_in)


def _headers(standing: Standing) -> dict[str, str]:
    name, most, seconds = standing.allowed
    headers = {
        "RateLimit-Policy": f'"{name}";q={most};w={seconds}',
        "RateLimit": f'"{name}";r={standing.left};t={standing.resets_in}',
        "RateLimit-Limit": str(most),
        "RateLimit-Remaining": str(standing.left),
        "RateLimit-Reset": str(standing.resets_in),
    }
    return headers | ({"Retry-After": str(standing.resets_in)} if standing.is_over else {})
