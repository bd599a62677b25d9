"""Who reads: the engine that a name stands for under these settings, and who stands in for it."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from converter.core.engines.openai_compatible.options import Endpoint, RemoteOptions, Times
from converter.core.engines.protocol import Reading
from converter.core.engines.registry import ENGINE_NAMES, LOCAL, REMOTE

AUTO: Final = "auto"
CHOICES: Final = (AUTO, *ENGINE_NAMES)

_MARGIN_SECONDS: Final = 30  # for what is done with an answer before the image's time is over


def choices() -> list[tuple[str, str]]:
    """What a person may choose for a batch, each with where its pictures go."""
    if not asks_server():
        return [(name, "This machine") for name in CHOICES]
    named = [(LOCAL, "This machine; no picture leaves it"), (REMOTE, there())]
    if settings.OLMOCR_API_KEY:
        named.insert(0, (AUTO, f"{there()}, and this machine for what that fails at"))
    return named


def there() -> str:
    """The model that a server would be asked for, and where; without a key in the address."""
    return f"{settings.OLMOCR_MODEL} at {urlsplit(settings.OLMOCR_API_BASE_URL).hostname}"


def asks_server() -> bool:
    """Whether pictures may be sent to a server at all, as it is set up."""
    return bool(settings.OLMOCR_API_KEY) or settings.ENGINE == REMOTE


class Readers(NamedTuple):
    """The engine that reads, and the one that does when the first has failed for good, if any."""

    first: str
    stand_in: str | None = None

    def who_read(self, reading: Reading) -> str:
        return self.stand_in if self.stand_in and reading.instead_of else self.first


def readers(name: str) -> Readers:
    """The engines behind a batch's choice. `auto` is the API if there is a key for it."""
    if name != AUTO:
        return Readers(name)
    return Readers(REMOTE, LOCAL) if settings.OLMOCR_API_KEY else Readers(LOCAL)


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
