"""The forms in which servers tell of errors, and what is to be done about each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from converter.core.engines.openai_compatible.replies import ApiError, Completion, read_reply
from tests.support.model_server import completion

NOW = 1_800_000_000.0


def read(status: int, body: Any, **headers: str) -> Completion:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_reply(status, headers, data, NOW)


def refusal(status: int, body: Any, **headers: str) -> ApiError:
    with pytest.raises(ApiError) as caught:
        read(status, body, **headers)
    return caught.value


BUSY = "Model busy, retry later"
FORMS = [
    # status, body, code, permanent
    (
        401,
        {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}},
        "bad_key",
        True,
    ),
    (403, {"detail": {"error": "Forbidden"}}, "bad_key", True),
    (401, {"detail": "Unauthorized"}, "bad_key", True),
    (402, {"error": {"message": "Payment Required", "code": 402}}, "no_credit", True),
    (
        429,
        {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}},
        "no_credit",
        True,
    ),
    (
        429,
        {"error": {"message": "slow down", "type": "rate_limit_exceeded"}},
        "rate_limited",
        False,
    ),
    (429, {"error": {"message": BUSY}}, "rate_limited", False),
    (429, b"", "rate_limited", False),
    (
        404,
        {"error": {"message": "The model `x` does not exist", "code": "model_not_found"}},
        "no_such_model",
        True,
    ),
    (404, {"error": "model 'llava' not found, try pulling it first"}, "no_such_model", True),
    (404, b"<html><h1>Not Found</h1></html>", "no_such_model", True),
    (
        400,
        {"error": {"message": "maximum context length is 8192 tokens", "code": None}},
        "request_refused",
        True,
    ),
    (
        400,
        {"object": "error", "message": "bad image", "type": "BadRequestError", "code": 400},
        "request_refused",
        True,
    ),
    (
        422,
        {"detail": [{"loc": ["body", "model"], "msg": "field required"}]},
        "request_refused",
        True,
    ),
    (413, b"<html>Request Entity Too Large</html>", "picture_too_large", True),
    (400, {"error": {"message": "x", "code": "content_filter"}}, "picture_refused", True),
    (
        403,
        {"error": {"code": 403, "message": "It was flagged by moderation"}},
        "picture_refused",
        True,
    ),
    (408, b"", "server_failed", False),
    (409, b"", "server_failed", False),
    (500, {"error": "model runner has unexpectedly stopped"}, "server_failed", False),
    (500, {"error": {"message": "token repeat limit reached"}}, "answer_repeats", False),
    (502, b"<html>Bad Gateway</html>", "server_failed", False),
    (503, {"error": {"message": "overloaded", "code": "503"}}, "server_failed", False),
    (307, b"", "no_such_model", True),
    # HTTP says that all is well
    (200, {"error": {"code": 429, "message": "Rate limited upstream"}}, "rate_limited", False),
    (200, {"error": {"code": "502", "message": "Provider returned error"}}, "server_failed", False),
    (200, {"error": {"code": 402, "message": "Insufficient credits"}}, "no_credit", True),
    (200, {"error": "something went wrong"}, "server_failed", False),
    (200, {"code": 401, "message": "token expired"}, "bad_key", True),
    (
        200,
        {"choices": [{"error": {"code": 503, "message": "gone"}, "message": {"content": ""}}]},
        "server_failed",
        False,
    ),
    (200, {"choices": []}, "server_failed", False),
    (200, {"choices": None}, "server_failed", False),
    (200, b"<!doctype html><title>Welcome to nginx</title>", "server_failed", False),
    (200, b'{"choices": [{"mess', "server_failed", False),
    (200, b"[1, 2]", "server_failed", False),
    (200, b"", "server_failed", False),
    (200, completion("", finish_reason="content_filter"), "picture_refused", True),
    (200, completion("half a", finish_reason="error"), "server_failed", False),
    (200, completion("half a", finish_reason="abort"), "server_failed", False),
]


@pytest.mark.parametrize(("status", "body", "code", "permanent"), FORMS)
def test_every_form_of_an_error_has_its_cause(
    status: int, body: Any, code: str, permanent: bool
) -> None:
    error = refusal(status, body)
    assert (error.code, error.permanent) == (code, permanent)
    assert error.message.endswith((".", "”"))


def test_what_the_server_said_is_quoted_without_keys() -> None:
    error = refusal(401, {"error": {"message": "Incorrect key:\n sk-abcdef123456 \x1b[0m"}})
    assert "“Incorrect key: [key]" in error.message
    assert "\n" not in error.message
    assert "\x1b" not in error.message


def test_a_refusal_to_answer_is_the_contents_fault() -> None:
    body = completion(None)
    body["choices"][0]["message"]["refusal"] = "I can't help with that."
    assert refusal(200, body).code == "picture_refused"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("-3", 0),
        ("Fri, 15 Jan 2027 08:00:30 GMT", 30),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0),
        ("soon", None),
        ("nan", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert refusal(429, b"", **{"retry-after": header}).retry_after == seconds


def test_a_completion() -> None:
    assert read(200, completion("a")) == Completion(
        "a", "stop", "test/vision-1", tokens_in=1000, tokens_out=50, cost=0.0005
    )


def test_parts_of_a_content_are_joined_and_an_unknown_end_is_none() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    reply = read(200, completion(parts, finish_reason=None))
    assert (reply.text, reply.finish_reason) == ("ab", None)


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": None}, {"cost": "free"}, []])
def test_a_missing_bill_is_no_fault(usage: Any) -> None:
    reply = read(200, completion(None, usage=usage))
    assert (reply.text, reply.tokens_in, reply.cost) == (None, 0, None)


def test_openrouter_names_the_cost_differently() -> None:
    assert read(200, completion("a", usage={"cost": 0.01})).cost == 0.01
