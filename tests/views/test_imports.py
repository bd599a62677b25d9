"""Lists in the pages: sent, looked over before anything is fetched, started, and given back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from converter.batches import lifecycle
from converter.imports import manifests
from converter.models import Batch, FetchState, FieldTemplate, Manifest, ManifestState
from tests.imports.test_results import address, filled, read, tables
from tests.support import batch_factory, import_lists

pytestmark = pytest.mark.django_db(transaction=True)

LIST = f"Nr;Artikel;Bild\n1;Stuhl;{address(0)}\n2;Tisch;\n3;Regal;ftp://x/\n".encode()
PAGES = ["import", "import-progress", "import-output"]


@pytest.fixture(autouse=True)
def _allowed(settings) -> None:
    settings.ALLOW_URL_IMPORT = True


def send(client: Client, data: bytes = LIST, name: str = "moebel.csv"):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("imports"), {"file": file}, follow=True)


def start(client: Client, manifest: Manifest, **options: str):
    sent = {"name": "Chairs", "mode": "tables", "engine": "local"} | options
    return client.post(reverse("import-start", args=[manifest.pk]), sent, follow=True)


def page_of(client: Client, manifest: Manifest) -> str:
    return client.get(reverse("import", args=[manifest.pk])).content.decode()


def test_the_way_in_says_what_to_send_while_there_is_nothing(client):
    page = client.get(reverse("imports")).content.decode()
    assert "Nothing here yet" in page
    assert "Choose a CSV file" in page


def test_where_it_is_off_the_page_says_so_and_takes_nothing(client, settings):
    settings.ALLOW_URL_IMPORT = False
    page = client.get(reverse("imports")).content.decode()
    assert "ALLOW_URL_IMPORT=true" in page
    assert "Choose a CSV file" not in page
    assert send(client).status_code == 403
    assert not Batch.objects.exists()


def test_the_front_page_leads_there_where_it_is_allowed(client, settings):
    assert reverse("imports") in client.get("/").content.decode()
    settings.ALLOW_URL_IMPORT = False
    assert reverse("imports") not in client.get("/").content.decode()


def test_what_was_understood_is_shown_before_anything_is_fetched(client):
    page = send(client).content.decode()
    manifest = Manifest.objects.get()
    assert manifest.state == ManifestState.CHECKED
    for text in ("Bild", "serial number", "semicolons", "Stuhl", "1 picture will be fetched"):
        assert text in page
    assert "Line 3" in page
    assert "row_no_address" in page
    assert "Line 4" in page
    assert "bad_address" in page


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty_file"), (b"a,b\n1,2\n", "csv_no_addresses"), (b"PK\x03\x04", "csv_not_text")],
)
def test_a_file_that_is_no_list_is_told_so(client, data, code):
    answer = send(client, data)
    assert answer.status_code == 422
    assert code in answer.content.decode()
    assert not Batch.objects.exists()


def test_a_form_without_a_file_is_told_so(client):
    answer = client.post(reverse("imports"))
    assert answer.status_code == 422
    assert "Choose a CSV file first." in answer.content.decode()


def test_a_start_takes_the_options_of_the_page(client):
    send(client)
    manifest = Manifest.objects.get()
    assert "0 of 2 pictures fetched" in start(client, manifest).content.decode()
    manifest.refresh_from_db()
    assert (manifest.state, manifest.batch.name) == (ManifestState.FETCHING, "Chairs")


def test_fields_come_from_a_template_of_ones_own(client):
    theirs = FieldTemplate.objects.create(owner="somebody", name="T", fields=[{"name": "A"}])
    mine = FieldTemplate.objects.create(owner="me", name="M", fields=[{"name": "B"}])
    send(client)
    manifest = Manifest.objects.get()
    assert start(client, manifest, mode="fields").status_code == 422
    answer = start(client, manifest, mode="fields", template=str(theirs.pk))
    assert answer.status_code == 422
    start(client, manifest, mode="fields", template=str(mine.pk))
    manifest.batch.refresh_from_db()
    assert (manifest.batch.mode, manifest.batch.fields) == ("fields", [{"name": "B"}])


def test_a_second_start_says_that_it_was_started(client):
    send(client)
    manifest = Manifest.objects.get()
    start(client, manifest)
    assert start(client, manifest).status_code == 409


def test_a_start_where_it_was_switched_off_meanwhile_says_so(client, settings):
    send(client)
    settings.ALLOW_URL_IMPORT = False
    answer = start(client, Manifest.objects.get())
    assert answer.status_code == 403
    assert "import_disabled" in answer.content.decode()


def test_starts_are_counted(client, settings):
    settings.RATE_LIMIT_REQUESTS = 1
    for _ in range(2):
        send(client)
    first, second = Manifest.objects.all()
    assert start(client, first).status_code == 200
    assert start(client, second).status_code == 429


def test_the_page_is_polled_until_all_is_over(client):
    manifest = filled(f"image\n{address(0)}\n{address(1)}\n", missing=(1,))
    poll = reverse("import-progress", args=[manifest.pk])
    assert f'hx-get="{poll}"' in page_of(client, manifest)
    read(manifest.batch, tables)
    fragment = client.get(poll).content.decode()
    assert "hx-get" not in fragment
    assert "Some rows have no result" in fragment
    assert "The server answered 404." in fragment


def test_the_list_comes_back_with_its_results(client):
    manifest = filled(f"image\n{address(0)}\n")
    read(manifest.batch, tables)
    answer = client.get(reverse("import-output", args=[manifest.pk]))
    assert b"completed" in answer.getvalue()
    assert "Pile, results.csv" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_what_was_not_fetched_is_fetched_again_as_another_list(client):
    manifest = filled(f"image\n{address(0)}\n{address(1)}\n", missing=(1,))
    again = reverse("import-again", args=[manifest.pk])
    assert "still being fetched" in client.post(again, follow=True).content.decode()
    read(manifest.batch, tables)
    assert "Retry failed (1)" in page_of(client, manifest)
    assert "0 of 1 picture fetched" in client.post(again, follow=True).content.decode()
    assert Manifest.objects.count() == 2


def test_lists_are_listed_and_their_batches_lead_to_them(client):
    manifest = filled(f"image\n{address(0)}\n")
    page = client.get(reverse("imports")).content.decode()
    assert reverse("import", args=[manifest.pk]) in page
    batch = client.get(reverse("batch", args=[manifest.batch_id])).content.decode()
    assert reverse("import", args=[manifest.pk]) in batch


def test_the_draft_of_a_list_is_the_list_until_all_is_fetched(client):
    manifest = import_lists.kept(LIST)
    answer = client.get(reverse("batch", args=[manifest.batch_id]))
    assert answer.url == reverse("import", args=[manifest.pk])


def test_a_draft_that_was_fetched_and_could_not_be_started_waits_there(client, settings):
    manifest = import_lists.started(import_lists.csv_of([address(0)]))
    Batch.objects.filter(pk=manifest.batch_id).update(mode="fields")
    lifecycle.add_images(
        manifest.batch, [batch_factory._image(manifest.batch, import_lists.png(), 1)]
    )
    manifest.addresses.update(state=FetchState.DONE)
    manifests.settle(manifest)
    assert "still to be started" in page_of(client, manifest)
    assert client.get(reverse("batch", args=[manifest.batch_id])).status_code == 200


@pytest.mark.parametrize("route", PAGES)
def test_a_stranger_gets_404(client, stranger, route):
    url = reverse(route, args=[import_lists.kept(LIST).pk])
    assert stranger.get(url).status_code == 404
    assert client.get(url).status_code == 200
    assert client.get(reverse(route, args=[uuid4()])).status_code == 404


def test_a_stranger_starts_nothing_and_sees_no_list(stranger):
    manifest = import_lists.kept(LIST)
    assert start(stranger, manifest).status_code == 404
    assert stranger.post(reverse("import-again", args=[manifest.pk])).status_code == 404
    assert str(manifest.pk) not in stranger.get(reverse("imports")).content.decode()


def test_methods_are_those_that_make_sense(client):
    pk = import_lists.kept(LIST).pk
    for route in ("import-start", "import-again"):
        assert client.get(reverse(route, args=[pk])).status_code == 405
    for route in PAGES:
        assert client.post(reverse(route, args=[pk])).status_code == 405
    assert client.put(reverse("imports")).status_code == 405
