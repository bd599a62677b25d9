"""Static files under addresses that change with their content, without a build step."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.storage import StaticFilesStorage


@cache
def _fingerprint(path: str, _modified: float) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()[:12]


class FingerprintedStorage(StaticFilesStorage):
    """Adds `?v=<hash>` to each address, so that browsers may keep files for long."""

    def url(self, name: str | None) -> str:
        url = super().url(name)
        path = find(name) if name else None
        return f"{url}?v={_fingerprint(path, Path(path).stat().st_mtime)}" if path else url
