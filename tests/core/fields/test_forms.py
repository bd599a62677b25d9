"""What dates, amounts and years look like in print."""

from __future__ import annotations

import pytest

from converter.core.fields.forms import (
    Form,
    fitting_part,
    form_of,
    lone_date,
    required_prefix,
    stamped_date,
)
from converter.core.fields.specification import FieldSpec, FieldType


@pytest.mark.parametrize(
    ("spec", "form"),
    [
        (FieldSpec("when", type=FieldType.DATE), Form.DATE),
        (FieldSpec("pages", type=FieldType.NUMBER), Form.NUMBER),
        (FieldSpec("Date"), Form.DATE),
        (FieldSpec("publication.year"), Form.YEAR),
        (FieldSpec("Grand total"), Form.TOTAL),
        (FieldSpec("betrag", labels=("Summe",)), Form.TOTAL),
        (FieldSpec("company"), Form.COMPANY),
        (FieldSpec("place", "place of the company"), Form.TEXT),
        (FieldSpec("Store No."), Form.TEXT),
        (FieldSpec("Total pages counted"), Form.TEXT),
    ],
)
def test_form_of_a_field(spec, form):
    assert form_of(spec) is form


@pytest.mark.parametrize(
    "date",
    [
        "2018-03-16",
        "16-03-2018",
        "1/3/18",
        "16. 12. 1940",
        "27 MAR 2018",
        "23. November 1945",
        "3 März 1942",
        "Mar 3, 2024",
    ],
)
def test_dates_are_found_as_printed(date):
    assert fitting_part(f"on {date} at noon", Form.DATE) == date
    assert lone_date(date) == date


@pytest.mark.parametrize("text", ["1.2.3", "10-20", "NO.59 7/4", "81200", "5/118/2018/4"])
def test_what_is_no_date(text):
    assert fitting_part(text, Form.DATE) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("22/12/2017 14:03", "22/12/2017"),
        (":16-03-201812:07:10", "16-03-2018"),
        ("Amendment 11, 30.10.45.", None),
        ("no date", None),
    ],
)
def test_date_stands_alone_beside_a_time(text, date):
    assert lone_date(text) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [("SHF:1 11/12/2017 21:42", "11/12/2017"), ("since 11/12/2017 we", None), ("21:42", None)],
)
def test_stamped_date_has_a_time(text, date):
    assert stamped_date(text) == date


@pytest.mark.parametrize(
    ("text", "form", "part"),
    [
        ("RM 9.60 SR", Form.TOTAL, "RM 9.60"),
        ("paid $1,234.50", Form.TOTAL, "$1,234.50"),
        ("12,50 €", Form.TOTAL, "12,50 €"),
        ("6.00%", Form.TOTAL, None),
        ("5 items", Form.TOTAL, None),
        ("(1978). 8°", Form.YEAR, "1978"),
        ("N° 450 of 1,926", Form.YEAR, None),
        ("176 S.", Form.NUMBER, "176"),
        ("Nevin Heap", Form.TEXT, "Nevin Heap"),
        ("—", Form.TEXT, None),
    ],
)
def test_part_that_fits(text, form, part):
    assert fitting_part(text, form) == part


@pytest.mark.parametrize(
    ("description", "prefix"),
    [("the shelf mark, starts with B.", "B."), ('begins with "AT",', "AT"), ("shelf mark", None)],
)
def test_prefix_from_the_description(description, prefix):
    assert required_prefix(FieldSpec("mark", description)) == prefix
