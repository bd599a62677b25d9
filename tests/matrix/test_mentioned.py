"""What a call mentions in its query or its body is no way to somebody else's things either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import transaction

from converter.api.api import api
from converter.api.openapi import described
from converter.api.openapi_bodies import TAKEN
from tests.api.conftest import in_base64
from tests.matrix.asking import Answer, ask, lost, rows
from tests.matrix.estate import ABSENT, Estate


class Mention(NamedTuple):
    """A call that names things, each by its place in an address; `draft` and `list` are the
    caller's."""

    method: str
    url: str
    body: Mapping[str, object] = {}


_PICTURES = {"images": [{"image_data": in_base64()}]}
_USE = {"template_id": "{templates/<int:template_id>}"}
_CHANGE = "/batches/{draft}/images/change/"
_IMAGE = "{images/<int:image_pk>}"

# By the names that the API has for things; one that stands nowhere here fails.
IN_API = {
    "before": [Mention("GET", "/api/v1/jobs?before={jobs/<uuidstr:job_id>}")],
    "job_id": [Mention("GET", "/api/v1/search?q=zq&job_id={jobs/<uuidstr:job_id>}")],
    "image_id": [Mention("POST", "/api/v1/jobs/{draft}/check", {"image_id": _IMAGE})],
    "template_id": [
        Mention("POST", "/api/v1/jobs", _USE),
        Mention("POST", "/api/v1/jobs/batch", _PICTURES | _USE),
        Mention("POST", "/api/v1/convert/batch", _PICTURES | _USE),
        Mention("POST", "/api/v1/convert/single", {"image_data": in_base64(), **_USE}),
        Mention("PATCH", "/api/v1/jobs/{draft}", _USE),
        Mention("POST", "/api/v1/jobs/{draft}/start", _USE),
    ],
}
IN_PAGES = [
    Mention("POST", "/batches/{draft}/fields/", {"do": "use", "template": "{templates/<int:pk>}"}),
    Mention(
        "POST",
        "/imports/{list}/start/",
        {"name": "x", "mode": "fields", "engine": "local", "template": "{templates/<int:pk>}"},
    ),
    Mention("POST", _CHANGE, {"do": f"before {_IMAGE}", "image": "1"}),
    *(
        Mention("POST", _CHANGE, {"do": verb, "image": _IMAGE, "number": "1"})
        for verb in ("remove", "left", "right", "earlier", "later", "number", "end")
    ),
    *(Mention("POST", _CHANGE, {"do": f"{verb} {_IMAGE}"}) for verb in ("remove", "left", "later")),
]


def names_of_things() -> set[str]:
    """What the API's calls take, beside their addresses, that may be the id of something."""
    names = {name for schema in TAKEN.values() for name in schema.get("properties", {})}
    asked = [
        parameter
        for methods in described(api)["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
    ]
    ids = {one["name"] for one in asked if one["in"] == "query" and "uuid" in str(one["schema"])}
    names |= {one["name"] for one in asked if one["in"] == "query"}
    return ids | {name for name in names if name.endswith(("_id", "_ids"))}


def test_each_name_of_a_thing_is_tried():
    without = names_of_things() - IN_API.keys()
    assert not without, f"give IN_API of tests/matrix/test_mentioned.py a call with {without}"
    assert not IN_API.keys() - names_of_things(), "no call takes these any more"


def answer_to(mention: Mention, me: Estate, things: Mapping[str, object]) -> Answer:
    mine = me.homes[2]
    words = {"draft": mine["batches/<uuid:pk>"], "list": mine["imports/<uuid:pk>"], **things}

    def put(text: object) -> Any:
        return _filled(text, words) if isinstance(text, str) else text

    body = {name: put(value) for name, value in mention.body.items()}
    with transaction.atomic():
        answer = ask(me.client(), mention.method, put(mention.url), body)
        transaction.set_rollback(True)
    return answer


def _filled(text: str, words: Mapping[str, object]) -> object:
    if text[1:-1] in words:  # it alone: an id that is a number stays one
        return words[text[1:-1]]
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", str(word))
    return text


def test_in_the_api_it_is_not_there(estate, another_user, settings):
    settings.CONVERT_WAIT_SECONDS = 0
    before = rows()
    for mention in [mention for mentions in IN_API.values() for mention in mentions]:
        theirs, nobodys = (answer_to(mention, another_user, w) for w in (estate.homes[2], ABSENT))
        assert theirs.status == 404, mention
        assert theirs.same_as(nobodys), mention
        own = answer_to(mention, another_user, another_user.homes[2])
        assert own.status in {200, 201, 202}, f"{mention}: {own}"
    assert lost(estate, before, rows()) == []


def test_in_pages_it_changes_and_tells_nothing(estate, another_user):
    before = rows()
    for mention in IN_PAGES:
        theirs, nobodys = (answer_to(mention, another_user, w) for w in (estate.homes[2], ABSENT))
        assert theirs.status == nobodys.status, mention
        assert theirs.status < 500, mention
        assert estate.mark not in theirs.everything, mention
    assert lost(estate, before, rows()) == []
