"""Words of texts and of queries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.search.words import LONGEST, MOST_BYTES, places_of, terms_of, words_of


def finds(query: str, text: str) -> bool:
    words, terms = words_of([text]).split(), terms_of(query)
    return bool(terms) and all(any(word.startswith(term) for word in words) for term in terms)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("iowa", "Iowa"),
        ("IOWA 19", "1990 Iowa"),
        ("io", "Iowa"),
        ("1234", "1,234.50"),
        ("1,234", "1234.50"),
        ("234.50", "1,234.50"),
        ("2031", "INV-2031"),
        ("inv2031", "INV-2031"),
        ("2031", "INV2031"),
        ("ete", "Été"),
        ("Été", "ete"),
        ("京都", "東京都"),
        ("ひら", "ひらがな"),
        ("한국", "한국어"),
        ("ไทย", "ภาษาไทย"),
        ("Ω", "5 ω"),
        ("😀", "fine 😀"),
        ("€7", "€7.50"),
        ("7", "€7.50"),
        ("(12)", "-12"),
        ("a", "Aa"),
    ],
)
def test_what_is_found(query, text):
    assert finds(query, text)


@pytest.mark.parametrize(("query", "text"), [("owa", "Iowa"), ("5", "12,345"), ("-", "a - b")])
def test_what_is_not(query, text):
    assert not finds(query, text)


@given(st.text())
def test_every_piece_of_a_text_finds_it(text):
    for piece in text.split():
        assert not terms_of(piece) or finds(piece, text)


@given(st.text(), st.text())
def test_no_input_is_refused(query, text):
    for term, (start, end) in places_of(terms_of(query), text).items():
        assert 0 <= start < end <= len(text)
        assert len(term) <= LONGEST
    assert "\0" not in words_of([text])
    words_of([text]).encode()


def test_where_it_stands_is_told_in_the_text_itself():
    text = "a Été 12,345.50 東京都"
    places = places_of(terms_of("ete 12345 京都"), text)
    assert [text[start:end] for start, end in places.values()] == ["Été", "12,345", "京都"]


def test_words_of_a_huge_text_are_bounded():
    text = " ".join(map(str, range(200_000)))
    assert len(words_of([text]).encode()) <= MOST_BYTES
