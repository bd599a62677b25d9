"""Which tables are joined, and that no value comes under a heading that is not its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from converter.core.tables.joining import Group, Joiner, Source
from converter.core.tables.model import Cell, Table


def grid(*rows: list[str], header_rows: int = 1) -> Table:
    return Table(
        tuple(
            Cell(row, col, text, header=row < header_rows)
            for row, texts in enumerate(rows)
            for col, text in enumerate(texts)
        )
    )


def doubting(table: Table, *texts: str, confidence: float = 0.3) -> Table:
    """The same with these cells doubtful."""
    return Table(
        tuple(
            Cell(
                cell.row,
                cell.col,
                cell.text,
                cell.rowspan,
                cell.colspan,
                header=cell.header,
                confidence=confidence if cell.text in texts else 1.0,
            )
            for cell in table.cells
        )
    )


ITEMS = grid(["Item", "Price"], ["a", "1"])


@pytest.fixture
def joiner() -> Iterator[Joiner]:
    joiner = Joiner()
    yield joiner
    joiner.close()


def joined(joiner: Joiner, *tables: Table) -> list[Group]:
    for number, table in enumerate(tables, 1):
        joiner.add(Source("a.png", number), table)
    return joiner.groups


def sizes(joiner: Joiner, *tables: Table) -> list[int]:
    return [len(group.parts) for group in joined(joiner, *tables)]


def test_tables_with_the_same_headings_become_one(joiner):
    [group] = joined(joiner, ITEMS, grid(["ITEM ", "Price:"], ["b", "2"], ["Total", "2"]))
    assert list(joiner.rows(group)) == [
        ["Item", "Price", "Source image", "Source table"],
        ["a", "1", "a.png", "1"],
        ["b", "2", "a.png", "2"],
        ["Total", "2", "a.png", "2"],
    ]


def test_another_order_of_the_columns_is_put_right_by_their_names(joiner):
    [group] = joined(joiner, ITEMS, grid(["Price", "Item"], ["2", "b"]))
    assert list(joiner.rows(group))[2] == ["b", "2", "a.png", "2"]


@pytest.mark.parametrize(
    "other",
    [
        grid(["Item", "Price", "Tax"], ["b", "2", "3"]),
        grid(["Item"], ["b"]),
        grid(["Item", "Prices"], ["b", "2"]),
        grid(["Item", "Price €"], ["b", "2"]),
        grid(["Item", "Prlce"], ["b", "2"]),
        grid(["b", "2"], ["c", "3"], header_rows=0),
        grid(["Goods", "Goods"], ["Item", "Price"], ["b", "2"], header_rows=2),
        doubting(grid(["Price", "Item"], ["2", "b"]), "Item"),
        doubting(grid(["Item", "Cost"], ["b", "2"]), "Cost"),
    ],
)
def test_in_doubt_tables_stay_apart(joiner, other):
    assert sizes(joiner, ITEMS, other) == [1, 1]


@pytest.mark.parametrize("swapped", [False, True])
def test_a_spelling_that_looks_alike_is_joined_where_one_of_both_is_doubtful(joiner, swapped):
    unsure = doubting(grid(["Item", "Prlce"], ["b", "2"]), "Prlce")
    [group] = joined(joiner, *([unsure, ITEMS] if swapped else [ITEMS, unsure]))
    header = joiner.header(group)
    heading = next(cell for cell in header.table.cells if cell.col == 1)
    assert (heading.text, heading.confidence) == ("Price", 0.0)
    number = 1 if swapped else 2
    assert header.notes == {(0, 1): f"“Prlce” in a.png, table {number}: hard to read (30 % sure)"}


def test_headings_beyond_doubt_are_never_joined_by_a_third_that_is_like_both(joiner):
    unsure = doubting(grid(["Item", "Fal1s"], ["a", "1"]), "Fal1s")
    fails, falls = (grid(["Item", word], ["a", "1"]) for word in ("Fails", "Falls"))
    assert sizes(joiner, unsure, fails, falls, fails, falls) == [3, 2]


def test_what_could_belong_to_either_of_two_stays_alone(joiner):
    fails, falls = (grid(["Item", word], ["a", "1"]) for word in ("Fails", "Falls"))
    unsure = doubting(grid(["Item", "Fai1s"], ["a", "1"]), "Fai1s")
    assert sizes(joiner, fails, falls, unsure) == [1, 1, 1]


def test_columns_that_look_alike_are_not_told_apart_by_their_place(joiner):
    first = grid(["Fails", "Falls"], ["1", "2"])
    turned = doubting(grid(["Falls", "Fails"], ["2", "1"]), "Falls", "Fails")
    assert sizes(joiner, first, turned) == [1, 1]


def test_a_cell_over_two_columns_is_never_torn_apart(joiner):
    first = grid(["A1x", "Bb", "Cc"], ["1", "2", "3"])
    torn = Table(
        (
            *(Cell(0, col, text, header=True) for col, text in enumerate(["A1x", "Cc", "Bb"])),
            Cell(1, 0, "both", colspan=2),
            Cell(1, 2, "2"),
        )
    )
    assert sizes(joiner, first, torn) == [1, 1]


def test_headers_of_several_rows_keep_their_spans(joiner):
    def table(value: str) -> Table:
        return Table(
            (
                Cell(0, 0, "Country", rowspan=2, header=True),
                Cell(0, 1, "Sales", colspan=2, header=True),
                Cell(1, 1, "2019", header=True),
                Cell(1, 2, "2020", header=True),
                *(Cell(2, col, value) for col in range(3)),
            )
        )

    [group] = joined(joiner, table("a"), table("b"))
    spans = {cell.text: (cell.rowspan, cell.colspan) for cell in joiner.header(group).table.cells}
    assert spans["Country"] == spans["Source image"] == (2, 1)
    assert spans["Sales"] == (1, 2)
    assert [row[0] for row in joiner.rows(group)] == ["Country", "", "a", "b"]


def test_a_doubtful_heading_is_marked_though_it_is_written_alike(joiner):
    [group] = joined(joiner, ITEMS, doubting(ITEMS, "Item"))
    header = joiner.header(group)
    assert [cell.confidence for cell in header.table.cells if cell.col < 2] == [0.0, 1.0]
    assert "“Item” in a.png, table 2: hard to read" in header.notes[0, 0]


def test_of_very_many_spellings_a_doubt_is_never_left_out(joiner):
    dots = [grid(["Item", "Price" + "." * n], ["a", "1"]) for n in range(30)]
    [group] = joined(joiner, *dots, doubting(ITEMS, "Price"))
    header = joiner.header(group)
    assert next(cell for cell in header.table.cells if cell.col == 1).confidence == 0.0
    assert "hard to read" in header.notes[0, 1]
    assert len(header.notes[0, 1].split("\n")) <= 13


def test_without_a_name_of_the_image_its_column_is_left_out(joiner):
    for number in (1, 2):
        joiner.add(Source(None, number), ITEMS)
    [group] = joiner.groups
    assert list(joiner.rows(group))[:2] == [["Item", "Price", "Source table"], ["a", "1", "1"]]


def test_a_table_alone_is_left_as_it_is(joiner):
    [group] = joined(joiner, ITEMS)
    assert list(joiner.rows(group)) == [["Item", "Price"], ["a", "1"]]
