import csv
from io import StringIO
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.core.manifests.model import Dialect, ManifestError
from converter.core.manifests.records import find_dialect, lines_of, records

COMMA = Dialect(",")


def read(text: str, dialect: Dialect = COMMA) -> list[tuple[int, tuple[str, ...], str]]:
    return [(one.line, one.cells, one.code) for one in records(lines_of(text), dialect)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str):
    rows = [
        ["no", "name", "image"],
        ["1", "Chair, oak", "http://a.example/1.png"],
        ["2", "x;y", ""],
    ]
    target = StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    assert find_dialect(lines_of(target.getvalue())) == (Dialect(delimiter), 0)


def test_commas_between_addresses_are_no_delimiters_beside_semicolons():
    text = "no;name;urls\n1;Chair;http://a/1,http://a/2\n2;Table;http://a/3,http://a/4,http://a/5\n"
    assert find_dialect(lines_of(text))[0].delimiter == ";"


@pytest.mark.parametrize("said", ["sep=;", '"sep=;"', "\ufeffSEP=;"])
def test_what_the_first_line_says_holds(said: str):
    assert find_dialect(lines_of(f"{said}\r\na,b;c\r\n")) == (Dialect(";"), 1)


@pytest.mark.parametrize("said", ['sep="', "sep=a", "sep=", "sep=\0", "sep=;;"])
def test_what_can_be_no_delimiter_is_not_believed(said: str):
    assert find_dialect(lines_of(f"{said}\na,b\n1,2\n")) == (COMMA, 0)


def test_single_quotes_are_found_where_they_stand_around_cells():
    text = "'no','name'\n'1','Chair, oak'\n"
    dialect, _ = find_dialect(lines_of(text))
    assert read(text, dialect)[1] == (2, ("1", "Chair, oak"), "")
    assert find_dialect(lines_of("no,name\n1,Children's chair\n"))[0].quote == '"'


def test_lines_count_from_one_and_over_line_breaks_in_cells():
    text = 'a,b\r\n\r\n1,"x\r\ny"\r\n , \r\n2,z\r\n'
    assert [line for line, _, _ in read(text)] == [1, 3, 6]


def test_old_line_ends_are_known():
    assert [cells for _, cells, _ in read("a,b\r1,2\r")] == [("a", "b"), ("1", "2")]


def test_an_open_quote_costs_one_row_and_no_other():
    text = 'a,b\n1,"open\n2,x\n3,y\n'
    found = read(text)
    assert found[1] == (2, ("1", '"open'), "row_quote_open")
    assert [cells for _, cells, _ in found[2:]] == [("2", "x"), ("3", "y")]


def test_a_cell_may_hold_many_lines():
    cell = "\n".join(f"http://a.example/{n}.png" for n in range(40))
    assert read(f'1,"{cell}"\n2,x\n')[0] == (1, ("1", cell), "")


def test_a_zero_byte_costs_one_row_and_no_other():
    assert [(line, code) for line, _, code in read("a,b\n1,x\0\n2,y\n")] == [
        (1, ""),
        (2, "row_unreadable"),
        (3, ""),
    ]


def test_a_cell_without_end_costs_one_row_and_no_other():
    found = read(f"a,b\n1\0,{'x' * 200_000}\n2,y\n")
    assert "\0" not in found[1][1][0]
    assert [(line, code) for line, _, code in found] == [(1, ""), (2, "row_unreadable"), (3, "")]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=8), st.sampled_from(",;\t|"))
def test_what_is_written_as_csv_comes_back(rows: list[list[str]], delimiter: str):
    target = StringIO(newline="")
    csv.writer(target, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    found = read(target.getvalue(), Dialect(delimiter))
    assert [list(cells) for _, cells, _ in found] == [
        row for row in rows if any(cell.strip() for cell in row)
    ]


@given(st.text('ab",;\n\r\0', max_size=60))
def test_any_text_ends_in_records_of_rising_lines(text: str):
    lines = lines_of(text)
    dialect, first = find_dialect(lines)
    numbers = [record.line for record in records(lines, dialect, first)]
    assert numbers == sorted(set(numbers))
    assert all(0 < number <= len(lines) for number in numbers)


def test_lines_of_nothing_are_passed_over_without_a_parser(monkeypatch):
    parsed = Mock()
    monkeypatch.setattr("converter.core.manifests.records._record_at", parsed)
    assert read("\n \t\r\n,\n,,  ,\n") == []
    assert not parsed.called


def test_too_many_records_of_nothing_are_too_large(monkeypatch):
    monkeypatch.setattr("converter.core.manifests.records._MOST_EMPTY", 3)
    assert read('""\n' * 3 + "a\n") == [(4, ("a",), "")]
    with pytest.raises(ManifestError, match="empty rows"):
        read('""\n' * 4)
