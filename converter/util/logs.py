"""Ids in log lines: of the request, the batch and the image that are being worked on."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

IDS: Final = ("request_id", "batch_id", "image_id")

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039  (never changed)


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Add these ids to all lines that are logged within the block; None is left out.

    It applies to this thread and what it awaits, not to threads that it starts.
    """
    added = {name: str(value) for name, value in ids.items() if value is not None}
    token = _about.set({**_about.get(), **added})
    try:
        yield
    finally:
        _about.reset(token)


class AddIds(logging.Filter):
    """Adds the current ids to each record, as attributes named in IDS."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in _about.get().items():
            setattr(record, name, value)
        return True


class LineFormatter(logging.Formatter):
    """A line for people, with the ids at its end."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's own name)
        line = super().formatMessage(record)
        ids = " ".join(
            f"{name.removesuffix('_id')}={getattr(record, name)}"
            for name in IDS
            if hasattr(record, name)
        )
        return f"{line} [{ids}]" if ids else line
