"""Decoders for tests, shared by all of a process, since starting them takes a moment."""

from __future__ import annotations

from pathlib import Path

from converter.core.decoding.decoders import Bounds, Decoders
from converter.core.decoding.pages import StoredPage
from converter.core.decoding.pages import store_pages as store
from converter.core.images import Limits

DECODERS = Decoders(2)
HASTY = Decoders(2, Bounds(page=1.0, file=3.0, per_page=0.0))  # for what would take its whole time


def store_pages(source: Path, folder: Path, limits: Limits) -> list[StoredPage]:
    return store(DECODERS.decode(source, limits), folder).pages
