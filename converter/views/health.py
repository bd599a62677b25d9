"""Health: `/healthz` for load balancers, and a page for staff."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from converter.accounts import access
from converter.config.options import asks_server, server_name
from converter.health import doctor
from converter.health.stats import collect_stats


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
    """The checks of `manage.py doctor`. The server, which costs money, is asked only by POST."""
    access.require_staff(request)
    asked = request.method == "POST"
    if asked and request.htmx:  # type: ignore[attr-defined]
        return render(request, "health.html#server", {"server": list(doctor.ask_server())})
    try:
        stats = collect_stats()
    except DatabaseError:
        stats = None
    context = {
        "machine": list(doctor.check_machine(thorough=False)),
        "server": list(doctor.ask_server()) if asked else [],
        "stats": stats,
        "asks_server": asks_server(),
        "server_name": server_name(),
    }
    return render(request, "health.html", context)
