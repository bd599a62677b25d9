"""Two sides of a card: which belong together, and what they say."""

from __future__ import annotations

import pytest

from converter.core.fields.pairing import Card, Pairing, merge_sides, pair
from converter.core.fields.values import FieldValue, Mark, ValueState


def by_names(*names: str) -> list[tuple[int, int | None]]:
    return [(card.front, card.back) for card in pair(names, Pairing.NAMES)]


def test_without_pairing_each_picture_is_a_card():
    assert pair(["a", "b"], Pairing.NONE) == (Card(0), Card(1))


def test_alternating_an_odd_one_has_no_back():
    assert pair(["x"] * 5, Pairing.ALTERNATING) == (Card(0, 1), Card(2, 3), Card(4))
    assert pair([], Pairing.ALTERNATING) == ()


@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("007_a.jpg", "007_b.jpg"),
        ("007a.jpg", "007b.JPG"),
        ("007-1.png", "007-2.png"),
        ("box 3 007 (01).png", "box 3 007 (02).png"),
        ("007_recto.tif", "007_VERSO.tif"),
        ("007 front.jpg", "007 back.jpg"),
        ("007_r.jpg", "007_v.jpg"),
        ("Müller_f", "Müller_b"),
        ("Karte 12 Vorderseite.jpg", "Karte 12 Rückseite.jpg"),
    ],
)
def test_sides_are_known_by_their_names(front, back):
    assert by_names(front, back) == [(0, 1)]
    assert by_names(back, "other.jpg", front) == [(1, None), (2, 0)]


def test_what_has_no_partner_is_a_card_alone():
    assert by_names("1_a.jpg", "2_a.jpg", "1_b.jpg", "3_b.jpg", "plain.jpg") == [
        (0, 2),
        (1, None),
        (3, None),
        (4, None),
    ]


def test_a_series_of_numbers_is_no_pair_of_sides():
    assert by_names("scan-1.png", "scan-2.png", "scan-3.png") == [(0, None), (1, None), (2, None)]


def test_a_second_picture_of_a_side_is_a_card_of_its_own():
    assert by_names("1_a.jpg", "1_b.jpg", "1_a.png") == [(0, 1), (2, None)]


def test_every_picture_is_in_one_card():
    names = [f"{n}_{side}.jpg" for n in range(50) for side in "ab"] + ["x.jpg", "y-1.jpg", "y.jpg"]
    sides = [place for card in pair(names, Pairing.NAMES) for place in (card.front, card.back)]
    assert sorted(filter(lambda place: place is not None, sides)) == list(range(len(names)))


def read(text: str) -> FieldValue:
    return FieldValue("Name", text, confidence=0.9)


BLANK = FieldValue("Name", state=ValueState.BLANK)
ABSENT = FieldValue("Name", marks=(Mark.REQUIRED,))
FIXED = FieldValue("Name", "Curie", state=ValueState.CORRECTED)


@pytest.mark.parametrize(
    ("front", "back", "both"),
    [
        (read("Curie"), ABSENT, read("Curie")),
        (ABSENT, read("Curie"), read("Curie")),
        (ABSENT, ABSENT, ABSENT),
        (FieldValue("Name"), BLANK, BLANK),
        (read("Curie"), read("Curie"), read("Curie")),
        (read("Curre"), FIXED, FIXED),
    ],
)
def test_the_side_that_says_more_is_believed(front, back, both):
    assert merge_sides([front], [back]) == (both,)


def test_sides_that_differ_are_both_told():
    (value,) = merge_sides([read("Curie")], [read("Curre")])
    assert (value.text, value.other, value.marks) == ("Curie", "Curre", (Mark.SIDES_DIFFER,))
    assert value.is_doubtful


def test_a_field_that_only_the_front_has_stays():
    assert merge_sides([read("Curie")], []) == (read("Curie"),)
