"""The API's description of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def document(client) -> dict[str, Any]:
    return client.get("/openapi.json").json()


def test_every_call_is_described_and_may_end_in_a_problem(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.")
    assert "/api/v1/jobs/{job_id}" in document["paths"]
    for methods in document["paths"].values():
        for operation in methods.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]
    assert {"Problem", "Invalid"} <= document["components"]["schemas"].keys()


def test_the_pages_load_nothing_from_elsewhere(client):
    for address in ("/docs", "/redoc"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "http" not in answer.content.decode()
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


def references(tree: Any) -> Iterator[str]:
    for name, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if name == "$ref":
            yield value
        elif isinstance(value, dict | list):
            yield from references(value)


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = [one for methods in document["paths"].values() for one in methods.values()]
    return {operation["operationId"]: operation for operation in found}


def test_each_call_has_a_short_name_of_its_own(document):
    calls = sum(len(methods) for methods in document["paths"].values())
    assert len(operations(document)) == calls
    assert {"get_job", "convert_single", "create_template"} <= operations(document).keys()


def test_whatever_it_refers_to_is_there(document):
    for reference in set(references(document)):
        found = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found


def test_the_answer_of_what_makes_something_leads_to_its_calls(document):
    known = operations(document)
    for link in document["components"]["links"].values():
        wanted = {p["name"] for p in known[link["operationId"]]["parameters"] if p["in"] == "path"}
        assert wanted == link["parameters"].keys()
    linked = {link["operationId"] for link in document["components"]["links"].values()}
    for path, methods in document["paths"].items():
        if path.endswith(("{job_id}", "{file_id}", "{template_id}")):
            assert {operation["operationId"] for operation in methods.values()} <= linked


def test_a_job_leads_to_its_file_and_a_template_to_itself(document):
    sources = {
        parameter: source
        for link in document["components"]["links"].values()
        for parameter, source in link["parameters"].items()
    }
    assert sources["job_id"] == sources["file_id"] == "$response.body#/job_id"
    assert sources["template_id"] == "$response.body#/id"


def test_it_says_that_a_picture_is_needed(document):
    schemas = document["components"]["schemas"]
    assert "images" in schemas["Submission"]["required"]
    assert schemas["Submission"]["properties"]["images"]["minItems"] == 1
    assert schemas["Picture"]["not"]["properties"].keys() == {"image_data", "image"}
    form = document["paths"]["/api/v1/convert/single"]["post"]["requestBody"]["content"]
    files = form["multipart/form-data"]["schema"]["properties"]["files"]
    assert (files["minItems"], files["maxItems"]) == (1, 1)


def test_a_form_has_no_null(document):
    form = document["paths"]["/api/v1/jobs/batch"]["post"]["requestBody"]["content"]
    values = form["multipart/form-data"]["schema"]["properties"]
    assert values["template_id"]["type"] == "integer"
    assert "null" not in json.dumps(values)


def test_the_picture_that_is_its_example_is_taken(client, document):
    picture = document["components"]["schemas"]["Picture"]["properties"]["image_data"]
    body = {"image_data": picture["anyOf"][0]["examples"][0]}
    assert client.post("/api/v1/convert/validate", body, "application/json").json()["valid"]


def test_who_must_say_who_they_are_is_told(client, settings, document):
    assert {} in document["paths"]["/api/v1/jobs"]["get"]["security"]
    assert {} not in document["paths"]["/api/v1/stats"]["get"]["security"]
    settings.REQUIRE_LOGIN = True
    closed = Client().get("/openapi.json").json()
    assert {} not in closed["paths"]["/api/v1/jobs"]["get"]["security"]
