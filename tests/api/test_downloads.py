"""Results: in every format, of a job and of an image, for their owner."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from converter.models import Batch
from tests.api.test_problems import assert_is_problem


def content(answer) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def image_id(batch: Batch) -> str:
    return f"{batch.pk}-{batch.images.get(position=0).pk}"


def test_a_job_is_one_workbook(get, make_read):
    batch = make_read()
    answer = get(f"/download/{batch.pk}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Pile.xlsx"'
    assert load_workbook(BytesIO(content(answer))).sheetnames[-1] == "Summary"


@pytest.mark.parametrize("sheets", ["single_sheet", "merge_same_columns"])
def test_a_result_is_written_as_its_job_says_or_as_the_call_does(get, make_read, sheets):
    def sheetnames(batch: Batch, **query: str) -> list[str]:
        data = content(get(f"/download/{image_id(batch)}", **query))
        return load_workbook(BytesIO(data)).sheetnames

    expected = ["Tables" if sheets == "single_sheet" else "Table 1", "Summary"]
    assert sheetnames(make_read(consolidation=sheets)) == expected
    assert sheetnames(make_read(), consolidation_strategy=sheets) == expected
    asked = {"consolidation_strategy": "one_heap"}
    assert_is_problem(get(f"/download/{make_read().pk}", **asked), 422, "invalid_request")


def test_an_individual_job_is_a_workbook_for_each_image(get, make_read):
    batch = make_read(output_format="individual")
    names = ZipFile(BytesIO(content(get(f"/download/{batch.pk}")))).namelist()
    assert names == ["00001 picture 0.xlsx", "00002 picture 1.xlsx"]


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("zip", "application/zip"),
        ("csv_zip", "application/zip"),
        ("pictures", "application/zip"),
    ],
)
def test_a_job_can_be_had_in_other_formats(get, make_read, kind, content_type):
    answer = get(f"/download/{make_read().pk}", format=kind)
    assert answer.headers["Content-Type"] == content_type
    assert content(answer)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_an_image_can_be_had_alone(get, make_read, kind):
    answer = get(f"/download/{image_id(make_read())}", format=kind)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="picture 0.{kind}"'
    data = content(answer)
    if kind == "json":
        assert len(json.loads(data)["images"]) == 1


def test_its_json_is_as_the_document_says(client, get, make_read):
    path = client.get("/openapi.json").json()["paths"]["/api/v1/download/{file_id}"]
    schema = path["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    told = json.loads(content(get(f"/download/{make_read().pk}", format="json")))
    assert set(schema["required"]) == told.keys() == schema["properties"].keys()
    image = schema["properties"]["images"]["items"]
    assert set(image["required"]) <= told["images"][0].keys()
    assert told["images"][0]["state"] in image["properties"]["state"]["enum"]


def test_an_image_has_no_archive(get, make_read):
    answer = get(f"/download/{image_id(make_read())}", format="zip")
    assert_is_problem(answer, 422, "no_such_format")


def test_what_has_not_been_read_cannot_be_had(get, make_started):
    assert_is_problem(get(f"/download/{make_started().pk}"), 409, "nothing_read")


def test_info_says_what_there_is(get, make_read):
    batch = make_read()
    told = get(f"/download/{batch.pk}/info").json()
    assert (told["filename"], told["images"], told["images_read"]) == ("Pile.xlsx", 2, 2)
    assert [one["format"] for one in told["formats"]] == [
        "xlsx", "csv", "json", "zip", "csv_zip", "pictures",
    ]  # fmt: skip
    for one in told["formats"]:
        address, _, kind = one["download_url"].partition("?format=")
        content(get(address.removeprefix("/api/v1"), format=kind))
    of_image = get(f"/download/{image_id(batch)}/info").json()
    assert (of_image["images"], len(of_image["formats"])) == (1, 3)


def test_a_preview_shows_the_beginning(get, make_read):
    batch = make_read()
    told = get(f"/download/{batch.pk}/preview").json()
    assert [table["filename"] for table in told["tables"]] == ["picture 0.png", "picture 1.png"]
    assert told["tables"][0]["rows"]
    assert told["complete"]


def test_deleting_a_result_deletes_its_job(client, make_read):
    batch = make_read()
    one = client.delete(f"/api/v1/download/{image_id(batch)}")
    assert_is_problem(one, 409, "part_of_job")
    assert client.delete(f"/api/v1/download/{batch.pk}").status_code == 204
    assert not Batch.objects.exists()
