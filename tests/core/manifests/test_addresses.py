import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.core.manifests.addresses import is_address, split

A, B, C = "http://a.example/1.png", "https://b.example/2.png?x=1", "HTTP://C.example/w_3,h_4/3.png"


@pytest.mark.parametrize("between", [",", ";", " ", "\n", "\r\n", ", ", " ; ", "|", ",,", ", \n "])
def test_addresses_are_told_apart_whatever_stands_between(between: str):
    assert split(between.join([A, B, C])) == [A, B, C]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("", []),
        (" , ; \n", []),
        (f"{A},", [A]),
        (f'"{A}", "{B}"', [A, B]),
        (f"<{A}>", [A]),
        ("http://a.example/my chair.png", ["http://a.example/my chair.png"]),
        ("chair.png", ["chair.png"]),
        (f"{A} file:///etc/passwd,gopher://x/", [A, "file:///etc/passwd", "gopher://x/"]),
        ("javascript:alert(1)", ["javascript:alert(1)"]),
    ],
)
def test_what_a_cell_holds(cell: str, found: list[str]):
    assert split(cell) == found


def test_any_scheme_is_an_address_and_a_word_is_none():
    assert is_address(" gopher://x/")
    assert not is_address("see http://a.example/")
    assert not is_address("12:30")


@given(
    st.lists(st.sampled_from([A, B, C]), max_size=8), st.text(" ,;|\n\t", min_size=1, max_size=5)
)
def test_nothing_is_lost_and_nothing_made_up(addresses: list[str], between: str):
    assert split(between.join(addresses)) == addresses


def test_signs_without_end_take_no_time_without_end():
    """Quadratic, this would take an hour."""
    assert split(A + " ,;|" * 100_000 + B + ";" * 100_000) == [A, B]
