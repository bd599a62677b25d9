"""The engine against a server that plays what models and servers do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from converter.core.engines.openai_compatible.client import Client, Retries
from converter.core.engines.openai_compatible.engine import RemoteEngine
from converter.core.engines.openai_compatible.limiter import Limiter
from converter.core.engines.openai_compatible.options import Endpoint, RemoteOptions
from converter.core.engines.openai_compatible.profiles import OLMOCR_2
from converter.core.engines.protocol import Asker, CardKind, Mode, Reading, ReadRequest
from converter.core.errors import EngineError
from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.images import PageImage
from tests.support.model_server import KEY, TABLE, FakeApi, replies, says

OLMOCR = "allenai/olmOCR-2-7B-1025"
GENERAL = "test/vision-1"
FIELDS = ReadRequest(Mode.FIELDS, (FieldSpec("Surname", "first line"), FieldSpec("Born")))
CUT = TABLE.removesuffix("</td></tr></table>")
FRONT = "---\nprimary_language: en\nis_rotation_valid: {}\nrotation_correction: {}\n---\n"

Ask = Callable[..., Reading]


def picture() -> PageImage:
    image = Image.new("RGB", (60, 40), "white")
    image.paste((0, 0, 0), (5, 5, 15, 10))
    return PageImage("p", np.asarray(image))


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Reads a picture by way of an API, with one engine per API and model."""
    engines: dict[tuple[str, str], RemoteEngine] = {}

    def make(url: str, model: str) -> RemoteEngine:
        options = RemoteOptions(Endpoint(url, KEY), model)
        client = Client(
            options.endpoint, Limiter(4), retries=Retries(most=3), sleep=lambda _seconds: None
        )
        return RemoteEngine(options, client)

    def read(
        api: FakeApi, model: str = GENERAL, request: ReadRequest | None = None, **changes: Any
    ) -> Reading:
        engine = engines.setdefault((api.url, model), make(api.url, model))
        return engine.read(changes.get("image") or picture(), request or ReadRequest())

    yield read
    for engine in engines.values():
        engine.close()


def failure(ask: Ask, *args: Any) -> EngineError:
    with pytest.raises(EngineError) as caught:
        ask(*args)
    return caught.value


def texts(reading: Reading) -> list[str]:
    return [cell.text for table in reading.tables for cell in table.cells]


def test_a_table_and_what_it_took(ask: Ask) -> None:
    with FakeApi(says(f"<p>Woods</p>{TABLE}")) as api:
        reading = ask(api)
    assert texts(reading) == ["Name", "Amount", "Oak", "12.50"]
    assert [line.text for line in reading.loose_text] == ["Woods"]
    assert (reading.model, reading.asked, reading.cost) == (GENERAL, GENERAL, 0.0005)
    assert (reading.tokens_in, reading.tokens_out) == (1000, 50)
    assert TABLE in reading.raw


def test_the_engine_can_be_asked_from_other_threads() -> None:
    engine = RemoteEngine(RemoteOptions(Endpoint("http://127.0.0.1:9/v1"), GENERAL))
    assert isinstance(engine, Asker)


def test_olmocr_is_asked_as_it_wants_to_be(ask: Ask) -> None:
    with FakeApi(says(FRONT.format("true", 0) + TABLE)) as api:
        ask(api, OLMOCR)
        [request] = api.requests
        [text, image] = request["messages"][0]["content"]
        assert (text["text"], image["type"]) == (OLMOCR_2.prompt, "image_url")
        assert (request["max_tokens"], request["temperature"]) == (8000, 0.1)
        assert "response_format" not in request
        assert api.picture().size == (1288, 859)


def test_a_model_that_wants_the_picture_first_and_answers_in_its_own_tags(ask: Ask) -> None:
    otsl = "<fcel>Name<fcel>Amount<nl><fcel>Oak<fcel>12.50<nl>"
    with FakeApi(says(otsl)) as api:
        reading = ask(api, "opendatalab/MinerU2.5-2509-1.2B")
        [request] = api.requests
    kinds = [part["type"] for part in request["messages"][0]["content"]]
    assert kinds == ["image_url", "text"]
    assert request["skip_special_tokens"] is False
    assert texts(reading) == ["Name", "Amount", "Oak", "12.50"]


def test_the_model_that_really_answered_is_told(ask: Ask) -> None:
    with FakeApi(says(TABLE, model="google/gemma-4-31B-it")) as api:
        reading = ask(api, OLMOCR)
    assert (reading.model, reading.asked) == ("google/gemma-4-31B-it", OLMOCR)
    with FakeApi(says(TABLE, model=None)) as api:
        assert ask(api, OLMOCR).model == OLMOCR


def test_a_blank_picture_is_not_sent(ask: Ask) -> None:
    blank = PageImage("p", np.full((40, 60, 3), 250, np.uint8))
    with FakeApi() as api:
        reading = ask(api, image=blank)
        assert (reading.tables, reading.cost, api.requests) == ((), 0.0, [])
        reading = ask(api, GENERAL, FIELDS, image=blank)
    assert [field.text for field in reading.fields] == [None, None]
    assert reading.card is CardKind.BLANK


@pytest.mark.parametrize(
    "bad",
    [
        says(CUT, finish_reason="length"),
        says(CUT),
        says(CUT, finish_reason=None),
        says(None),
        says(""),
        says("!" * 500, finish_reason="length"),
        says(TABLE, finish_reason="repetition"),
        replies(500, {"error": {"message": "token repeat limit reached"}}),
        replies(200, {"error": {"message": "Provider returned error", "code": 502}}),
    ],
)
def test_an_answer_that_will_not_do_is_asked_for_again(ask: Ask, bad) -> None:
    with FakeApi(bad, says(TABLE)) as api:
        reading = ask(api)
        assert len(api.requests) == 2
    assert texts(reading) == ["Name", "Amount", "Oak", "12.50"]


def test_each_attempt_is_warmer_and_a_cut_one_gets_more_room(ask: Ask) -> None:
    cut = says(CUT, finish_reason="length")
    with FakeApi(cut, cut, says(TABLE)) as api:
        reading = ask(api, OLMOCR)
        assert [request["temperature"] for request in api.requests] == [0.1, 0.1, 0.2]
        assert [request["max_tokens"] for request in api.requests] == [8000, 16000, 16384]
    assert reading.cost == pytest.approx(3 * 0.0005)
    assert reading.tokens_out == 150


def test_a_cut_answer_never_passes_for_a_whole_one(ask: Ask) -> None:
    with FakeApi(usual=says(CUT, finish_reason="length")) as api:
        error = failure(ask, api)
        assert len(api.requests) == 4
    assert (error.code, error.permanent, error.raw) == ("answer_truncated", True, CUT)
    assert (error.cost, error.tokens) == (pytest.approx(4 * 0.0005), 4 * 1050)


def test_what_cannot_be_read_is_kept_with_the_failure(ask: Ask) -> None:
    with FakeApi(usual=says('{"no": "table"}')) as api:
        error = failure(ask, api)
    assert (error.code, error.raw) == ("answer_unreadable", '{"no": "table"}')


def test_nothing_seen_on_a_picture_that_is_not_blank_is_asked_twice(ask: Ask) -> None:
    with FakeApi(usual=says("null")) as api:
        assert ask(api).tables == ()
        assert len(api.requests) == 2
    with FakeApi(usual=says("")) as api:
        assert failure(ask, api).code == "answer_empty"


def test_a_markdown_table_without_an_end_is_believed_if_it_is_said_twice(ask: Ask) -> None:
    markdown = "| a | b |\n|---|---|\n| 1 | 2 |"
    with FakeApi(usual=says(markdown, finish_reason=None)) as api:
        assert texts(ask(api)) == ["a", "b", "1", "2"]
        assert len(api.requests) == 2


@pytest.mark.parametrize(("correction", "turned"), [(90, 270), (180, 180), (270, 90)])
def test_a_picture_on_its_side_is_turned_once(ask: Ask, correction: int, turned: int) -> None:
    lying = says(FRONT.format("false", correction) + TABLE)
    with FakeApi(usual=lying) as api:
        assert ask(api, OLMOCR).turned == turned
        assert len(api.requests) == 2
        first, second = api.picture(0), api.picture(1)
        assert (first.size == second.size) == (correction == 180)
        # Counter-clockwise, the left edge comes to lie at the bottom.
        assert np.array_equal(np.rot90(np.asarray(first), correction // 90), np.asarray(second))


def test_a_permanent_failure_is_not_tried_again(ask: Ask) -> None:
    with FakeApi(usual=replies(401, {"error": {"message": f"No: {KEY}"}})) as api:
        error = failure(ask, api)
        assert len(api.requests) == 1
    assert (error.code, error.permanent) == ("bad_key", True)
    assert KEY not in str(error)


def test_a_server_that_wants_other_words_for_the_limit_and_no_temperature(ask: Ask) -> None:
    limit = replies(400, {"error": {"message": "Use 'max_completion_tokens' instead."}})
    warm = replies(400, {"error": {"message": "'temperature' does not support 0.0"}})
    with FakeApi(limit, warm) as api:
        ask(api)
        ask(api)
        assert len(api.requests) == 4
        assert "max_completion_tokens" in api.requests[3]
        assert not {"max_tokens", "temperature"} & api.requests[3].keys()


VALUES = '{"Surname": "Curie", "Born": null}'


def test_fields_are_asked_for_in_a_strict_form(ask: Ask) -> None:
    with FakeApi(says(VALUES)) as api:
        reading = ask(api, GENERAL, FIELDS)
        [request] = api.requests
    assert [(field.name, field.text) for field in reading.fields] == [
        ("Surname", "Curie"),
        ("Born", None),
    ]
    form = request["response_format"]["json_schema"]
    properties = form["schema"]["properties"]
    assert (form["strict"], properties["fields"]["required"]) == (True, ["Surname", "Born"])
    assert properties["fields"]["properties"]["Born"]["type"] == ["string", "null"]
    assert form["schema"]["required"] == ["card", "fields", "blank", "illegible"]
    assert "- Surname: first line" in request["messages"][0]["content"][0]["text"]


def forms(api: FakeApi) -> list[str | None]:
    formats = (request.get("response_format", {}) for request in api.requests)
    return [form.get("type") for form in formats]


@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_form_that_a_server_does_not_know_is_stepped_down_once(ask: Ask, status: int) -> None:
    def usual(handler) -> None:
        strict = api.requests[-1].get("response_format")
        reply = replies(status, {"error": "unknown response_format"}) if strict else says(VALUES)
        reply(handler)

    with FakeApi(usual=usual) as api:
        ask(api, GENERAL, FIELDS)
        assert list(dict.fromkeys(forms(api))) == ["json_schema", "json_object", None]
        asked = len(api.requests)
        ask(api, GENERAL, FIELDS)
        assert forms(api)[asked:] == [None]


def test_a_form_that_drives_the_model_mad_is_left_out_the_next_time(ask: Ask) -> None:
    with FakeApi(says("{" + "\n" * 500, finish_reason="length"), says(VALUES)) as api:
        ask(api, GENERAL, FIELDS)
        assert forms(api) == ["json_schema", None]


def test_the_model_is_told_once_what_was_wrong(ask: Ask) -> None:
    with FakeApi(says('{"Surname": "Curie"}'), says(VALUES)) as api:
        ask(api, GENERAL, FIELDS)
        roles = [message["role"] for message in api.requests[1]["messages"]]
        assert roles == ["user", "assistant", "user"]
        assert "Born" in api.requests[1]["messages"][2]["content"]


BROKEN = '{"Surname": "Curie" "Born": "0012"}'


def test_a_broken_answer_is_asked_for_once_more_before_it_is_mended(ask: Ask) -> None:
    with FakeApi(says(BROKEN), says(VALUES)) as api:
        assert ask(api, GENERAL, FIELDS).doubtful == 0
        assert "not valid JSON" in api.requests[1]["messages"][2]["content"]
    with FakeApi(usual=says(BROKEN)) as api:
        reading = ask(api, GENERAL, FIELDS)
        assert len(api.requests) == 2
    assert [field.text for field in reading.fields] == ["Curie", "0012"]
    assert reading.doubtful == 2


def test_a_broken_answer_that_was_cut_is_never_mended(ask: Ask) -> None:
    with FakeApi(usual=says(BROKEN, finish_reason="length")) as api:
        assert failure(ask, api, GENERAL, FIELDS).code == "answer_truncated"


def test_fields_are_described_by_all_that_is_known_of_them(ask: Ask) -> None:
    spec = FieldSpec("State", "top right", FieldType.CHOICE, ("Zustand",), values=("good", "bad"))
    with FakeApi(says('{"State": "good"}')) as api:
        ask(api, GENERAL, ReadRequest(Mode.FIELDS, (spec,)))
        prompt = api.requests[0]["messages"][0]["content"][0]["text"]
    line = "- State: top right; printed as “Zustand”; usually one of “good” or “bad”"
    assert line in prompt.splitlines()


def test_values_that_are_none_fail_with_the_answer(ask: Ask) -> None:
    with FakeApi(usual=says("I cannot see a card.")) as api:
        error = failure(ask, api, GENERAL, FIELDS)
    assert (error.code, error.raw) == ("answer_unreadable", "I cannot see a card.")
    assert error.tokens == 2 * 1050  # it was asked twice, no more


def test_olmocr_is_not_asked_for_fields(ask: Ask) -> None:
    with FakeApi() as api:
        assert failure(ask, api, OLMOCR, FIELDS).code == "no_fields"
        assert api.requests == []
