"""Workbooks of fields: a row for every image, also for a failed one."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from converter.core.engines.protocol import CardKind
from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.fields.values import REASONS, FieldValue, Mark, ValueState
from converter.core.workbook.fields_book import LEGEND, FieldRow, write_fields
from converter.core.workbook.styles import BLANK_FILL, DOUBT_FILL, FAILED_FILL
from converter.core.workbook.summary import ImageReport

FIELDS = (
    FieldSpec("Surname"),
    FieldSpec("Cat. No."),
    FieldSpec("Amount", type=FieldType.NUMBER),
)
NAMES = [field.name for field in FIELDS]


def found(**texts: str) -> tuple[FieldValue, ...]:
    names = dict(zip(("surname", "number", "amount"), NAMES, strict=True))
    return tuple(FieldValue(names[key], text, confidence=0.9) for key, text in texts.items())


def fields_sheet(*rows: FieldRow, reports: tuple[ImageReport, ...] = ()):
    target = io.BytesIO()
    write_fields(target, FIELDS, iter(rows), reports)
    book = load_workbook(target)
    assert book.sheetnames == ["Fields", "Summary"]
    return book["Fields"]


def shown(sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet]


def test_row_per_image_in_the_order_of_the_fields():
    sheet = fields_sheet(
        FieldRow("1.png", found(amount="1,234.50", surname="Smith")),
        FieldRow("2.png", found(number="528")),
    )
    assert shown(sheet) == [
        [*NAMES, "Image"],
        ["Smith", None, 1234.5, "1.png"],
        [None, "528", None, "2.png"],
    ]


def test_field_without_a_type_stays_as_it_was_read():
    texts = ["(5)", "5551234567", "2020-01-01", "00123", "=1"]
    sheet = fields_sheet(*(FieldRow("1.png", found(surname=text)) for text in texts))
    assert [row[0] for row in shown(sheet)[1:]] == texts
    assert {sheet[f"A{row}"].number_format for row in range(2, 6)} == {"@"}


def test_number_keeps_its_printed_form():
    cell = fields_sheet(FieldRow("1.png", found(amount="(1,234.50)")))["C2"]
    assert (cell.value, cell.number_format) == (-1234.5, "#,##0.00;(#,##0.00)")


def test_image_name_is_text_whatever_it_looks_like():
    assert shown(fields_sheet(FieldRow("2024")))[1][-1] == "2024"


def test_failed_image_is_a_row_with_its_reason():
    sheet = fields_sheet(FieldRow("1.png", error="engine_failed: no answer"), FieldRow("2.png"))
    image = sheet["D2"]
    assert shown(sheet)[1] == [None, None, None, "1.png"]
    assert image.comment.text == "engine_failed: no answer"
    assert image.fill.fgColor.rgb.endswith(FAILED_FILL)
    assert sheet["D3"].comment is None


def test_doubtful_value_is_marked():
    doubtful = FieldValue("Surname", "Smith", confidence=0.5)
    sheet = fields_sheet(FieldRow("1.png", (doubtful,)))
    assert sheet["A2"].fill.fgColor.rgb.endswith(DOUBT_FILL)
    assert sheet["B2"].fill.fill_type is None


def value_cell(value: FieldValue):
    return fields_sheet(FieldRow("1.png", (value,)))["A2"]


def test_whatever_is_doubted_is_coloured_and_its_note_says_why():
    value = FieldValue("Surname", "Smiht {0}", confidence=1.0, other="Smith")
    cell = value_cell(value.marked(Mark.SPELLING, Mark.UNSUPPORTED))
    assert (cell.value, cell.fill.fgColor.rgb[-6:]) == ("Smiht {0}", DOUBT_FILL)
    assert cell.comment.text.splitlines() == [
        "As it was read: Smiht {0}",
        f"It {REASONS[Mark.SPELLING]}.",
        f"It {REASONS[Mark.UNSUPPORTED]}.",
        "Another reading: Smith",
    ]


def test_the_raw_text_of_a_typed_value_is_in_its_note():
    cell = fields_sheet(
        FieldRow("1.png", (FieldValue("Amount", "1,234.50", confidence=1.0, other="1,284.50"),))
    )["C2"]
    assert cell.value == 1234.5
    assert "As it was read: 1,234.50" in cell.comment.text


@pytest.mark.parametrize(
    ("state", "fill", "note"),
    [
        (ValueState.NOT_FOUND, "000000", None),
        (ValueState.BLANK, BLANK_FILL, None),
        (ValueState.UNREADABLE, DOUBT_FILL, "Something is written here that could not be read."),
        (ValueState.CORRECTED, "000000", "A person says so."),
    ],
)
def test_cells_without_a_value_tell_why(state, fill, note):
    cell = value_cell(FieldValue("Surname", state=state))
    assert (cell.value, cell.fill.fgColor.rgb[-6:]) == (None, fill)
    assert (cell.comment and cell.comment.text) == note


def test_a_required_value_that_is_missing_is_coloured():
    cell = value_cell(FieldValue("Surname").marked(Mark.REQUIRED))
    assert cell.fill.fgColor.rgb.endswith(DOUBT_FILL)
    assert "It was not found." in cell.comment.text


def test_what_a_person_says_is_not_doubted():
    cell = value_cell(FieldValue("Surname", "Smith", state=ValueState.CORRECTED))
    assert (cell.fill.fill_type, cell.comment.text) == (None, "A person says so.")


def test_what_a_picture_shows_is_said_at_its_name():
    row = FieldRow("1.png", remark=CardKind.VERSO.phrase)
    assert fields_sheet(row)["D2"].comment.text == "This picture shows the back of a card."
    assert fields_sheet(FieldRow("1.png", remark=CardKind.CARD.phrase))["D2"].comment is None


def test_the_colours_are_explained():
    assert fields_sheet(FieldRow("1.png"))["D1"].comment.text == LEGEND


def test_value_of_no_known_field_is_left_out():
    sheet = fields_sheet(FieldRow("1.png", (FieldValue("Other", "x", confidence=1),)))
    assert shown(sheet)[1] == [None, None, None, "1.png"]


def test_header_stays_in_sight_and_filters():
    sheet = fields_sheet(FieldRow("1.png"), FieldRow("2.png"))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D3")


def test_without_images_the_header_remains():
    assert shown(fields_sheet()) == [[*NAMES, "Image"]]
