"""Values that no label names: on receipts, cards and title pages."""

from __future__ import annotations

import pytest

from converter.core.fields.page import Page
from converter.core.fields.unlabelled import (
    find_address,
    find_company,
    find_date,
    find_title,
    find_total,
    find_year,
)
from converter.core.fields.values import DOUBT_BELOW
from converter.core.tables.model import Box, Word


def column(*lines: str, step: float = 30, left: float = 0) -> list[Word]:
    return [
        Word(text, Box(left, step * row, left + 10 * len(text), step * row + 24))
        for row, text in enumerate(lines)
    ]


def receipt(*rows: tuple[str, ...]) -> Page:
    """Rows of words, one at the left and the others far to the right."""
    return Page(
        [
            Word(text, Box(300 * col, 30 * row, 300 * col + 10 * len(text), 30 * row + 24))
            for row, texts in enumerate(rows)
            for col, text in enumerate(texts)
        ]
    )


def text_of(found) -> str | None:
    return found.text if found else None


def test_date_that_stands_alone_beats_one_with_a_time():
    page = Page(column("POS 04 11/12/2017 21:42", "01/03/18"))
    assert find_date(page).text == "01/03/18"


def test_date_in_a_sentence_is_about_something_else():
    assert find_date(Page(column("Amendment 13, 23. November 1945."))) is None


def test_several_dates_are_less_sure():
    one = find_date(Page(column("01/03/18")))
    two = find_date(Page(column("01/03/18", "02/03/18")))
    assert two.text == "01/03/18"
    assert two.confidence < one.confidence < DOUBT_BELOW


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (("Paris 1926, in-8°", "Th. med. 1926"), "1926"),
        (("Paris 1926", "Berlin 1930"), None),
        (("Paris",), None),
    ],
)
def test_year_if_there_is_only_one(lines, year):
    assert text_of(find_year(Page(column(*lines)))) == year


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ([("Total :", "9.60")], "9.60"),
        ([("Total: $6.90",)], "$6.90"),
        ([("Sub Total", "9.00"), ("Total", "9.60")], "9.60"),
        ([("Total Excl. GST", "9.07"), ("Total Incl. GST", "9.60")], "9.60"),
        ([("Total GST", "0.53"), ("Total", "9.60")], "9.60"),
        ([("Total", "31.47"), ("Rounding", "-0.02"), ("TOTAL", "31.45")], "31.45"),
        ([("Grand Total", "9.60"), ("Total", "12.00")], "9.60"),
        ([("Total QTY", "8.00"), ("Amt paid", "9.60")], "9.60"),
        ([("Total", "106.10", "6.37")], None),
        ([("Total", "eight")], None),
        ([("Sum", "8.00")], None),
    ],
)
def test_total_is_the_sum_that_was_paid(rows, total):
    assert text_of(find_total(receipt(*rows))) == total


def test_total_is_sure_only_if_all_totals_agree():
    agreed = find_total(receipt(("Total", "9.60"), ("Nett Total", "$9.60")))
    apart = find_total(receipt(("Total", "9.07"), ("Nett Total", "9.60")))
    assert apart.confidence < DOUBT_BELOW <= agreed.confidence


REST = ["TEL: 07-386 7524", *["Item 1.00"] * 12]


@pytest.mark.parametrize(
    ("lines", "company"),
    [
        (("A02045", "RESTORAN WAN SHENG"), "RESTORAN WAN SHENG"),
        (("TAX INVOICE", "Beatus A.G."), "Beatus A.G."),
        (("MRT", "operated by", "RAPID RAIL SDN BHD"), "RAPID RAIL SDN BHD"),
        (("HOME MASTER &", "ELECTRICAL"), "HOME MASTER & ELECTRICAL"),
        (("MPH BOOKSTORES", "SDN BHD"), "MPH BOOKSTORES SDN BHD"),
        (("GARDENIA (KL) SDN BHD (139386 X)",), "GARDENIA (KL) SDN BHD"),
        (("Brocca Bruno,",), "Brocca Bruno"),
    ],
)
def test_company_is_named_at_the_top(lines, company):
    assert text_of(find_company(Page(column(*lines, *REST)))) == company


def test_company_is_not_looked_for_below_the_top():
    assert find_company(Page(column("1234", *["5.00"] * 9, "Thank you"))) is None
    assert find_company(Page([])) is None


def test_customer_below_the_contact_is_not_the_company():
    lines = ("PERNIAGAAN ZHENG", "TEL: 07-386", "GOGIANT (M) SDN BHD", *["Item 1.00"] * 12)
    assert find_company(Page(column(*lines))).text == "PERNIAGAAN ZHENG"


def test_address_follows_the_company():
    lines = ("WAN SHENG", "002043319-W", "No.2, Jalan 19/9,", "43200 Cheras", *REST)
    assert find_address(Page(column(*lines))).text == "No.2, Jalan 19/9, 43200 Cheras"


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("WAN SHENG", *REST),
        ("WAN SHENG", "Thank you for coming"),
        ("WAN SHENG", "TEL: 1", "GST 2", "REG 3", "FAX 4", "43200 Cheras, Selangor"),
    ],
)
def test_no_address_without_a_number_close_below_a_name(lines):
    assert find_address(Page(column(*lines))) is None


def test_title_is_much_taller_than_the_rest():
    small = column("one", "two", "three", step=100)
    title = Word("A Title", Box(0, 400, 300, 450))
    assert find_title(Page([*small, title])).text == "A Title"
    assert find_title(Page(small)) is None
    assert find_title(Page([])) is None
