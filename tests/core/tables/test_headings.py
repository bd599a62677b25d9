"""What of a heading must be the same in another table, and which tables have such headings."""

from __future__ import annotations

import pytest

from converter.core.tables.headings import Heading, headings, names_of, plain
from converter.core.tables.model import Cell, Table
from tests.core.tables.test_joining import grid


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Unit price", "UNIT  PRICE:"),
        ("Unit\nprice", "Unit-price"),
        ("No. 1", "No 1"),
        ("No.1", "No 1"),
        ("Area (m²)", "Area m2"),
        ("Men's", "Men\N{RIGHT SINGLE QUOTATION MARK}s"),
        ("Sales (units)", "Sales units"),
        ("2019\N{EN DASH}20", "2019-20"),
        ("ﬁle", "file"),
    ],
)
def test_case_blanks_and_loose_punctuation_do_not_count(one, other):
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Price ($)", "Price (€)"),
        ("Change", "Change %"),
        ("A", "A-"),
        ("A+", "A-"),
        ("-5", "5"),
        ("1.5", "15"),
        ("1.5", "1-5"),
        ("1-10", "11-0"),
        (".5", "5"),
        ("Dose .5", "Dose 5"),
        ("Dose -.5", "Dose .5"),
        ("10²", "102"),
        ("t-1", "t1"),
        ("Length (')", 'Length (")'),
        ("Résumé", "Resume"),
        ("Men", "Women"),
        ("Price*", "Price"),
    ],
)
def test_what_may_mean_something_counts(one, other):
    assert plain(one) != plain(other)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Total", "T0tal", True),
        ("Price", "Prlce", True),
        ("Return", "Retum", True),
        ("Café au lait", "Cafe au lait", True),
        ("Size 5", "Size S", False),
        ("Type 0", "Type O", False),
        ("Employer", "Employee", False),
        ("Men", "Hen", False),
        ("II", "11", False),
    ],
)
def test_names_that_look_alike_have_one_shape(one, other, alike):
    first, second = (Heading((Cell(0, 0, text),)) for text in (one, other))
    assert first.name != second.name
    assert (first.shape == second.shape) is alike


def test_a_heading_is_read_from_the_top_down():
    cells = (
        Cell(0, 0, "Country", rowspan=2, header=True),
        Cell(0, 1, "Sales", colspan=2, header=True),
        Cell(1, 1, "2019", header=True),
        Cell(1, 2, "2020", header=True),
        *(Cell(2, col, "x") for col in range(3)),
    )
    assert names_of(headings(Table(cells))) == (("country",), ("sales", "2019"), ("sales", "2020"))


def header(*cells: Cell) -> Table:
    return Table((*cells, Cell(1, 0, "a"), Cell(1, 1, "1")))


def head(col: int, text: str, **more: object) -> Cell:
    return Cell(0, col, text, header=True, **more)


@pytest.mark.parametrize(
    "table",
    [
        grid(["Item", "Price"], ["a", "1"], header_rows=0),
        grid(["Item", "Price"]),
        grid(["Item"], ["a"]),
        header(head(0, ""), head(1, "Price")),
        header(head(0, "-"), head(1, "Price")),
        header(head(0, "Price"), head(1, "price")),
        header(head(0, "1"), head(1, "2")),
        header(head(0, "", other="Item", confidence=0.1), head(1, "Price")),
        Table((head(0, "Item"), head(1, "Price", rowspan=2), Cell(1, 0, "a"), Cell(2, 0, "b"))),
        Table(()),
    ],
)
def test_columns_that_could_be_mistaken_have_no_headings(table):
    assert headings(table) == ()
