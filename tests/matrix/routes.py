"""The addresses that there are, out of Django's resolver."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import quote

from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
UNKNOWN = "BREW"  # no address knows it, so each says which ones it does

_PARAMETER = re.compile("<[^>]+>")


def addresses() -> list[str]:
    """Every address as it is written in the lists, each once: `batches/<uuid:pk>/`."""
    return list(dict.fromkeys(_below(get_resolver())))


def is_of_admin(address: str) -> bool:
    return address.startswith("admin/")


def is_of_api(address: str) -> bool:
    return address.startswith("api/")


def parameters(address: str) -> list[str]:
    """What stands for something, each with the word before it, which says what it is:
    `batches/<uuid:pk>`, `images/<int:image_pk>`."""
    steps = address.split("/")
    if is_of_admin(address):  # there the app and the model say it
        return ["/".join(steps[: n + 1]) for n, step in enumerate(steps) if "<" in step]
    return [f"{steps[n - 1]}/{step}" for n, step in enumerate(steps) if "<" in step]


def filled(address: str, things: Mapping[str, object]) -> str:
    """The address of one thing, given for each of its `parameters`."""
    wanted = parameters(address)
    if is_of_admin(address):
        for name in wanted:
            address = address.replace(_PARAMETER.findall(name)[-1], _quoted(things[name]))
        return f"/{address}"
    values = iter([things[name] for name in wanted])
    return "/" + _PARAMETER.sub(lambda _: _quoted(next(values)), address)


def methods_of(url: str) -> list[str]:
    """Those that an address says it knows, once it has refused one that it cannot know."""
    with override_settings(REQUIRE_LOGIN=False):  # a closed installation says nothing to strangers
        answer = _anybody().generic(UNKNOWN, url)
    assert answer.status_code == 405, f"{url} answers {answer.status_code} to a method of no kind"
    return sorted(answer.headers["Allow"].split(", "), key=METHODS.index)


def _below(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address
        else:
            yield from _below(entry, address)


@cache
def _anybody() -> Client:
    return Client(SERVER_NAME="localhost")  # one for all: to make one takes longer than to ask


def _quoted(value: object) -> str:
    return quote(str(value), safe="")
