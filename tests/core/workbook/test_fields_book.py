"""Workbooks of fields: a row for every image, also for a failed one."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.fields.values import FieldValue
from converter.core.workbook.fields_book import FieldRow, write_fields
from converter.core.workbook.looks import DOUBT_FILL, FAILED_FILL
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


def test_value_of_no_known_field_is_left_out():
    sheet = fields_sheet(FieldRow("1.png", (FieldValue("Other", "x", confidence=1),)))
    assert shown(sheet)[1] == [None, None, None, "1.png"]


def test_header_stays_in_sight_and_filters():
    sheet = fields_sheet(FieldRow("1.png"), FieldRow("2.png"))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D3")


def test_without_images_the_header_remains():
    assert shown(fields_sheet()) == [[*NAMES, "Image"]]
