import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.core.manifests.model import Limits, Manifest, ManifestError
from converter.core.manifests.reading import read
from tests.support.private_addresses import BADLY_WRITTEN

LIMITS = Limits(rows=100, addresses=100)
URL = "http://a.example/{}.png"


def listed(text: str, limits: Limits = LIMITS) -> Manifest:
    return read(text.encode(), limits)


def code_of(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(ManifestError) as caught:
        read(data, limits)
    return caught.value.code


def test_a_list_as_people_have_it():
    text = (
        "Serial Number,Product Name,Image URLs\n"
        '1,Chair,"http://a.example/1.png, http://a.example/2.png"\n'
        "2,Table,http://a.example/3.png\n"
    )
    found = listed(text)
    assert found.header == ("Serial Number", "Product Name", "Image URLs")
    assert [row.addresses for row in found.rows] == [(0, 1), (2,)]
    assert [address.url for address in found.addresses] == [URL.format(n) for n in (1, 2, 3)]
    assert [found.called(row) for row in found.rows] == ["1 Chair", "2 Table"]


def test_an_address_that_stands_twice_is_there_once():
    text = f"name,image 1,image 2\na,{URL.format(1)},{URL.format(2)}\nb,{URL.format(1)}#top,\n"
    found = listed(text)
    assert len(found.addresses) == 2
    assert [row.addresses for row in found.rows] == [(0, 1), (0,)]


def test_a_list_without_a_header_has_names_of_ours():
    found = listed(f"1,{URL.format(1)}\n2,{URL.format(2)}\n")
    assert not found.has_header
    assert found.header == ("Column 1", "Column 2")
    assert [row.line for row in found.rows] == [1, 2]


def test_one_address_a_line_is_a_list():
    assert len(listed(f"{URL.format(1)}\n{URL.format(2)}").rows) == 2


def test_addresses_that_spill_over_the_last_column_belong_to_it():
    found = listed(f"no,images\n1,{URL.format(1)},{URL.format(2)}\n2,{URL.format(3)}\n")
    assert found.rows[0].addresses == (0, 1)
    assert found.rows[0].cells == ("1", f"{URL.format(1)},{URL.format(2)}")
    assert not found.rows[0].code


def test_bad_rows_are_told_by_line_and_the_good_ones_go_on():
    text = (
        f"no,image,note\n1,{URL.format(1)},\n2,,\n3,{URL.format(3)},a,b\n"
        f'4,{URL.format(4)},"open\n5,{URL.format(5)}\n6,{URL.format(6)},\0\n'
    )
    found = listed(text)
    assert [(row.line, row.code) for row in found.rows] == [
        (2, ""),
        (3, "row_no_address"),
        (4, "row_ragged"),
        (5, "row_quote_open"),
        (6, ""),
        (7, "row_unreadable"),
    ]
    assert all(row.message for row in found.rows if row.code)
    assert {len(row.cells) for row in found.rows} == {3}
    assert [address.line for address in found.addresses] == [2, 6]


def test_of_a_ragged_row_nothing_is_lost():
    found = listed(f"no,image,note\n1,{URL.format(1)},a,b,c\n")
    assert found.rows[0].cells == ("1", URL.format(1), "a,b,c")


def test_a_delimiter_at_the_end_of_each_line_is_no_column():
    found = listed(f"no;image;\n1;{URL.format(1)};\n")
    assert found.header == ("no", "image")
    assert not found.rows[0].code


@pytest.mark.parametrize("address", BADLY_WRITTEN)
def test_an_address_that_may_not_be_asked_says_so_before_any_is(address: str):
    target = StringIO()
    csv.writer(target).writerows([["image", "other"], [address, "x"], [URL.format(1), "y"]])
    bad = [one for one in listed(target.getvalue()).addresses if one.line == 2]
    assert bad
    assert {one.code for one in bad} <= {"bad_address", "port_refused"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n \n", "empty_file"),
        (b"no,name,image\n", "csv_no_rows"),
        (b"no,name,image\n,,\n \n", "csv_no_rows"),
        (b"no,name\n1,Chair\n", "csv_no_addresses"),
        (b"PK\x03\x04", "csv_not_text"),
        (b"image\n" + b"http://a.example/\n" * 101, "csv_too_large"),
        (b"image\n" + b" ".join(b"http://a.example/%d" % n for n in range(101)), "csv_too_large"),
        (b"image" + b",x" * 500 + b"\nhttp://a.example/\n", "csv_too_large"),
    ],
)
def test_a_file_that_is_no_list(data: bytes, code: str):
    assert code_of(data) == code


def test_a_file_without_addresses_is_told_what_was_found():
    with pytest.raises(ManifestError, match="“no”, “name”"):
        listed("no,name\n1,Chair\n")


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)
ROW = st.tuples(CELL, st.integers(0, 99), CELL)


@given(st.lists(ROW, min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_cells_come_back_as_they_were(rows: list[tuple[str, int, str]], delimiter: str):
    written = [("item name", "picture", "remark"), *[(a, URL.format(n), b) for a, n, b in rows]]
    target = StringIO(newline="")
    csv.writer(target, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(written)
    found = read(b"sep=" + delimiter.encode() + b"\n" + target.getvalue().encode(), LIMITS)
    assert found.columns.addresses == (1,)
    assert [row.cells for row in found.rows] == written[1:]


@given(st.binary(max_size=400))
def test_any_file_is_a_list_or_refused(data: bytes):
    try:
        found = read(b"image,name\nhttp://a.example/1.png,x\n" + data, LIMITS)
    except ManifestError:
        return
    assert found.rows[0].addresses == (0,) or found.encoding != "utf-8"
    assert all(len(row.cells) == len(found.header) for row in found.rows)
    assert all(0 <= n < len(found.addresses) for row in found.rows for n in row.addresses)
    assert not any("\0" in cell for row in found.rows for cell in row.cells)


@pytest.mark.parametrize(
    "data",
    [
        b"image\n" + b'"a\n' * 500_000,
        b"image\n" + b"a,;| " * 1_000_000,
        (b'image\n"' + b"http://a.example " * 7_000 + b'"\n') * 50,
        b"image\n" + b"x" * 2_000_000 + b"\xe9",
        b"_a1" * 1_000_000 + b",image\n,http://a.example/\n",
    ],
)
def test_what_is_made_to_take_long_comes_to_an_end(data: bytes):
    """Each of these would take minutes, or hours, if anything were quadratic."""
    assert outcome(data)


def outcome(data: bytes) -> int | str:
    try:
        return len(read(data, Limits(rows=10_000, addresses=10_000)).rows)
    except ManifestError as error:
        return error.code
