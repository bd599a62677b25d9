"""Parses a server's answer: a completion, or an error in one of many forms.

No two servers agree on the form of an error: it may be an object or a text, in the body or in the
first choice, under `error` or `detail`, even with status 200, and its code may be a number, a word
or null. All of these together give the cause, which decides what a caller does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any, Final

from converter.core.errors import EngineError

_QUOTED: Final = 200  # letters of a server's own words
_SECRET: Final = re.compile(r"(?i)bearer\s+\S+|\b(?:sk|pk|key|hf|gsk|nvapi)[-_][\w*.-]{6,}")


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote. `finish_reason` is None if the server gave none; cost in US dollars."""

    text: str | None
    finish_reason: str | None
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a request failed, in terms of what a caller does about it."""

    code: str
    advice: str
    permanent: bool = True
    slows: bool = False  # the server asks for fewer requests
    concerns_all: bool = False  # the next picture will fail too


BAD_KEY: Final = Cause(
    "bad_key",
    "The API refuses the key. Check OLMOCR_API_KEY, and that it may use this model.",
    concerns_all=True,
)
NO_CREDIT: Final = Cause(
    "no_credit",
    "The account has no credit left, or its quota is used up. Top it up there.",
    concerns_all=True,
)
NO_MODEL: Final = Cause(
    "no_such_model",
    "There is no such model or address there. Check OLMOCR_MODEL and OLMOCR_API_BASE_URL.",
    concerns_all=True,
)
PICTURE_REFUSED: Final = Cause(
    "picture_refused",
    "The API's content filter refuses this picture. Read it with the local engine instead.",
)
PICTURE_TOO_LARGE: Final = Cause(
    "picture_too_large", "The API takes no picture of this size. Cut it into parts."
)
REQUEST_REFUSED: Final = Cause(
    "request_refused",
    "The API does not accept the request. Check that OLMOCR_MODEL takes pictures.",
)
RATE_LIMITED: Final = Cause(
    "rate_limited",
    "The API was too busy for a long time. Try again later, or lower REMOTE_CONCURRENCY.",
    permanent=False,
    slows=True,
    concerns_all=True,
)
BUSY: Final = Cause("server_failed", "The API is overloaded. Try again later.", False, True, True)
SERVER_FAILED: Final = Cause(
    "server_failed",
    "The API failed at its own side. Try again later.",
    permanent=False,
    concerns_all=True,
)
NOT_AN_API: Final = Cause(
    "server_failed",
    "What answers there is not an API of OpenAI's kind. Check OLMOCR_API_BASE_URL.",
    permanent=False,
    concerns_all=True,
)
UNREACHABLE: Final = Cause(
    "server_unreachable",
    "The API cannot be reached. Check OLMOCR_API_BASE_URL and the network.",
    permanent=False,
    concerns_all=True,
)
TOO_SLOW: Final = Cause(
    "server_unreachable",
    "The API did not answer in time. Try again later, or raise REMOTE_TIMEOUT_SECONDS.",
    permanent=False,
    concerns_all=True,
)
REPEATS: Final = Cause(
    "answer_repeats",
    "The model went on repeating itself; try again, or with another model.",
    permanent=False,
)

# By words, since the status of these varies; searched in this order.
_BY_WORDS: Final = (
    (NO_CREDIT, r"insufficient[_ ](?:quota|credit|funds|balance)|exceeded your current quota"),
    (NO_CREDIT, r"billing|payment required|no credits|out of credit"),
    (PICTURE_REFUSED, r"content[_ ](?:filter|policy|management)|moderation|flagged|safety system"),
    (BAD_KEY, r"invalid[_ ]api[_ ]key|incorrect api key|authentication_error|invalid_auth"),
    (NO_MODEL, r"model[_ ]not[_ ]found|model .{0,80}does not exist|no endpoints found"),
    (REPEATS, r"repeat limit|repetition detected"),
    (RATE_LIMITED, r"rate[_ -]?limit|too many requests|model busy"),
    (PICTURE_TOO_LARGE, r"(?:image|picture|payload|request|entity|body)\b.{0,40}too large"),
)  # fmt: skip
_BY_STATUS: Final = {
    401: BAD_KEY, 402: NO_CREDIT, 403: BAD_KEY, 404: NO_MODEL, 408: SERVER_FAILED,
    409: SERVER_FAILED, 413: PICTURE_TOO_LARGE, 425: SERVER_FAILED, 429: RATE_LIMITED,
    503: BUSY, 529: BUSY,
}  # fmt: skip

_NO_LIST: Final = {404, 405, 501}


class ApiError(EngineError):
    """A request that failed. `retry_after` is in seconds, None if the server named no time."""

    def __init__(
        self,
        cause: Cause,
        said: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        quoted = f" It said: “{said}”" if said else ""
        super().__init__(cause.code, cause.advice + quoted, permanent=cause.permanent)
        self.cause = cause
        self.concerns_all = cause.concerns_all
        self.status = status
        self.retry_after = retry_after

    @property
    def may_pass(self) -> bool:
        """Whether the very same request may succeed later."""
        return not self.permanent and self.cause is not REPEATS

    def without(self, secret: str) -> ApiError:
        """The same error, its message without the secret."""
        if secret:
            self.message = self.message.replace(secret, "[key]")
            self.args = (self.message,)
        return self


def read_reply(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Completion:
    """The completion in a server's answer; `now` is the time of day in seconds since 1970.

    Raises ApiError for anything else.
    """
    parsed = _parsed(body)
    data = parsed if isinstance(parsed, dict) else None
    said = _Said.of(data, body if status >= 400 else b"")
    if status != 200 or data is None or said.is_error or not _first_choice(data):
        cause = _cause(status, said, is_json=body.lstrip().startswith(b"{"))  # maybe cut
        wait = _retry_after(headers.get("retry-after"), now)
        raise ApiError(cause, said.quote(), status=status, retry_after=wait)
    return _completion(data)


def read_models(status: int, _headers: Mapping[str, str], body: bytes) -> list[str] | None:
    """The ids in a server's list of models; None where it has no such list.

    Raises ApiError if the request failed.
    """
    if status in _NO_LIST:
        return None
    data = _parsed(body)
    listed = data.get("data", data.get("models")) if isinstance(data, dict) else data
    if status == 200 and isinstance(listed, list):
        entries = map(_object, listed)
        return [str(name) for entry in entries if (name := entry.get("id") or entry.get("name"))]
    said = _Said.of(data if isinstance(data, dict) else None, body if status >= 400 else b"")
    cause = _cause(status, said, is_json=isinstance(data, dict))
    raise ApiError(cause, said.quote(), status=status)


@dataclass(frozen=True, slots=True)
class _Said:
    """The words and numbers of an error, wherever in the answer they are."""

    message: str = ""
    words: str = ""  # message, code and type together
    number: int | None = None
    is_error: bool = False

    @classmethod
    def of(cls, data: dict[str, Any] | None, body: bytes) -> _Said:
        if data is None:
            return cls(words=body[:2000].decode(errors="replace"))
        choice = _first_choice(data) or {}
        errors = (data.get("error"), data.get("detail"), choice.get("error"), data.get("errors"))
        is_flat = data.get("object") == "error" or not data.get("choices")
        if any(errors):
            found = _flattened(next(filter(None, errors)))
        elif is_flat and any(key in data for key in ("message", "code", "msg")):
            found = _flattened(data)
        else:
            return cls()
        parts = [_text(found.get(key)) for key in ("message", "code", "type")]
        number = next((int(part) for part in parts[1:] if re.fullmatch(r"[1-5]\d\d", part)), None)
        return cls(parts[0], " ".join(parts), number, is_error=True)

    def quote(self) -> str:
        """The server's own words, on one line, without anything that looks like a key."""
        line = " ".join(self.message.split())
        shown = "".join(letter for letter in line if letter.isprintable())
        return _SECRET.sub("[key]", shown)[:_QUOTED]


def _flattened(value: Any) -> dict[str, Any]:
    """An error as an object with `message`, `code` and `type`."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if not isinstance(value, dict):
        return {"message": _text(value)}
    inner = value.get("error")
    if isinstance(inner, dict):
        return _flattened(inner)
    message = value.get("message") or value.get("msg") or inner or value.get("detail")
    return {"message": message, "code": value.get("code"), "type": value.get("type")}


def _cause(status: int, said: _Said, *, is_json: bool) -> Cause:
    if 300 <= status < 400:
        return NO_MODEL  # never followed: the key and the picture would go elsewhere
    if status < 400 and not said.is_error:
        return SERVER_FAILED if is_json else NOT_AN_API
    for cause, words in _BY_WORDS:
        if re.search(words, said.words, re.IGNORECASE):
            return cause
    status = status if status >= 400 else said.number or 500
    if 400 <= status < 500:
        return _BY_STATUS.get(status, REQUEST_REFUSED)
    return _BY_STATUS.get(status, SERVER_FAILED)


def _completion(data: dict[str, Any]) -> Completion:
    choice = _first_choice(data) or {}
    message = _object(choice.get("message"))
    text, reason = message.get("content"), choice.get("finish_reason")
    if isinstance(text, list):
        text = "".join(_text(_object(part).get("text")) for part in text)
    text = text if isinstance(text, str) else None
    reason = reason if isinstance(reason, str) else None
    if reason == "content_filter" or (not text and message.get("refusal")):
        raise ApiError(PICTURE_REFUSED, _Said(_text(message.get("refusal"))).quote(), status=200)
    if reason in {"error", "abort"}:
        raise ApiError(SERVER_FAILED, status=200)
    usage = _object(data.get("usage"))
    costs = (usage.get(key) for key in ("estimated_cost", "cost", "total_cost"))
    known = (float(c) for c in costs if isinstance(c, int | float) and isfinite(c) and c >= 0)
    return Completion(
        text,
        reason,
        "".join(filter(str.isprintable, _text(data.get("model")))),
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
        cost=next(known, None),
    )


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _parsed(body: bytes) -> Any:
    """The JSON in a body; None if there is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _first_choice(data: dict[str, Any]) -> dict[str, Any] | None:
    choices = data.get("choices")
    return _object(choices[0]) if isinstance(choices, list) and choices else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


def _retry_after(value: str | None, now: float) -> float | None:
    """Seconds from `Retry-After`, which is a number of them or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - now
        except ValueError:
            return None
    return max(0.0, seconds) if isfinite(seconds) else None
