"""Values beside their labels; and above all none where there is none."""

from __future__ import annotations

import pytest

from converter.core.fields.search import find_fields
from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.fields.values import DOUBT_BELOW
from converter.core.tables.model import Box, Word

CARD = [FieldSpec(name) for name in ("Cat. No.", "Site", "Site No.")]


def word(text: str, left: float, top: float, confidence: float = 0.99) -> Word:
    return Word(text, Box(left, top, left + 12 * len(text), top + 24), confidence)


def texts(words: list[Word], specs: list[FieldSpec]) -> list[str | None]:
    return [value.text for value in find_fields(words, specs)]


def one(words: list[Word], spec: FieldSpec):
    return find_fields(words, [spec])[0]


def test_values_inside_and_beside_their_labels():
    words = [
        word("Cat. No. 528", 20, 20),
        word("Site", 300, 20),
        word("Nevin Shell Heap.", 400, 22),
        word("Site No.Me.152/1", 300, 100),
    ]
    assert texts(words, CARD) == ["528", "Nevin Shell Heap.", "Me.152/1"]


def test_answer_is_in_the_order_of_the_fields():
    found = find_fields([word("Site Nevin", 0, 0)], CARD)
    assert [value.name for value in found] == ["Cat. No.", "Site", "Site No."]
    assert [value.text for value in found] == [None, "Nevin", None]


def test_value_has_a_box_and_a_confidence():
    value = one([word("Site", 0, 0), word("Nevin", 100, 0, 0.9)], FieldSpec("Site"))
    assert value.box == Box(100, 0, 160, 24)
    assert value.confidence == pytest.approx(0.9)


def test_empty_page_has_no_values():
    specs = [*CARD, *map(FieldSpec, ("date", "year", "total", "company", "title", "address"))]
    assert set(texts([], specs)) == {None}


def states(words: list[Word], specs: list[FieldSpec]) -> list[str]:
    return [value.state.value for value in find_fields(words, specs)]


def test_a_label_with_nothing_beside_it_is_blank_and_no_label_is_not_found():
    words = [word("Cat. No.", 20, 20), word("Site Nevin", 300, 20)]
    assert states(words, CARD) == ["blank", "read", "not_found"]
    assert find_fields(words, CARD)[0].box == words[0].box


def test_a_value_far_from_its_label_is_not_called_blank():
    far = [word("Site:", 0, 0), word("Nevin", 900, 0)]
    assert states(far, [FieldSpec("Site")]) == ["not_found"]
    followed = [word("Site:", 0, 0), word("Date:", 400, 0), word("1912", 500, 0)]
    assert states(followed, [FieldSpec("Site")]) == ["blank"]


def test_what_does_not_have_the_form_is_neither_read_nor_blank():
    number = FieldSpec("Pages", type=FieldType.NUMBER)
    assert states([word("Pages:", 0, 0), word("none", 90, 0)], [number]) == ["not_found"]


def test_what_was_hardly_read_is_unreadable_and_the_guess_is_kept():
    value = one([word("Site:", 0, 0), word("Nvn", 80, 0, 0.1)], FieldSpec("Site"))
    assert (value.state.value, value.text, value.other) == ("unreadable", None, "Nvn")


def test_blank_field_does_not_take_the_label_beside_it():
    words = [word("Cat. No.", 20, 20), word("Name", 300, 20), word("Site Nevin", 300, 100)]
    assert texts(words, CARD) == [None, "Nevin", None]


def test_blank_field_does_not_take_what_stands_below():
    words = [word("Cat. No.", 20, 20), word("Orig. No. 82", 20, 55), word("Site Nevin", 300, 20)]
    assert texts(words, CARD)[0] is None


def test_blank_field_does_not_take_a_label_with_a_colon():
    assert one([word("Site", 0, 0), word("Locality:", 100, 0)], FieldSpec("Site")).text is None


def test_word_far_away_is_not_its_value():
    assert one([word("Site", 0, 0), word("Nevin", 900, 0)], FieldSpec("Site")).text is None


def test_value_below_where_the_page_has_no_values_beside():
    words = [word("Cat. No.", 20, 20), word("528", 20, 50), word("Site", 300, 20)]
    assert texts(words, CARD) == ["528", None, None]


def test_value_in_pieces_is_joined():
    words = [word("Site", 0, 0), word("Nevin", 80, 0), word("Heap", 150, 0), word("x", 400, 0)]
    assert one(words, FieldSpec("Site")).text == "Nevin Heap"


def test_value_ends_where_another_field_begins():
    words = [word("Cat. No. 528 Site: Nevin", 0, 0)]
    assert texts(words, CARD)[0] == "528"


def test_labels_may_be_others_than_the_name():
    spec = FieldSpec("number", labels=("Inventory No.",))
    assert one([word("Inventory No. 12", 0, 0)], spec).text == "12"


def test_contradicting_places_are_doubtful():
    words = [word("Site Nevin", 0, 0), word("Site Other", 0, 100)]
    value = one(words, FieldSpec("Site"))
    assert value.text == "Nevin"
    assert value.confidence < DOUBT_BELOW


def test_what_may_be_a_row_of_headings_is_doubtful():
    rows = [word("Name", 0, 0), word("Phone", 100, 0), word("Smith", 0, 30), word("555", 100, 30)]
    assert one(rows, FieldSpec("Name")).confidence < DOUBT_BELOW
    assert one(rows[:2], FieldSpec("Name")).confidence >= DOUBT_BELOW


def test_typed_value_must_fit():
    number = FieldSpec("Pages", type=FieldType.NUMBER)
    assert one([word("Pages: about 176 S.", 0, 0)], number).text == "176"
    assert one([word("Pages: none", 0, 0)], number).text is None


def test_date_field_takes_a_date_alone():
    date = FieldSpec("Date")
    assert one([word("Date: 12/02/2018 08:30", 0, 0)], date).text == "12/02/2018"
    assert one([word("Date of issue unknown", 0, 0)], date).text is None


def test_multiline_field_takes_the_lines_below():
    words = [
        word("Remarks: first", 0, 0),
        word("second", 20, 30),
        word("third", 20, 60),
        word("Site Nevin", 0, 90),
    ]
    remarks = FieldSpec("Remarks", type=FieldType.MULTILINE)
    assert texts(words, [remarks, FieldSpec("Site")])[0] == "first\nsecond\nthird"


def test_field_named_by_a_prefix():
    spec = FieldSpec("mark", "the shelf mark, starts with B.")
    words = [word("Basel", 0, 0), word("B.51.322", 500, 0), word("B. Smith", 0, 100)]
    value = one(words, spec)
    assert (value.text, value.confidence < DOUBT_BELOW) == ("B.51.322", True)


def test_value_by_its_form_alone_is_doubtful():
    value = one([word("22/12/2017 14:03", 0, 0)], FieldSpec("Date"))
    assert value.text == "22/12/2017"
    assert 0 < value.confidence < DOUBT_BELOW


def test_field_without_label_and_form_is_not_found():
    words = [word("Niedlich, Dieter. Zum Problem", 0, 0)]
    assert one(words, FieldSpec("author.last_name", "family name of the author")).text is None
