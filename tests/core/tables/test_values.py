"""What text means, and that a value is shown again exactly as it was printed."""

from __future__ import annotations

import random
import re
from datetime import date
from decimal import Decimal

import pytest

from converter.core.tables.conventions import Usage
from converter.core.tables.model import Cell, Table
from converter.core.tables.numerals import Marks
from converter.core.tables.values import (
    Surroundings,
    Value,
    column_values,
    table_values,
)


def parse_value(text: str) -> Value:
    """What `text` means by itself, with no column around it."""
    return column_values([text])[0]


NUMBERS = [
    ("0", 0, "0"),
    ("7", 7, "0"),
    ("2019", 2019, "0"),
    (" 42 ", 42, "0"),
    ("-5", -5, "0"),
    ("1.50", 1.5, "0.00"),
    ("0.125", 0.125, "0.000"),
    (".5", 0.5, ".0"),
    ("-.25", -0.25, ".00"),
    ("1,234.50", 1234.5, "#,##0.00"),
    ("12,345,678", 12345678, "#,##0"),
    ("1,234", 1234, "#,##0"),
    ("(5)", -5, "0;(0)"),
    ("(1,234.5)", -1234.5, "#,##0.0;(#,##0.0)"),
    ("12.5%", 0.125, "0.0%"),
    ("7 %", 0.07, '0" "%'),
    ("(5%)", -0.05, "0%;(0%)"),
    ("€3", 3, '"€"0'),
    ("$1,234", 1234, '"$"#,##0'),
    ("3 €", 3, '0" €"'),
    ("£-5", -5, '"£"0;"£"-0'),
    ("-$5", -5, '"$"0'),
    ("($5)", -5, '"$"0;("$"0)'),
    ("\u22125", -5, "0"),
    ("\u20135.0", -5.0, "0.0"),
    ("+5", 5, "+0;-0"),
    ("-0.0", 0.0, "0.0;-0.0;-0.0"),
    ("(0)", 0, "0;(0);(0)"),
    ("33 003", 33003, '#" "##0'),
    ("1 234 567.8", 1234567.8, '#" "###" "##0.0'),
    ("33\u00a0003", 33003, '#"\u00a0"##0'),
    ("33\u2009003", 33003, '#"\u2009"##0'),
    ("123456789012345", 123456789012345, "0"),
]

TEXTS = [
    "",
    "   ",
    "Total",
    "TRUE",
    "#N/A",
    "=1+1",
    "-",
    "\u2013",
    "\u2014",
    ".",
    ",",
    "$",
    "%",
    "()",
    "007",
    "00123",
    "-05",
    "00.5",
    "1234567890123456",
    "0.1234567890123456",
    "555-0199",
    "+1 555 123",
    "+15551234567",
    "12E5",
    "1e3",
    "1-2",
    "3/4",
    "2.1.3",
    "192.168.100",
    "10-20",
    "10\u201320",
    "12*",
    "12a",
    "1.2±0.3",
    "5²",
    "12:30",
    "1,23,456",
    "12,34.5",
    "1.234",
    "1 2",
    "12 34",
    "020 123 456",
    "5 -",
    "5-",
    "--5",
    "-(5)",
    "- 5",
    "€3€",
    "€5%",
    "\uff11\uff12",
    "\u0663",
    "1\n2",
    "3/4/2024",
    "2024-13-01",
    "2024-02-30",
    "24-03-01",
    "1890-05-01",
    "3 Mar 24",
    "3 MAR 2024",
    "3 Mrz 2024",
    "31 Feb 2024",
    "Mar 2024",
]

DATES = [
    ("2026-11-20", date(2026, 11, 20), "yyyy-mm-dd"),
    ("3 Mar 2024", date(2024, 3, 3), "[$-409]d mmm yyyy"),
    ("03 March 2024", date(2024, 3, 3), "[$-409]dd mmmm yyyy"),
    ("13-Mar-2024", date(2024, 3, 13), "[$-409]d-mmm-yyyy"),
    ("March 3, 2024", date(2024, 3, 3), "[$-409]mmmm d, yyyy"),
    ("4 May 1950", date(1950, 5, 4), "[$-409]d mmmm yyyy"),
]


def show(number: float, number_format: str) -> str:
    """What a spreadsheet shows for a number, for the formats that are in use here."""
    sections = number_format.split(";")
    below_zero = number < 0 and len(sections) > 1
    section = sections[2 if number == 0 and len(sections) > 2 else below_zero]
    tokens = re.findall(r'"[^"]*"|#,##0|.', section)
    point = tokens.index(".") if "." in tokens else len(tokens)
    places = tokens[point:].count("0")
    exact = abs(Decimal(repr(number))) * (100 if "%" in tokens else 1)
    digits, _, decimals = f"{exact:.{places}f}".partition(".")
    shown = _fill(tokens[:point], digits) + "".join(
        "." + decimals if token == "." else token.strip('"')
        for token in tokens[point:]
        if token != "0"
    )
    return shown if number >= 0 or below_zero else "-" + shown


def _fill(tokens: list[str], digits: str) -> str:
    """Digits from right to left into the placeholders; the leftmost takes all that are left."""
    left = sum(token in {"#", "0", "#,##0"} for token in tokens)
    shown = ""
    for token in reversed(tokens):
        if token not in {"#", "0", "#,##0"}:
            shown = token.strip('"') + shown
            continue
        left -= 1
        taken = digits if left == 0 else digits[-1:]
        digits = digits[: -len(taken)] if taken else ""
        shown = (f"{int(taken):,}" if "," in token else taken) + shown
    return shown


def as_printed(text: str) -> str:
    return text.strip().replace("\u2212", "-").replace("\u2013", "-")


@pytest.mark.parametrize(("text", "number", "number_format"), NUMBERS)
def test_number_keeps_its_printed_form(text, number, number_format):
    value = parse_value(text)
    assert value == Value(number, number_format)
    assert type(value.content) is type(number)
    assert show(value.content, value.number_format) == as_printed(text)


@pytest.mark.parametrize("text", TEXTS)
def test_what_would_lose_something_stays_text(text):
    assert parse_value(text) == Value(text, "@")


@pytest.mark.parametrize(("text", "day", "number_format"), DATES)
def test_unambiguous_date(text, day, number_format):
    assert parse_value(text) == Value(day, number_format)


def random_number(rng: random.Random) -> str:
    text = f"{rng.randrange(10 ** rng.randrange(1, 10)):{rng.choice([',', ''])}}"
    if rng.random() < 0.5:
        decimals = rng.randrange(1, 6)
        text += f".{rng.randrange(10**decimals):0{decimals}d}"
    around = ["{}", "-{}", "({})", "{}%", "-{} %", "${}", "-${}", "$-{}", "(€{})", "{} €", "+{}"]
    return rng.choice(around).format(text)


@pytest.mark.parametrize("seed", range(20))
def test_random_numbers_are_shown_as_printed(seed):
    rng = random.Random(seed)
    for _ in range(200):
        text = random_number(rng)
        # The company of 0.5 and of 1,000.5 settles what 1.234 is.
        value = column_values([text, "0.5", "1,000.5"])[0]
        shown = value.content if value.number_format == "@" else show(*number_of(value))
        assert shown == text


def number_of(value: Value) -> tuple[float, str]:
    assert isinstance(value.content, int | float)
    return value.content, value.number_format


@pytest.mark.parametrize("seed", range(20))
def test_any_text_survives(seed):
    rng = random.Random(seed)
    for _ in range(300):
        text = "".join(rng.choices("01259.,-+()$€% /aE:\u00a0", k=rng.randrange(9)))
        value = parse_value(text)
        if value.number_format != "@":
            swapped = str.maketrans(",.", ".,")
            shown = show(*number_of(value))
            assert as_printed(text) in {shown, shown.translate(swapped)}


def contents(*texts: str) -> list[object]:
    return [value.content for value in column_values(texts)]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.234,50", 1234.5), ("12,5", 12.5), ("0,125", 0.125), ("-1.234.567,8", -1234567.8)],
)
def test_comma_that_can_only_mark_decimals(text, number):
    assert parse_value(text).content == number


def test_column_settles_what_a_comma_means():
    assert contents("12.5", "1,234") == [12.5, 1234]
    assert contents("12,5", "1,234") == [12.5, 1.234]


def test_column_settles_what_a_point_means():
    assert contents("0.125", "1.234") == [0.125, 1.234]
    assert contents("12,50", "1.234", "1.234.567") == [12.5, 1234, 1234567]


def test_column_with_both_marks_stays_text_but_for_plain_numbers():
    assert contents("12,5", "12.5", "1,234", "7") == ["12,5", "12.5", "1,234", 7]


def test_one_misread_mark_does_not_cost_the_column():
    assert contents("1.5", "2.5", "3.5", "4.5", "5,5") == [1.5, 2.5, 3.5, 4.5, "5,5"]


def test_rest_of_the_table_settles_or_contradicts():
    settled = column_values(["1.234"], Surroundings(Marks.COMMA))
    contradicted = column_values(["12,5"], Surroundings(Marks.POINT))
    assert [value.content for value in settled + contradicted] == [1234, "12,5"]
    assert column_values(["1,234"], Surroundings(Usage.MIXED))[0].content == "1,234"


def test_odd_texts_do_not_cost_a_column_its_numbers():
    assert contents("1", "n/a", "3*", "", "12") == [1, "n/a", "3*", "", 12]


def test_leading_zero_makes_all_integers_identifiers():
    assert contents("0012", "1234", "5678") == ["0012", "1234", "5678"]
    assert contents("0", "12", "0") == [0, 12, 0]


def test_codes_of_one_width_make_integers_identifiers():
    assert contents("A12", "113", "207") == ["A12", "113", "207"]
    assert contents("A1", "113", "207") == ["A1", 113, 207]


def test_one_misread_letter_among_many_numbers_is_no_code():
    assert contents("1O1", *["101"] * 11) == ["1O1", *[101] * 11]


def test_brackets_that_count_are_labels():
    assert contents("(1)", "(2)", "(3)") == ["(1)", "(2)", "(3)"]
    assert contents("(1)", "(7)", "3") == [-1, -7, 3]


def test_brackets_under_every_value_are_standard_errors():
    assert contents("0.5", "(0.1)", "0.7", "(0.2)") == [0.5, "(0.1)", 0.7, "(0.2)"]


def table(*rows: list[str], header_rows: int = 0) -> Table:
    return Table(
        tuple(
            Cell(row, col, text, header=row < header_rows)
            for row, texts in enumerate(rows)
            for col, text in enumerate(texts)
        )
    )


def test_header_cells_stay_text():
    values = table_values(table(["2019"], ["5"], header_rows=1))
    assert values == {(0, 0): Value("2019"), (1, 0): Value(5, "0")}


def test_header_does_not_decide_over_its_column():
    assert table_values(table(["007"], ["123"], header_rows=1))[1, 0].content == 123


def test_columns_of_one_table_share_their_decimal_mark():
    values = table_values(table(["12,5", "1.234"], ["7,25", "2.500"]))
    assert [values[row, 1].content for row in (0, 1)] == [1234, 2500]


def test_row_that_numbers_the_columns_stays_text():
    values = table_values(table(["", "(1)", "(2)"], ["a", "5", "(6)"]))
    assert [values[0, col].content for col in (1, 2)] == ["(1)", "(2)"]
    assert values[1, 2].content == -6


def test_table_without_cells_has_no_values():
    assert table_values(Table(())) == {}


def test_a_middle_dot_between_digits_is_a_decimal_point() -> None:
    assert parse_value("9\u00b7845") == Value(9.845, "0.000")
    assert parse_value("\u00b7845").content == "\u00b7845"
    assert parse_value("9\u00b7845\u00b71").content == "9\u00b7845\u00b71"
