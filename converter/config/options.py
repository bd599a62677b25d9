"""What the settings say of reading: which engine, with which options, and how large a file."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from converter.core.engines.openai_compatible.options import Endpoint, RemoteOptions, Times
from converter.core.engines.protocol import Reading
from converter.core.engines.registry import ENGINE_NAMES, LOCAL, REMOTE
from converter.core.images import Limits

AUTO: Final = "auto"
CHOICES: Final = (AUTO, *ENGINE_NAMES)

_MARGIN_SECONDS: Final = 30  # to process an answer before the image's time is over


def choices() -> list[tuple[str, str]]:
    """The engines that a person may choose, each with where its pictures go."""
    if not asks_server():
        return [(name, "This machine") for name in CHOICES]
    named = [(LOCAL, "This machine; no picture leaves it"), (REMOTE, server_name())]
    if settings.OLMOCR_API_KEY:
        named.insert(0, (AUTO, f"{server_name()}, and this machine for what that fails at"))
    return named


def server_name() -> str:
    """The model and the host of the server; never a key that is in its address."""
    return f"{settings.OLMOCR_MODEL} at {urlsplit(settings.OLMOCR_API_BASE_URL).hostname}"


def asks_server() -> bool:
    """Whether any picture may be sent to a server under these settings."""
    return bool(settings.OLMOCR_API_KEY) or settings.ENGINE == REMOTE


class EngineChoice(NamedTuple):
    """The engine that reads, and the one that takes over if the first fails for good, if any."""

    first: str
    stand_in: str | None = None

    def engine_of(self, reading: Reading) -> str:
        """Which of the two made a reading."""
        return self.stand_in if self.stand_in and reading.instead_of else self.first


def engine_choice(name: str) -> EngineChoice:
    """The engines of a batch's choice. `auto` is the API if there is a key for it."""
    if name != AUTO:
        return EngineChoice(name)
    return EngineChoice(REMOTE, LOCAL) if settings.OLMOCR_API_KEY else EngineChoice(LOCAL)


def second_engine(first: str) -> str | None:
    """The engine whose words are compared with the reading of the first; None if there is none."""
    return LOCAL if settings.TWO_READINGS and first == REMOTE else None


def remote_options() -> RemoteOptions:
    total = float(settings.REMOTE_TIMEOUT_SECONDS)
    return RemoteOptions(
        Endpoint(settings.OLMOCR_API_BASE_URL, settings.OLMOCR_API_KEY),
        settings.OLMOCR_MODEL,
        settings.REMOTE_CONCURRENCY,
        Times(
            read=total,
            total=total,
            image=max(total, settings.IMAGE_TIMEOUT_SECONDS - _MARGIN_SECONDS),
        ),
    )


def image_limits() -> Limits:
    """What a file may be: the same when it is uploaded and when it is read."""
    return Limits(
        max_bytes=settings.MAX_FILE_SIZE,
        max_pixels=settings.MAX_PIXELS,
        max_pages=settings.MAX_PAGES,
    )
