"""Workbooks and pictures, as a browser gets them."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from converter.exports import archives, formats
from converter.exports.formats import Format
from converter.storage import layout
from tests.batches.test_lifecycle import work
from tests.support.pictures import png


def fetch(client, route: str, *arguments: object) -> tuple[dict[str, str], bytes]:
    response = client.get(reverse(route, args=arguments))
    assert response.status_code == 200
    return dict(response.headers), response.getvalue()


@pytest.fixture
def settled(make_started):
    batch = make_started(name='Spring "2026" / Büro\r\n🧾')
    work(batch, failing=(2,))
    return batch


def test_a_workbook_holds_what_was_read(client, settled):
    headers, data = fetch(client, "batch-workbook", settled.pk)
    book = load_workbook(BytesIO(data))
    assert len(book.sheetnames) == 3  # a table of each read image, and the summary
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]


def test_a_workbook_can_be_had_in_another_way_this_time_alone(client, settled):
    address = reverse("batch-workbook", args=[settled.pk])
    page = client.get(reverse("batch", args=[settled.pk])).content.decode()
    assert f'href="{address}?sheets=single_sheet" download>All tables on one sheet' in page
    assert "sheets=separate_sheets" not in page  # which is what the button itself gives
    data = client.get(address, {"sheets": "single_sheet"}).getvalue()
    assert load_workbook(BytesIO(data)).sheetnames == ["Tables", "Summary"]
    settled.refresh_from_db()
    assert settled.consolidation == "separate_sheets"
    assert client.get(address, {"sheets": "one_heap"}).status_code == 404


def test_cards_offer_no_other_way_of_sheets(client, make_started):
    batch = make_started(mode="fields", fields=[{"name": "Surname"}])
    work(batch)
    assert "?sheets=" not in client.get(reverse("batch", args=[batch.pk])).content.decode()


def test_a_workbook_is_an_attachment_with_a_safe_name(client, settled):
    headers, _ = fetch(client, "batch-workbook", settled.pk)
    kind, _, name = headers["Content-Disposition"].partition("; filename*=utf-8''")
    assert kind == "attachment"
    assert unquote(name) == 'Spring "2026" - Büro-🧾.xlsx'


def test_one_image_has_a_workbook_of_its_own(client, settled):
    image = settled.images.first()
    headers, data = fetch(client, "image-workbook", settled.pk, image.pk)
    assert load_workbook(BytesIO(data)).sheetnames[0] == "Table 1"
    assert headers["Content-Disposition"] == 'attachment; filename="picture 0.xlsx"'


def test_what_was_not_read_has_no_workbook(client, settled, make_started):
    failed = settled.images.get(state="failed")
    assert client.get(reverse("image-workbook", args=[settled.pk, failed.pk])).status_code == 404
    waiting = make_started()
    assert client.get(reverse("batch-workbook", args=[waiting.pk])).status_code == 404


def test_a_picture_is_shown_as_it_is_stored(client, settled):
    headers, data = fetch(client, "image-picture", settled.pk, settled.images.first().pk)
    assert data == png()
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].endswith("; sandbox")
    assert "private" in headers["Cache-Control"]


def test_a_picture_of_a_failed_image_is_still_there(client, settled):
    layout.settle_folder(settled)
    image = settled.images.get(state="failed")
    layout.set_aside(image)
    assert fetch(client, "image-picture", settled.pk, image.pk)[1] == png()


def test_a_picture_whose_file_is_gone_is_404(client, settled):
    image = settled.images.first()
    layout.discard_file(image)
    assert client.get(reverse("image-picture", args=[settled.pk, image.pk])).status_code == 404


@pytest.mark.parametrize(
    ("what", "kind", "name"),
    [
        ("workbooks.zip", "application/zip", "workbooks.zip"),
        ("pictures.zip", "application/zip", "pictures.zip"),
        ("tables.zip", "application/zip", "CSV.zip"),
        ("tables.json", "application/json", ".json"),
    ],
)
def test_the_other_formats_are_streamed_attachments(client, settled, what, kind, name):
    response = client.get(reverse("batch-archive", args=[settled.pk, what]))
    assert response.streaming
    assert response.getvalue()
    assert response.headers["Content-Type"] == kind
    assert unquote(response.headers["Content-Disposition"]).endswith(name)
    assert "no-store" in response.headers["Cache-Control"]


def test_the_page_of_a_settled_batch_offers_them(client, settled):
    page = client.get(reverse("batch", args=[settled.pk])).content.decode()
    for what in ("workbooks.zip", "pictures.zip", "tables.zip", "tables.json"):
        assert reverse("batch-archive", args=[settled.pk, what]) in page


def test_a_download_that_does_not_exist_is_404(client, settled, make_started):
    def status(batch, what):
        return client.get(reverse("batch-archive", args=[batch.pk, what])).status_code

    assert status(settled, "tables.docx") == 404
    assert status(make_started(), "tables.zip") == 404


@pytest.mark.parametrize(("what", "kind"), formats.OF_PAGES.items())
def test_pages_and_api_send_the_same_archives(client, settled, what, kind):
    page = client.get(reverse("batch-archive", args=[settled.pk, what]))
    api = client.get(f"/api/v1/download/{settled.pk}", {"format": kind})
    assert page.status_code == 200
    for header in ("Content-Type", "Content-Disposition"):
        assert page.headers[header] == api.headers[header]
    pieces = page.getvalue(), api.getvalue()
    if kind == Format.JSON:
        assert pieces[0] == pieces[1]
    else:  # workbooks say when they were written
        first, second = (ZipFile(BytesIO(data)).namelist() for data in pieces)
        assert first == second != []


def test_no_workbook_is_written_before_it_is_sent(settled, monkeypatch):
    monkeypatch.setattr(archives, "workbook_file", None)
    monkeypatch.setattr(archives, "write_image", None)
    assert formats.of_batch(settled, Format.XLSX).name.endswith(".xlsx")
    assert formats.of_image(settled.images.first(), Format.XLSX).name == "picture 0.xlsx"
