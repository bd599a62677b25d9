"""The client against a server that plays the manners of each kind of API."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest

from converter.core.engines.openai_compatible.client import Client, Retries
from converter.core.engines.openai_compatible.limiter import Limiter
from converter.core.engines.openai_compatible.options import Endpoint, Times
from converter.core.engines.openai_compatible.replies import ApiError
from tests.support import model_server
from tests.support.model_server import KEY, FakeApi, replies, says

REQUEST = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
QUICK = Times(connect=2, read=0.3, total=0.6, image=30)


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def client_of(pauses) -> Iterator[Callable[..., Client]]:
    """Makes clients that note their pauses instead of making them."""
    made: list[Client] = []

    def make(api: FakeApi | str, key: str = KEY, **changes: Any) -> Client:
        url = api if isinstance(api, str) else api.url
        settings: dict[str, Any] = {"times": QUICK, "sleep": pauses.append} | changes
        made.append(Client(Endpoint(url, key), Limiter(4), **settings))
        return made[-1]

    yield make
    for client in made:
        client.close()


def failure(client: Client) -> ApiError:
    with pytest.raises(ApiError) as caught:
        client.complete(REQUEST)
    return caught.value


def test_an_answer(client_of) -> None:
    with FakeApi(says("Hello")) as api:
        assert client_of(api).complete(REQUEST).text == "Hello"
        assert api.keys == [f"Bearer {KEY}"]


def test_without_a_key_none_is_sent(client_of) -> None:
    with FakeApi() as api:
        client_of(api, key="").complete(REQUEST)
        assert api.keys == [None]


@pytest.mark.parametrize(
    "play",
    [
        replies(429, {"error": {"message": "busy"}}),
        replies(408, b""),
        replies(409, b""),
        replies(500, b"oops"),
        replies(503, b""),
        replies(200, {"error": {"code": 502, "message": "Provider returned error"}}),
        replies(200, b"<html>", Content_Type="text/html"),
        model_server.hang_up,
        model_server.cut_off,
        model_server.drip_head,
        model_server.drip_body,
        model_server.say_nothing,
    ],
)
def test_what_may_pass_is_tried_again(client_of, pauses, play) -> None:
    with FakeApi(play) as api:
        assert client_of(api).complete(REQUEST).text == model_server.TABLE
        assert (len(api.requests), len(pauses)) == (2, 1)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413])
def test_what_will_not_pass_is_not_tried_again(client_of, status) -> None:
    with FakeApi(usual=replies(status, b"{}")) as api:
        assert failure(client_of(api)).permanent
        assert len(api.requests) == 1


def test_it_gives_up_in_the_end(client_of, pauses) -> None:
    with FakeApi(usual=replies(500, b"")) as api:
        error = failure(client_of(api, retries=Retries(most=4)))
        assert (error.code, error.permanent) == ("server_failed", False)
        assert (len(api.requests), len(pauses)) == (4, 3)


def test_it_gives_up_when_the_time_for_the_picture_is_over(client_of) -> None:
    with FakeApi(usual=replies(503, b"", Retry_After="20")) as api:
        failure(client_of(api))
        assert len(api.requests) == 2


def test_a_server_that_is_not_there(client_of) -> None:
    with FakeApi() as api:
        url = api.url
    assert failure(client_of(url, retries=Retries(most=2))).code == "server_unreachable"


@pytest.mark.parametrize("url", ["http://no.such.host.invalid/v1", "nonsense", "ftp://x/", ""])
def test_an_address_that_is_none(client_of, url) -> None:
    assert failure(client_of(url, retries=Retries(most=1))).code == "server_unreachable"


@pytest.mark.parametrize(
    "play",
    [model_server.drip_head, model_server.drip_body, model_server.say_nothing, model_server.flood],
)
def test_no_answer_lasts_for_ever(client_of, play) -> None:
    with FakeApi(usual=play) as api:
        assert failure(client_of(api, retries=Retries(most=1))).code == "server_unreachable"


def test_neither_key_nor_picture_follow_a_redirect(client_of) -> None:
    with FakeApi() as elsewhere, FakeApi() as api:
        api.usual = replies(307, b"", Location=f"{elsewhere.url}/chat/completions")
        assert failure(client_of(api)).permanent
        assert elsewhere.requests == []


def test_the_servers_wish_is_granted_within_reason(client_of, pauses) -> None:
    busy = [replies(429, b"", Retry_After=value) for value in ("3", "3600")]
    with FakeApi(*busy) as api:
        client_of(api, times=Times(image=200)).complete(REQUEST)
    assert 3 <= pauses[0] <= 3.2
    assert pauses[1] == 30


def test_pauses_grow_and_differ() -> None:
    retries = Retries(first=1, longest=30)
    for failures, bound in [(1, 1), (2, 2), (4, 8), (9, 30)]:
        pauses = {retries.pause(failures, None) for _ in range(50)}
        assert len(pauses) == 50
        assert 0 <= min(pauses) <= max(pauses) <= bound


def test_a_busy_server_gets_fewer_requests_at_once(client_of) -> None:
    with FakeApi(replies(429, b"")) as api:
        client = client_of(api)
        client.complete(REQUEST)
        assert client.limiter.window.size < 4
    with FakeApi(replies(500, b"")) as api:
        client = client_of(api)
        client.complete(REQUEST)
        assert client.limiter.window.size == 4


def test_many_threads_share_one_limit(client_of) -> None:
    turn = threading.Barrier(4, timeout=10)

    def usual(handler) -> None:
        turn.wait()
        says("Hello")(handler)

    with FakeApi(usual=usual) as api:
        client = client_of(api, times=Times())
        threads = [threading.Thread(target=client.complete, args=(REQUEST,)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (api.most_in_flight, len(api.requests)) == (4, 12)


def test_the_key_is_shown_nowhere(client_of, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"error": {"message": f"No good: {KEY} and Bearer {KEY}", "code": KEY}}
    with FakeApi(usual=replies(401, echo)) as api:
        client = client_of(api)
        error = failure(client)
        shown = [str(error), repr(error), repr(client.endpoint), repr(vars(client)), caplog.text]
    assert all(KEY not in text for text in shown)


def test_proxies_of_the_environment_are_for_the_world_outside(client_of, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with FakeApi(says("Hello")) as api:
        assert client_of(api).complete(REQUEST).text == "Hello"
    url = "http://api.example.invalid/v1"
    assert failure(client_of(url, retries=Retries(most=1))).code == "server_unreachable"


def test_another_client_takes_the_same_server_for_real() -> None:
    """The server of these tests, seen by the client that OpenAI publishes."""
    with FakeApi(says("Hello"), replies(401, {"error": {"message": "No."}})) as api:
        client = openai.OpenAI(api_key=KEY, base_url=api.url, max_retries=0)
        request: Any = REQUEST
        reply = client.chat.completions.create(**request)
        assert reply.choices[0].message.content == "Hello"
        assert reply.usage
        with pytest.raises(openai.AuthenticationError):
            client.chat.completions.create(**request)
        client.close()


def test_the_server_of_these_tests_notices_what_openai_would_refuse() -> None:
    good = {"model": "m", "messages": [{"role": "user", "content": "a"}], "max_tokens": 5}
    assert model_server.problems_of("/v1/chat/completions", good) == []
    for bad in (
        {"messages": []},
        good | {"max_tokens": "many"},
        good | {"messages": [{"role": "user", "content": [{"type": "image", "url": 3}]}]},
        good | {"images": []},
    ):
        assert model_server.problems_of("/v1/chat/completions", bad)
