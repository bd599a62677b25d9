"""The settings for an API: its address, the model, and how many requests run at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of an API. The key is never shown, not even by `repr`."""

    base_url: str
    key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The part of the address that may be shown: without a user and password."""
        return urlsplit(self.base_url).hostname or ""


@dataclass(frozen=True, slots=True)
class Times:
    """Time limits in seconds."""

    connect: float = 10
    read: float = 120  # a model thinks before its first byte
    total: float = 180  # of one request, however slowly its answer arrives
    image: float = 270  # of one picture with all retries, without the wait for a slot


@dataclass(frozen=True, slots=True)
class RemoteOptions:
    """Everything the engine needs. `concurrency` counts the requests of the whole process.

    `tries` is how often a request is sent at most while its failures are temporary.
    """

    endpoint: Endpoint
    model: str
    concurrency: int = 20
    times: Times = field(default_factory=Times)
    tries: int = 6
