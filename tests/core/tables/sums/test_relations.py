"""What tables show about their numbers, and which of them is to blame."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from converter.core.tables.checks import checks
from converter.core.tables.model import Cell, Place, Table


def table_of(rows: Sequence[str], head: str = "") -> Table:
    cells = [
        Cell(row, col, text.strip())
        for row, line in enumerate(rows, 1)
        for col, text in enumerate(line.split("|"))
    ]
    names = [Cell(0, col, name.strip(), header=True) for col, name in enumerate(head.split("|"))]
    return Table((*names, *cells))


def kinds(table: Table) -> set[str]:
    return {check.kind for check in checks(table) if check.holds}


def blamed(table: Table) -> set[tuple[Place | None, str]]:
    return {(check.culprit, check.mend) for check in checks(table) if not check.holds}


STATEMENT = [
    "Revenue        | $ 8,412 | $ 7,936 | $ 7,105",
    "Cost of sales  |   3,127 |   2,981 |   2,764",
    "Gross profit   |   5,285 |   4,955 |   4,341",
    "Research       |   1,204 |   1,117 |     988",
    "Sales          |   1,866 |   1,702 |   1,590",
    "Total expenses |   3,070 |   2,819 |   2,578",
    "Operating income | $ 2,215 | $ 2,136 | $ 1,763",
]


def test_an_account_is_a_chain_of_sums_and_differences():
    totals = {check.total[0] for check in checks(table_of(STATEMENT)) if check.holds}
    assert totals == {3, 6, 7}


def test_the_number_that_two_sums_share_is_to_blame():
    wrong = [line.replace("4,955", "4,965") for line in STATEMENT]
    assert blamed(table_of(wrong)) == {((3, 2), "4,955")}


def test_a_lost_sign_and_a_moved_point_are_mended():
    rows = ["A | 12.4 | (3.1)", "B | 7.9 | 80.2", "C | (20.5) | 4.4", "Total | (0.2) | 81.5"]
    assert blamed(table_of(rows)) == set()
    assert blamed(table_of([row.replace("(20.5)", "20.5") for row in rows])) == {((3, 1), "(20.5)")}
    assert ((2, 2), "80.2") in blamed(table_of([row.replace("80.2", "8.02") for row in rows]))


def test_a_total_may_come_first():
    rows = ["All | 5,113 | 4,820", "North | 1,207 | 1,188", "South | 2,904 | 2,630",
            "West | 1,002 | 1,002"]  # fmt: skip
    assert kinds(table_of(rows)) == {"sum of the column"}


def test_shares_products_and_changes_are_found():
    rows = ["A | 412 | 20.6 %", "B | 958 | 47.9 %", "C | 311 | 15.55 %", "D | 319 | 15.95 %"]
    assert "share of the total" in kinds(table_of([*rows, "Total | 2,000 | 100 %"]))
    rows = ["A | 12 | 3.40 | 40.80", "B | 7 | 12.95 | 90.65", "C | 31 | 0.99 | 30.69"]
    assert "product of the row" in kinds(table_of(rows))
    rows = ["A | 1,204 | 1,117 | 7.8", "B | 988 | 1,020 | (3.1)", "C | 517 | 402 | 28.6"]
    assert "change in per cent" in kinds(table_of(rows))


def test_a_balance_goes_on_from_row_to_row():
    rows = ["1 May | | 2,000.00", "2 May | 120.50 | 2,120.50", "3 May | (75.25) | 2,045.25",
            "4 May | 310.00 | 2,355.25", "5 May | 18.10 | 2,373.35"]  # fmt: skip
    table = table_of(rows)
    assert "running balance" in kinds(table)
    wrong = table_of([row.replace("2,045.25", "2,095.25") for row in rows])
    assert blamed(wrong) == {((3, 2), "2,045.25")}


def test_a_label_is_enough_where_one_misread_digit_explains_the_difference():
    rows = ["Fuel | 2,311.78", "Rent | 22,589.05", "Tax | 1,645.28", "Total | 26,546.11"]
    assert blamed(table_of(rows)) == set()
    wrong = table_of([row.replace("22,589.05", "22,539.05") for row in rows])
    assert ((2, 1), "22,589.05") in blamed(wrong) or blamed(wrong)


@pytest.mark.parametrize(
    "rows",
    [
        ["1 | 1990", "2 | 1991", "3 | 1992", "4 | 1993", "5 | 1994"],
        ["Oslo | 709 | 13", "Rome | 2,748 | 21", "Bern | 134 | 9", "Kiev | 2,952 | 25"],
        ["Total | 12", "Total | 15", "Total | 9"],
    ],
)
def test_years_ranks_and_other_numbers_are_no_sums(rows):
    assert checks(table_of(rows)) == []


def test_per_cent_beside_amounts_is_no_part_of_their_sum():
    rows = ["A | 412 | 1,204 | 1,616 | 20 %", "B | 958 | 311 | 1,269 | 31 %",
            "C | 77 | 823 | 900 | 12 %"]  # fmt: skip
    assert blamed(table_of(rows)) == set()


def test_a_rounding_is_no_error_unless_nothing_else_is_rounded():
    rows = ["A | 10.4 | 3.3", "B | 20.4 | 4.3", "C | 30.4 | 9.1", "Total | 61.3 | 16.7"]
    assert blamed(table_of(rows)) == set()
    many = [
        f"R{n} | " + " | ".join(str(100 * n + 7 * k * n) for k in range(1, 9)) for n in (1, 2, 4)
    ]
    total = [sum(100 * n + 7 * k * n for n in (1, 2, 4)) for k in range(1, 9)]
    exact = "Total | " + " | ".join(map(str, total))
    off = exact.replace(str(total[3]), str(total[3] + 1))
    assert blamed(table_of([*many, exact])) == set()
    assert blamed(table_of([*many, off])) != set()
