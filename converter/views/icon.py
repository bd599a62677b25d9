"""The icon where browsers look for one that no page names."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe


@require_safe
def icon(_request: HttpRequest) -> FileResponse:
    """A browser that shows a picture alone asks as a stranger, since nothing may run there."""
    return FileResponse(
        (settings.BASE_DIR / "static" / "favicon.svg").open("rb"),
        headers={
            "Content-Type": "image/svg+xml",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": "public, max-age=86400",
        },
    )
