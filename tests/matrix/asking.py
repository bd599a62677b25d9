"""Calls, what they answered, and what there was before and after them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import unescape
from typing import NamedTuple
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from converter.models import RateLimitUsage
from tests.matrix.estate import ABSENT, WORDS, Estate
from tests.matrix.routes import filled, is_of_api, methods_of, parameters
from tests.matrix.rules import BODIES, QUERIES

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


class Answer(NamedTuple):
    """What somebody sees of an answer, without what differs by chance or names what was asked."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def everything(self) -> str:
        return unescape(f"{dict(self.headers)} {self.body}")

    def same_as(self, other: Answer) -> bool:
        return (self.status, self.body) == (other.status, other.body)


def ask(
    client: Client,
    method: str,
    url: str,
    body: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Call as a person or a program does: a form, or JSON where there is something to say."""
    client.raise_request_exception = False  # a defect is a 500, as it would be for them
    kind = _JSON if is_of_api(url[1:]) and body else _FORM
    content = json.dumps(body) if kind == _JSON else urlencode(body or {})
    response = client.generic(method, url, content, content_type=kind, headers=headers or {})
    return Answer(response.status_code, dict(response.items()), _plain(response, url))


def status_alone(client: Client, method: str, url: str, body: Mapping[str, object] | None) -> int:
    """As if nothing had been called before, and nothing after."""
    with transaction.atomic():
        status = ask(client, method, url, body).status
        transaction.set_rollback(True)
    return status


@cache
def calls(address: str) -> list[tuple[str, Mapping[str, object] | None]]:
    """The methods that an address knows, with what a call must bring."""
    methods = methods_of(url_of_nothing(address))
    return [(method, BODIES.get((method, address))) for method in methods]


def rows() -> dict[str, set[str]]:
    """All rows that there are, by their models, but for counts of requests."""
    return {
        model.__name__: {repr(row) for row in model._base_manager.values_list()}
        for model in apps.get_models()
        if model is not RateLimitUsage
    }


def files() -> dict[str, int]:
    """All files that there are, with their sizes."""
    found = settings.DATA_DIR.rglob("*")
    return {str(path): path.stat().st_size for path in found if path.is_file()}


def changed(before: dict[str, set[str]], after: dict[str, set[str]]) -> list[str]:
    """The models of which a row came, went or changed."""
    return [name for name, there in after.items() if before[name] != there]


def lost(estate: Estate, before: dict[str, set[str]], after: dict[str, set[str]]) -> list[str]:
    """The models of which a row of an estate went or changed."""
    gone = {name: " ".join(there - after[name]) for name, there in before.items()}
    return [name for name, text in gone.items() if any(s in text for s in estate.secrets)]


def urls_of(address: str, estate: Estate) -> Iterator[str]:
    """An address with things of an estate, in each of its homes."""
    yield from dict.fromkeys(_url(address, home) for home in estate.homes)


def url_of_nothing(address: str) -> str:
    return _url(address, ABSENT)


def urls_across(address: str, mine: Estate, theirs: Estate) -> Iterator[str]:
    """A thing of theirs as if it were in one of mine."""
    *outer, last = [name for name in parameters(address) if name not in WORDS]
    for home, other in zip(mine.homes, theirs.homes, strict=True):
        if outer:
            yield _url(address, home | {last: other[last]})


def _url(address: str, things: Mapping[str, object]) -> str:
    return filled(address, things) + QUERIES.get(address, "")


def _plain(response: HttpResponseBase, url: str) -> str:
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return _TOKEN.sub("", content.decode(errors="replace")).replace(url, "")


_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
