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
def test_letters_that_no_database_takes_are_refused(client, name):
    body = '{"name": "Card", "fields": [{"name": "NAME"}]}'.replace("NAME", name)
    assert_is_problem(client.post(TEMPLATES, body, "application/json"), 400, "bad_request")
    assert client.get(TEMPLATES).json() == []


def test_a_template_is_made_once_although_it_is_sent_twice(client):
    once = {"idempotency-key": "k1"}
    first, again = (
        client.post(TEMPLATES, CARD, "application/json", headers=once) for _ in range(2)
    )
    assert (first.status_code, again.json()) == (201, first.json())
    assert FieldTemplate.objects.count() == 1


def test_a_name_is_put_in_one_line_as_the_pages_do(client):
    assert send(client, CARD | {"name": " Index\n card\u00a0"}).json()["name"] == "Index card"


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ({"name": "\u0007 "}, "body.fields.0.name"),
        ({"name": "a", "required": 1}, "body.fields.0.required"),
    ],
)
def test_what_a_field_cannot_be_is_said_with_its_place(client, field, place):
    response = send(client, CARD | {"fields": [field]})
    assert_is_problem(response, 422, "invalid_request")
    assert [error["at"] for error in response.json()["errors"]] == [place]


def test_an_id_that_fits_into_no_column_is_not_there(client):
    assert_is_problem(client.get(f"{TEMPLATES}/{9**40}"), 404, "not_found")
