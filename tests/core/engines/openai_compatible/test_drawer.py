"""A drawer of 500 cards, read by a model that answers as such models do."""

from __future__ import annotations

import io
import json
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from converter.core.engines.openai_compatible.engine import RemoteEngine
from converter.core.engines.openai_compatible.options import Endpoint, RemoteOptions
from converter.core.engines.protocol import Mode, Reading, ReadRequest
from converter.core.errors import EngineError
from converter.core.fields.specification import FieldSpec
from converter.core.images import PageImage
from converter.core.workbook.fields_book import FieldRow, write_fields
from tests.support.model_server import KEY, FakeApi, says

CARDS = 500
SPECS = (FieldSpec("No."), FieldSpec("Height"), FieldSpec("Price"), FieldSpec("Name"))
REQUEST = ReadRequest(Mode.FIELDS, SPECS)
WIDTH = 30  # of the first card's picture; each is a pixel wider than the one before

MENDS_ITSELF, STAYS_BROKEN, LOSES_ZEROS = 3, 36, 69  # of each hundred, 3 are malformed
CUT_ONCE, CUT_ALWAYS = 11, 61  # and 2 truncated
ASKED_AGAIN = {MENDS_ITSELF, STAYS_BROKEN, LOSES_ZEROS, CUT_ONCE, CUT_ALWAYS}


def truth(number: int) -> dict[str, str | None]:
    name = None if number % 20 == 5 else f"O'Neill, \u201cAn\u201d {number}"  # 5 % are nulls
    return {"No.": f"{number:05d}", "Height": "5'10\"", "Price": "1.50", "Name": name}


def whole(number: int) -> str:
    blank = [name for name, value in truth(number).items() if value is None]
    members = {"card": "card", "fields": truth(number), "blank": blank, "illegible": []}
    return json.dumps(members, ensure_ascii=False)


def answer(number: int, asked: int) -> dict[str, Any]:
    """What the model says of a card when it is asked for the first, the second … time."""
    kind, text = number % 100, whole(number)
    if kind == LOSES_ZEROS:  # figures without quotes: what they were cannot be told for sure
        return {"text": text.replace(f'"{number:05d}"', f"{number:05d}")}
    if kind == STAYS_BROKEN or (kind == MENDS_ITSELF and asked == 1):
        return {"text": text.replace('\\"', '"').replace(", ", " ", 1)}
    if kind == CUT_ALWAYS or (kind == CUT_ONCE and asked == 1):
        return {"text": text[: len(text) // 2], "finish_reason": "length"}
    return {"text": text}


class Drawer:
    """All cards, read one after the other; `asked` holds the requests for each."""

    def __init__(self) -> None:
        self.asked: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.rows: list[FieldRow] = []
        with FakeApi(usual=self._play) as api:
            self.api = api
            engine = RemoteEngine(RemoteOptions(Endpoint(api.url, KEY), "test/vision-1"))
            for number in range(CARDS):
                self.rows.append(self._row(engine, number))
            engine.close()

    def _play(self, handler: Any) -> None:
        number = self.api.picture().width - WIDTH
        self.asked[number].append(self.api.requests[-1])
        says(**answer(number, len(self.asked[number])))(handler)

    def _row(self, engine: RemoteEngine, number: int) -> FieldRow:
        pixels = np.full((12, WIDTH + number, 3), 255, np.uint8)
        pixels[3:9, 3:20] = 0
        try:
            reading: Reading = engine.read(PageImage("card", pixels), REQUEST)
        except EngineError as error:
            return FieldRow(f"{number}.png", error=f"{error.message} ({error.code})")
        return FieldRow(f"{number}.png", reading.fields)


@pytest.fixture(scope="module")
def drawer() -> Drawer:
    return Drawer()


def test_no_value_is_changed(drawer: Drawer) -> None:
    read = [row for row in drawer.rows if not row.error]
    for row in read:
        number = int(row.image.removesuffix(".png"))
        assert {value.name: value.text for value in row.values} == truth(number)
    assert len(read) == CARDS - 10


def test_what_was_malformed_or_cut_was_asked_for_again_and_nothing_else(drawer: Drawer) -> None:
    again = {number for number, requests in drawer.asked.items() if len(requests) > 1}
    assert again == {number for number in range(CARDS) if number % 100 in ASKED_AGAIN}
    for number in again:
        told = [len(request["messages"]) > 1 for request in drawer.asked[number][1:]]
        malformed = number % 100 in {MENDS_ITSELF, STAYS_BROKEN, LOSES_ZEROS}
        assert told == [True] if malformed else not any(told)


def test_what_was_mended_is_marked(drawer: Drawer) -> None:
    doubted = {row.image for row in drawer.rows if any(v.is_doubtful for v in row.values)}
    assert doubted == {f"{number}.png" for number in range(STAYS_BROKEN, CARDS, 100)}


def test_every_card_has_its_row_and_a_failed_one_its_reason(drawer: Drawer) -> None:
    target = io.BytesIO()
    write_fields(target, SPECS, drawer.rows, [])
    rows = list(load_workbook(target)["Fields"].iter_rows(min_row=2))
    assert [row[-1].value for row in rows] == [f"{number}.png" for number in range(CARDS)]
    assert [row[0].value for row in rows[:3]] == ["00000", "00001", "00002"]
    notes = [row[-1].comment.text for row in rows if row[-1].comment]
    codes = Counter(note.rpartition("(")[2].rstrip(")") for note in notes)
    assert codes == {"answer_unreadable": 5, "answer_truncated": 5}
