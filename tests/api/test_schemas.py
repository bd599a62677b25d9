"""What is told of values and cells: state, reasons for doubt, and the other reading."""

from __future__ import annotations

import pytest

from converter.batches import claims, lifecycle
from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue, Mark, ValueState
from converter.core.tables.model import Cell, Table
from converter.fields import corrections
from converter.models import Result

NAMES = ("Surname", "Year", "Place", "Note")


@pytest.fixture
def make_told(get, make_batch):
    """Reads a batch of one image, and gives what the API tells of it."""

    def make(reading: Reading, **values: object):
        batch = make_batch(images=1, **values)
        lifecycle.start(batch)
        claims.finish(claims.claim_next(batch), "local", reading)
        lifecycle.settle(batch)

        def told() -> dict:
            answer = get(f"/jobs/{batch.pk}/results", include="tables")
            return answer.json()["results"][0]["read"]

        return batch, told

    return make


@pytest.fixture
def card(make_told):
    found = (
        FieldValue("Surname", "0ak", confidence=0.5, other="Oak"),
        FieldValue("Year", "1912", confidence=0.9),
        FieldValue("Place", state=ValueState.BLANK),
    )
    fields = [{"name": name} for name in NAMES]
    return make_told(Reading("m", fields=found), mode="fields", fields=fields)


def by_name(told) -> dict[str, dict]:
    return {field["name"]: field for field in told()["fields"]}


def test_a_value_has_its_state_and_what_speaks_against_it(card):
    batch, told = card
    Result.objects.filter(image__batch=batch).update(marks={"Year": [Mark.RANGE.value]})
    surname, year, place, note = (by_name(told)[name] for name in NAMES)
    assert surname == {
        "name": "Surname", "text": "0ak", "confidence": 0.5, "state": "read", "doubtful": True,
        "marks": [], "reasons": ["hard to read (50 % sure)", "another reading says “Oak”"],
        "other": "Oak", "read": None,
    }  # fmt: skip
    assert (year["doubtful"], year["marks"]) == (True, ["range"])
    assert year["reasons"] == ["lies far from what stands on the other cards"]
    assert [(one["state"], one["text"], one["doubtful"]) for one in (place, note)] == [
        ("blank", None, False),
        ("not_found", None, False),
    ]


def test_a_corrected_value_keeps_what_was_read(card):
    batch, told = card
    for text in ("Ash", "Oaks"):
        corrections.correct(batch.images.get(), "Surname", text, {"user": None, "owner": "me"})
    surname = by_name(told)["Surname"]
    assert (surname["text"], surname["state"], surname["doubtful"]) == ("Oaks", "corrected", False)
    assert (surname["read"], surname["other"], surname["reasons"]) == ("0ak", "Oak", [])


def test_a_cell_says_why_it_is_marked(make_told):
    cells = (
        Cell(0, 0, "Wheat", stub=True, indent=1),
        Cell(0, 1, "12", confidence=0.3, other="13"),
        Cell(0, 2, "", confidence=0.3, other="7"),
    )
    _, told = make_told(Reading("m", (Table(cells),)))
    name, number, empty = told()["tables"][0]["cells"]
    assert (name["stub"], name["indent"], name["doubtful"], name["reasons"]) == (True, 1, False, [])
    assert (number["other"], number["doubtful"]) == ("13", True)
    assert number["reasons"] == ["hard to read (30 % sure)", "another reading says “13”"]
    assert (empty["doubtful"], empty["reasons"]) == (True, ["another reading says “7”"])
