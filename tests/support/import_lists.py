"""Lists of pictures on the web, and a server that has the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from converter.imports import fetcher, manifests
from converter.models import Manifest
from tests.support import batch_factory
from tests.support.misbehaving_server import THIS_MACHINE, Site, sends
from tests.support.pictures import png


def let_in(monkeypatch) -> None:
    """Let imports reach the one address of a `Site`, by the rules of production for all else."""
    monkeypatch.setattr(fetcher, "guard", THIS_MACHINE)
    monkeypatch.setattr(manifests, "ports", None)


def csv_of(urls: Sequence[str], header: str = "no,name,image url") -> bytes:
    rows = [f'{number},Chair {number},"{url}"' for number, url in enumerate(urls, 1)]
    return "\n".join([header, *rows, ""]).encode()


def uploaded(data: bytes, name: str = "chairs.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def posted(data: bytes, name: str = "chairs.csv") -> BytesIO:
    """As Django's test client sends it."""
    stream = BytesIO(data)
    stream.name = name
    return stream


def kept(data: bytes, **options: object) -> Manifest:
    found = manifests.read_file(uploaded(data))
    return manifests.keep(batch_factory.draft(**options), "chairs.csv", found)


def started(data: bytes, **options: object) -> Manifest:
    manifest = kept(data, **options)
    manifests.start(manifest)
    return manifest


def has_pictures(site: Site, *paths: str) -> list[str]:
    """Their addresses."""
    site.plays |= {path: [sends(png())] for path in paths}
    return [site.url(path) for path in paths]
