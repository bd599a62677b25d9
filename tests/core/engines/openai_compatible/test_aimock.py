"""Our client and doctor against aimock, which was written by others for other clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from converter.core.engines.openai_compatible.client import Client, Retries
from converter.core.engines.openai_compatible.engine import RemoteEngine
from converter.core.engines.openai_compatible.limiter import Limiter
from converter.core.engines.openai_compatible.options import Endpoint, RemoteOptions
from converter.core.engines.protocol import Mode, Reading, ReadRequest
from converter.core.engines.trial import make_trial
from converter.core.errors import EngineError
from converter.core.fields.specification import FieldSpec
from converter.health import doctor
from tests.support.aimock import Aimock
from tests.support.model_server import KEY, TABLE

PICTURE = make_trial().picture
PICTURES = 20
OFTEN = Retries(most=60)  # so that chance alone never exhausts them
OLMOCR = "allenai/olmOCR-2-7B-1025"
FRONT = (
    "---\nprimary_language: en\nis_rotation_valid: true\nrotation_correction: 0\n"
    "is_table: true\nis_diagram: false\n---\n"
)


def answer(text: str, **more: Any) -> dict[str, Any]:
    return {"content": text, "finishReason": "stop"} | more


def refusal(status: int, code: str, message: str) -> dict[str, Any]:
    return {"status": status, "error": {"message": message, "type": "error", "code": code}}


ANSWERS = [
    {
        "match": {"model": "wrong-key"},
        "response": refusal(401, "invalid_api_key", f"Incorrect API key provided: {KEY}"),
    },
    {
        "match": {"model": "no-credit"},
        "response": refusal(429, "insufficient_quota", "You exceeded your current quota"),
    },
    {
        "match": {"model": "cut-off"},
        "response": answer(TABLE[:-30], finishReason="length"),
    },
    {"match": {"userMessage": "Read these fields"}, "response": answer('{"Total": "12.50"}')},
    {
        "match": {"userMessage": "Attached is one page", "model": OLMOCR},
        "response": answer(FRONT + TABLE, model="google/gemma-4-31B-it"),
    },
    {
        "match": {"userMessage": "Transcribe everything"},
        "response": answer(TABLE, usage={"prompt_tokens": 900, "completion_tokens": 60}),
    },
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aimock]:
    with Aimock(tmp_path_factory.mktemp("aimock"), ANSWERS) as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def engine_for(pauses) -> Iterator[Callable[..., RemoteEngine]]:
    """Makes engines that note their pauses instead of making them."""
    made: list[RemoteEngine] = []

    def make(server: Aimock, model: str = "general/vision") -> RemoteEngine:
        options = RemoteOptions(Endpoint(server.url, KEY), model)
        client = Client(options.endpoint, Limiter(8), options.times, OFTEN, pauses.append)
        made.append(RemoteEngine(options, client))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


def texts(reading: Reading) -> list[str]:
    return [cell.text for table in reading.tables for cell in table.cells]


def test_a_picture_becomes_a_table(server, engine_for):
    reading = engine_for(server).read(PICTURE, ReadRequest())
    assert texts(reading) == ["Name", "Amount", "Oak", "12.50"]
    assert (reading.model, reading.tokens_in, reading.tokens_out) == ("general/vision", 900, 60)
    assert reading.cost is None
    sent = server.journal()[-1]["body"]["messages"][0]["content"]
    assert [part["type"] for part in sent] == ["text", "image_url"]


def test_another_model_that_answers_is_told(server, engine_for):
    reading = engine_for(server, OLMOCR).read(PICTURE, ReadRequest())
    assert texts(reading) == ["Name", "Amount", "Oak", "12.50"]
    assert (reading.asked, reading.model) == (OLMOCR, "google/gemma-4-31B-it")


def test_fields_are_asked_for_by_a_schema(server, engine_for):
    request = ReadRequest(Mode.FIELDS, (FieldSpec("Total"),))
    [value] = engine_for(server).read(PICTURE, request).fields
    assert (value.name, value.text) == ("Total", "12.50")
    assert server.journal()[-1]["body"]["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    ("model", "code"),
    [("wrong-key", "bad_key"), ("no-credit", "no_credit"), ("cut-off", "answer_truncated")],
)
def test_what_goes_wrong_has_its_code_and_shows_no_key(server, engine_for, model, code):
    with pytest.raises(EngineError) as caught:
        engine_for(server, model).read(PICTURE, ReadRequest())
    assert (caught.value.code, caught.value.permanent) == (code, True)
    assert KEY not in str(caught.value)


def test_the_models_are_listed(server, engine_for):
    assert OLMOCR in (engine_for(server).models() or [])


def test_a_server_that_does_not_look_is_found_out_by_the_doctor(server, settings):
    settings.OLMOCR_API_KEY, settings.OLMOCR_API_BASE_URL = KEY, server.url
    settings.OLMOCR_MODEL = "general/vision"
    found = {finding.name: finding for finding in doctor.ask_server()}
    assert found["API"].state is found["Key"].state is doctor.State.OK
    assert found["Reading"].state is doctor.State.FAILED
    assert "not one number of the picture" in found["Reading"].message


@pytest.mark.parametrize(
    ("chaos", "refused"), [("--chaos-ratelimit", 429), ("--chaos-malformed", 200)]
)
def test_under_chaos_every_picture_is_read(tmp_path: Path, engine_for, pauses, chaos, refused):
    """Half of all requests are refused, or answered with what is no JSON."""
    with Aimock(tmp_path, ANSWERS, chaos, "0.5") as server:
        engine = engine_for(server)
        prepared = engine.prepare(PICTURE, ReadRequest())
        with ThreadPoolExecutor(8) as threads:
            readings = list(threads.map(engine.ask, [prepared] * PICTURES))
        asked = server.statuses()
        struck = [entry for entry in server.journal() if entry["response"].get("chaosAction")]
    assert [texts(reading) for reading in readings] == [texts(readings[0])] * PICTURES
    assert {entry["response"]["status"] for entry in struck} == {refused}
    assert len(asked) == PICTURES + len(struck)  # each is accepted, and so paid for, once
    assert len(pauses) == len(struck)
    if refused == 429:
        assert min(pauses) >= 1  # what the server's Retry-After asks for


def test_the_picture_is_the_same_as_was_sent(server, engine_for):
    engine = engine_for(server)
    prepared = engine.prepare(PICTURE, ReadRequest())
    engine.ask(prepared)
    sent = server.journal()[-1]["body"]["messages"][0]["content"][1]["image_url"]["url"]
    assert sent == prepared.picture.url
