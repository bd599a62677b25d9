"""Numbers in brackets are below zero only where nothing else speaks against it."""

from __future__ import annotations

import pytest

from converter.core.tables.brackets import brackets_alternate, entries
from converter.core.tables.model import Cell, Table
from converter.core.tables.numerals import parse_numeral
from converter.core.tables.values import column_values, table_values

LABELS = {
    "errors under values, a count below": ["0.52", "(0.03)", "0.11", "(0.02)", "1000"],
    "whole numbers": ["52", "(3)", "11", "(2)", "1000"],
    "marks of significance": ["0.52***", "(0.03)", "0.11", "(0.02)", "1,000"],
    "marks, one error": ["0.52***", "(0.03)", "1000"],
    "one error, a count below": ["0.52", "(0.03)", "1000"],
    "marks behind the brackets": ["0.52", "(0.03)***", "0.11", "(0.02)", "0.35"],
    "letters for marks": ["0.52a", "(0.03)", "0.11b", "(0.02)"],
    "gaps and words between": ["0.52", "(0.03)", "", "0.11", "(0.02)", "Yes", "1000", "0.35"],
    "errors and levels of significance": ["0.52", "(0.03)", "(0.01)", "0.11", "(0.02)", "(0.04)"],
    "two panels": ["0.5", "(0.1)", "0.7", "(0.2)", "900", "0.1", "0.4", "(0.3)", "0.6", "(0.1)"],
    "values with a minus sign": ["-0.52", "(0.03)", "0.11", "0.5", "(0.02)"],
    "means of money": ["45,678", "(12,345)", "56,789", "(23,456)"],
    "large values, two rows below": ["1,234.5", "(300.2)", "5.1", "(1.2)", "1,000", "0.35"],
    "three decimals": ["0.500", "1.234", "(0.321)", "0.777", "(1.210)", "45"],
    "counts above values": ["(12)", "34", "(15)", "40"],
    "counts between percentages": ["45%", "(12)", "30%", "(8)"],
    "a count beside a percentage": ["45%", "(12)", "30%", "28%"],
    "percentages between counts": ["45", "(12%)", "30", "(8%)", "7"],
    "percentages alone": ["(34%)", "(12%)", "(50%)"],
    "counts alone": ["(12)", "(34)", "(8)"],
    "labels that count up": ["(1)", "(2)", "(3)"],
    "other decimals": ["12", "15", "(0.5)", "(1.2)", "30"],
    "behind values, one on its own line": ["12 (3)", "14 (2)", "(5)"],
    "behind percentages": ["31554 (12.2%)", "244* (4.1%)", "(5.1%)", "7"],
    "a label among words": ["Smith", "(5)", "Jones"],
}

BELOW_ZERO = {
    "one among plain numbers": ["12", "(5)", "7"],
    "one amount": ["2,500", "(1,234)", "800", "7"],
    "one with decimals": ["12.50", "8.25", "(5.75)", "3.00"],
    "alone": ["(5)"],
    "alone below a heading": ["Amount", "-", "(5)"],
    "several in no order": ["1", "7", "(7)", "3", "4", "(2)", "(1)"],
    "amounts": ["1,000", "(600)", "(1,100)", "300", "20"],
    "amounts in no order": ["1,000", "400", "(1,600)", "300", "(20)", "10"],
    "amounts with small losses": ["1,234", "567", "(89)", "45", "(3)"],
    "currency": ["$12", "$8", "($5)", "$7", "($2)"],
    "what is left is below": ["1000", "(600)", "400", "(100)", "300"],
    "loss in percent": ["5%", "(3%)", "2%", "1%"],
}


def kept(texts: list[str]) -> list[str]:
    return [str(value.content) for value in column_values(texts) if value.number_format == "@"]


def in_brackets(texts: list[str]) -> list[str]:
    return [text for text in texts if text.startswith("(")]


@pytest.mark.parametrize("texts", LABELS.values(), ids=LABELS)
def test_brackets_that_stay_text(texts):
    assert set(in_brackets(texts)) <= set(kept(texts))


@pytest.mark.parametrize("texts", BELOW_ZERO.values(), ids=BELOW_ZERO)
def test_brackets_below_zero(texts):
    values = column_values(texts)
    found = [value for value, text in zip(values, texts, strict=True) if text.startswith("(")]
    assert all(isinstance(value.content, int | float) and value.content < 0 for value in found)
    assert all("(" in value.number_format for value in found)


def alternate(*texts: str) -> bool:
    return brackets_alternate(entries(texts, [parse_numeral(text) for text in texts]))


def test_turns_are_taken_twice_at_least():
    assert alternate("5", "(1)", "6", "(2)")
    assert not alternate("5", "(1)", "6")
    assert not alternate("5", "6", "7")
    assert not alternate()


def test_values_that_are_sums_take_no_turns():
    assert not alternate("1000", "(600)", "400", "(100)", "300")
    assert alternate("1000", "(600)", "500", "(100)", "300")


def table(*rows: list[str]) -> Table:
    return Table(
        tuple(
            Cell(row, col, text) for row, texts in enumerate(rows) for col, text in enumerate(texts)
        )
    )


def contents(of: Table) -> dict[tuple[int, int], object]:
    return {place: value.content for place, value in table_values(of).items()}


def test_errors_of_one_column_are_errors_in_all():
    found = contents(
        table(["0.5", ""], ["(0.1)", ""], ["0.7", "0.3"], ["(0.2)", "(0.4)"], ["9", "8"])
    )
    assert [found[1, 0], found[3, 1]] == ["(0.1)", "(0.4)"]


def test_amounts_of_one_column_settle_the_others():
    found = contents(table(["1,200", "5"], ["(1,300)", "0.7"], ["7", "(12)"], ["9", "(8)"]))
    assert [found[1, 0], found[2, 1], found[3, 1]] == [-1300, -12, -8]


def test_table_with_signs_needs_no_brackets_for_numbers_below_zero():
    found = contents(
        table(["79", "+3"], ["(78)", "-4"], ["96", "+2"], ["97", "-1"], ["(59)", "+7"])
    )
    assert [found[1, 0], found[4, 0]] == ["(78)", "(59)"]


def test_row_that_numbers_the_columns_is_not_theirs():
    found = contents(
        table(["Model", "(1)", "(2)", "(3)"], ["a", "5", "6", "7"], ["b", "1", "2", "3"])
    )
    assert [found[0, col] for col in (1, 2, 3)] == ["(1)", "(2)", "(3)"]


CASH_FLOW = ["120", "30", "(12)", "(8)", "5", "(40)", "(20)", "75"]


def test_rows_with_names_of_their_own_take_turns_by_chance():
    assert alternate(*CASH_FLOW)
    found = contents(table(*([f"item {row}", text] for row, text in enumerate(CASH_FLOW))))
    assert [found[row, 1] for row in (2, 3, 5, 6)] == [-12, -8, -40, -20]
    found = contents(table(*(["", text] for text in CASH_FLOW)))
    assert [found[row, 1] for row in (2, 3, 5, 6)] == ["(12)", "(8)", "(40)", "(20)"]


def test_names_do_not_make_amounts_of_strict_turns():
    texts = ["0.52", "(0.03)", "0.11", "(0.02)", "1000"]
    found = contents(table(*([f"row {row}", text] for row, text in enumerate(texts))))
    assert [found[row, 1] for row in (1, 3)] == ["(0.03)", "(0.02)"]
