"""Is this process able to serve? For whoever keeps it running, and a page for people."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from converter.accounts import access
from converter.config.options import asks_server, server_name
from converter.health import doctor
from converter.health.stats import Stats, collect_stats


@login_not_required
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """What `manage.py doctor` checks, for staff. The API, which costs, when a person says so."""
    access.require_staff(request)
    asked = request.method == "POST"
    if asked and request.htmx:  # type: ignore[attr-defined]
        return render(request, "health.html#server", {"server": list(doctor.ask_server())})
    context = {
        "machine": list(doctor.check_machine(thorough=False)),
        "server": list(doctor.ask_server()) if asked else [],
        "stats": _stats(),
        "asks_server": asks_server(),
        "server_name": server_name(),
    }
    return render(request, "health.html", context)


def _stats() -> Stats | None:
    try:
        return collect_stats()
    except DatabaseError:
        return None
