"""The pages of field templates."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from converter.fields import templates
from converter.models import FieldTemplate
from tests.fields.test_editor import typed
from tests.fields.test_templates import FIELDS, ME

ROUTES = ["template", "template-delete", "template-export"]


@pytest.fixture
def template(db) -> FieldTemplate:
    return templates.create(ME, "Index card", FIELDS)


def fields_of(template: FieldTemplate) -> list[str]:
    template.refresh_from_db()
    return [field["name"] for field in template.fields]


def test_the_list_shows_mine_and_says_when_there_is_none(client, stranger, template):
    url = reverse("templates")
    assert "Index card" in client.get(url).content.decode()
    assert "Nothing here yet" in stranger.get(url).content.decode()
    assert client.post(url).status_code == 405


def test_one_is_made(client):
    values = {"name": " Form "} | typed("Total", "Date", type="number")
    answer = client.post(reverse("template-new"), values)
    made = FieldTemplate.objects.get()
    assert answer.headers["Location"] == reverse("template", args=[made.pk])
    assert (made.name, fields_of(made)) == ("Form", ["Total", "Date"])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""} | typed("a"), "Give this template a name."),
        ({"name": "Index card"} | typed("a"), "You have a template of this name"),
        ({"name": "x"} | typed("a", "a"), "Another field has this name"),
        ({"name": "x", "fields_sent": "1"}, "At least one field must be there"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, template, values, sentence):
    answer = client.post(reverse("template-new"), values)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert f'value="{values["name"]}"' in page
    assert FieldTemplate.objects.count() == 1


def test_one_without_an_active_field_is_not_saved(client, template):
    values = {"name": "x"} | typed("a")
    del values["k0-active"]
    answer = client.post(reverse("template", args=[template.pk]), values)
    assert "and be active" in answer.content.decode()
    assert fields_of(template) == ["Surname"]


def test_a_button_of_the_editor_changes_the_page_and_nothing_else(client, template):
    values = {"name": "Renamed", "do": "down k0"} | typed("a", "b")
    page = client.post(reverse("template", args=[template.pk]), values).content.decode()
    assert page.index('value="b"') < page.index('value="a"')
    assert 'value="Renamed"' in page
    assert fields_of(template) == ["Surname"]


def test_one_is_changed_copied_and_deleted(client, template):
    url = reverse("template", args=[template.pk])
    assert client.post(url, {"name": "Card"} | typed("a", "b")).status_code == 302
    assert fields_of(template) == ["a", "b"]
    client.post(reverse("template-copy", args=[template.pk]))
    assert "Card" in client.get(reverse("template-delete", args=[template.pk])).content.decode()
    client.post(reverse("template-delete", args=[template.pk]))
    assert [left.name for left in FieldTemplate.objects.all()] == ["Card (copy)"]


def test_export_and_import(client, template):
    exported = client.get(reverse("template-export", args=[template.pk]))
    assert exported.headers["Content-Disposition"] == 'attachment; filename="Index card.json"'
    assert json.loads(exported.content)["fields"] == FIELDS
    file = SimpleUploadedFile("t.json", exported.content)
    assert client.post(reverse("template-import"), {"file": file}).status_code == 302
    assert (
        client.post(reverse("template-import"), {"text": exported.content.decode()}).status_code
        == 302
    )
    assert FieldTemplate.objects.count() == 3


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "Choose a file"), ("{", "not valid JSON"), ("{}", "one field")]
)
def test_what_cannot_be_imported_is_said(client, text, sentence):
    answer = client.post(reverse("template-import"), {"text": text})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
