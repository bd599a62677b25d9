"""Field templates over the API: the same ones that the pages show, and only one's own."""

from __future__ import annotations

import pytest

from converter.core.fields.specification import parse_template
from converter.models import FieldTemplate
from tests.api.test_problems import assert_is_problem

TEMPLATES = "/api/v1/templates"
CARD = {
    "version": 1,
    "name": "Index card",
    "fields": [
        {"name": "Surname", "labels": ["Family name"], "required": True},
        {"name": "Material", "type": "choice", "values": ["flint", "bone"], "active": False},
    ],
}

pytestmark = pytest.mark.django_db


def send(client, body: object, method: str = "post", path: str = TEMPLATES):
    return getattr(client, method)(path, body, "application/json")


@pytest.fixture
def made(client) -> dict:
    response = send(client, CARD)
    assert response.status_code == 201
    return response.json()


def test_a_template_is_made_and_is_there_in_the_pages_too(client, made):
    assert (made["name"], made["fields"][0]["labels"]) == ("Index card", ["Family name"])
    assert client.get(f"{TEMPLATES}/{made['id']}").json() == made
    assert client.get(TEMPLATES).json() == [made]
    assert "Index card" in client.get("/templates/").content.decode()


def test_what_a_page_exports_is_taken(client, made):
    exported = client.get(f"/templates/{made['id']}/template.json").content
    again = parse_template(exported).to_json() | {"name": "Another"}
    assert send(client, again).json()["fields"] == made["fields"]


def test_a_template_is_replaced(client, made):
    path = f"{TEMPLATES}/{made['id']}"
    changed = send(client, CARD | {"fields": [{"name": "Only"}]}, "put", path).json()
    assert [field["name"] for field in changed["fields"]] == ["Only"]
    assert FieldTemplate.objects.get().fields == [{"name": "Only"}]


def test_a_template_is_deleted(client, made):
    assert client.delete(f"{TEMPLATES}/{made['id']}").status_code == 204
    assert client.get(TEMPLATES).json() == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (CARD, 422, "name_taken"),
        (CARD | {"name": " "}, 422, "invalid_request"),
        (CARD | {"fields": []}, 422, "invalid_request"),
        (CARD | {"version": 2}, 422, "invalid_request"),
        (CARD | {"name": "b", "fields": [{"name": "a"}, {"name": "A"}]}, 422, "bad_template"),
        (CARD | {"name": "b", "fields": [{"name": "a", "pattern": "("}]}, 422, "bad_template"),
        (CARD | {"name": "b", "fields": [{"name": "a", "active": False}]}, 422, "bad_template"),
    ],
)
def test_what_is_no_template_is_refused_and_says_why(client, made, body, status, code):
    assert_is_problem(send(client, body), status, code)
    assert FieldTemplate.objects.count() == 1


@pytest.mark.parametrize("name", ["a\\u0000b", "a\\ud800b"])
def test_letters_that_no_database_takes_are_refused_or_dropped(client, name):
    body = '{"name": "Card", "fields": [{"name": "NAME"}]}'.replace("NAME", name)
    response = client.post(TEMPLATES, body, "application/json")
    assert response.status_code in {201, 422}
    assert [field["name"] for t in client.get(TEMPLATES).json() for field in t["fields"]] in (
        [],
        ["ab"],
    )


def test_an_id_that_fits_into_no_column_is_not_there(client):
    assert_is_problem(client.get(f"{TEMPLATES}/{9**40}"), 404, "not_found")
