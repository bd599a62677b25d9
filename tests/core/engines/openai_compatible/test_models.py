"""The list of models, in the forms that servers have for it."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest

from converter.core.engines.openai_compatible.client import Client
from converter.core.engines.openai_compatible.limiter import Limiter
from converter.core.engines.openai_compatible.options import Endpoint, Times
from converter.core.engines.openai_compatible.replies import ApiError
from tests.support.model_server import KEY, FakeApi, drip_body, hang_up, lists, replies

QUICK = Times(connect=2, read=0.3, total=0.6, image=30)


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with FakeApi() as api:
        yield api


def models(api: FakeApi, times: Times | None = None) -> list[str] | None:
    client = Client(Endpoint(api.url, KEY), Limiter(1), times)
    try:
        return client.models()
    finally:
        client.close()


def failure(api: FakeApi, times: Times | None = None) -> ApiError:
    with pytest.raises(ApiError) as caught:
        models(api, times)
    return caught.value


def test_openais_own_form(api):
    api.list = lists("a/one", "two")
    assert models(api) == ["a/one", "two"]
    assert api.keys == [f"Bearer {KEY}"]
    with openai.OpenAI(api_key=KEY, base_url=api.url) as client:
        assert [model.id for model in client.models.list()] == ["a/one", "two"]


@pytest.mark.parametrize(
    "body", [[{"id": "one"}], {"models": [{"name": "one"}]}, {"data": [{"id": "one"}, {}, 3]}]
)
def test_other_forms(api, body):
    api.list = replies(200, body)
    assert models(api) == ["one"]


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_may_have_no_list(api, status):
    api.list = replies(status, b"<html>No</html>")
    assert models(api) is None


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, {"error": {"message": f"Incorrect API key: {KEY}"}}, "bad_key"),
        (402, {"error": "Payment required"}, "no_credit"),
        (200, b"<html>Welcome to the router</html>", "server_failed"),
        (200, {"error": {"message": "overloaded"}}, "server_failed"),
        (503, b"", "server_failed"),
        (302, b"", "no_such_model"),
    ],
)
def test_a_refusal_has_its_code_and_no_key(api, status, body, code):
    api.list = replies(status, body)
    error = failure(api)
    assert error.code == code
    assert KEY not in str(error)


@pytest.mark.parametrize("play", [hang_up, drip_body])
def test_a_server_that_is_gone_or_too_slow(api, play):
    api.list = play
    assert failure(api, QUICK).code == "server_unreachable"
