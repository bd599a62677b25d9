"""What a person decides about an API: where it is, which model, how many requests at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an API is. The key is shown nowhere, not even by `repr`."""

    base_url: str
    key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """What may be shown of the address: a user and password in it may not."""
        return urlsplit(self.base_url).hostname or ""


@dataclass(frozen=True, slots=True)
class Times:
    """How long things may take, in seconds."""

    connect: float = 10
    read: float = 120  # a model thinks before its first byte
    total: float = 180  # of one request, however slowly its answer drips
    image: float = 270  # of one picture, with all that is tried again; not of standing in line


@dataclass(frozen=True, slots=True)
class RemoteOptions:
    """All that the engine needs to know. `concurrency` is of a whole process.

    `tries` is how often a request is sent at the most whose failure may pass.
    """

    endpoint: Endpoint
    model: str
    concurrency: int = 20
    times: Times = field(default_factory=Times)
    tries: int = 6
