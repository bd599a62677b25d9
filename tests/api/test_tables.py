"""Tables over the API: seen, corrected, restructured and undone, and the doubts of a job."""

from __future__ import annotations

import pytest

from converter.models import BatchImage, TableEdit
from tests.review.piles import doubtful, image_of, loose, pile, texts_of


@pytest.fixture
def image(db) -> BatchImage:
    return image_of(doubtful(3))


def url_of(image: BatchImage, what: str = "tables") -> str:
    return f"/api/v1/jobs/{image.batch_id}/images/{image.pk}/{what}"


def patch(client, image: BatchImage, *cells: dict[str, object], index: int = 0):
    return client.patch(
        url_of(image, f"tables/{index}/cells"), {"cells": cells}, content_type="application/json"
    )


def restructure(client, image: BatchImage, edit: dict[str, object]):
    where = url_of(image, "tables/0/structure")
    return client.post(where, edit, content_type="application/json")


def test_tables_are_seen_with_boxes_and_reasons(client, image):
    now = client.get(url_of(image)).json()
    [table] = now["tables"]
    assert (now["doubtful"], table["index"], table["rows"], table["header_rows"]) == (2, 0, 3, 1)
    assert table["cells"][3] == {
        "row": 1, "col": 1, "rowspan": 1, "colspan": 1, "text": "12.5O", "header": False,
        "confidence": 0.3, "box": [30, 14, 50, 22], "corrected": False, "said": "", "read": None,
        "reasons": ["hard to read (30 % sure)", "another reading says “12.50”"],
    }  # fmt: skip


def test_cells_are_corrected_and_confirmed_by_a_program(client, image):
    cells = {"row": 1, "col": 1, "text": "12.50"}, {"row": 1, "col": 0, "text": "0ak"}
    now = patch(client, image, *cells).json()
    assert now["doubtful"] == 0
    said = [(cell["said"], cell["read"]) for cell in now["tables"][0]["cells"][2:4]]
    assert said == [("confirmed", "0ak"), ("corrected", "12.5O")]
    assert all(row.by_program for row in TableEdit.objects.all())
    download = client.get(f"/api/v1/download/{image.batch_id}?format=csv").getvalue().decode()
    assert "0ak,12.50" in download


@pytest.mark.parametrize(
    ("cell", "index", "status"),
    [
        ({"row": 9, "col": 0, "text": "x"}, 0, 404),
        ({"row": 0, "col": 0, "text": "x"}, 5, 404),
        ({"row": -1, "col": 0, "text": "x"}, 0, 422),
        ({"row": 0, "col": 0}, 0, 422),
    ],
)
def test_a_cell_that_is_none_leaves_all_as_it_was(client, image, cell, index, status):
    right = {"row": 1, "col": 1, "text": "12.50"}
    assert patch(client, image, right, cell, index=index).status_code == status
    assert texts_of(image)[1][1] == "12.5O"


def test_structure_changes_and_is_undone(client, image):
    now = restructure(client, image, {"do": "insert_rows", "at": 1}).json()
    assert now["tables"][0]["rows"] == 4
    assert client.post(url_of(image, "undo")).json()["tables"][0]["rows"] == 3
    assert client.post(url_of(image, "undo")).status_code == 409


def test_an_edit_that_the_table_does_not_allow_is_refused(client, image):
    refused = restructure(client, image, {"do": "delete_rows", "at": 0, "count": 3})
    assert (refused.status_code, refused.json()["code"]) == (409, "edit_refused")
    assert restructure(client, image, {"do": "explode"}).status_code == 422


def test_doubts_come_image_by_image(client, image):
    where = f"/api/v1/jobs/{image.batch_id}/doubts"
    first = client.get(f"{where}?limit=3").json()
    assert [doubt["position"] for doubt in first["doubts"]] == [0, 0, 1, 1]
    assert [doubt["text"] for doubt in first["doubts"][:2]] == ["12.5O", "0ak"]
    assert first["doubts"][0]["proposals"] == ["12.50"]
    rest = client.get(f"{where}?after={first['after']}").json()
    assert [doubt["position"] for doubt in rest["doubts"]] == [2, 2]
    assert rest["after"] is None


def test_an_image_that_is_not_read_has_no_tables_yet(client, make_started):
    image = make_started(1).images.get()
    assert client.get(url_of(image)).status_code == 409


def test_strangers_find_nothing(stranger, image):
    assert stranger.get(url_of(image)).status_code == 404
    assert patch(stranger, image, {"row": 0, "col": 0, "text": "x"}).status_code == 404


def test_a_program_draws_a_table_and_takes_print_into_its_cells(client, db):
    image = image_of(pile(loose()))
    drawn = {"do": "draw", "row_edges": [0, 37], "col_edges": [0, 60]}
    [table] = restructure(client, image, drawn).json()["tables"]
    assert (table["rows"], table["cols"], table["header_rows"]) == (3, 2, 1)
    taken = {"do": "take", "row": 2, "col": 0, "boxes": [[0, 37, 21, 47]]}
    [table] = restructure(client, image, taken).json()["tables"]
    assert table["cells"][4]["text"] == "Elm\nNote"
    download = client.get(f"/api/v1/download/{image.batch_id}?format=csv").getvalue().decode()
    assert '"Elm\nNote",9.75' in download.replace("\r", "")
    none = {"do": "take", "row": 0, "col": 0, "boxes": [[900, 900, 910, 910]]}
    assert restructure(client, image, none).status_code == 409
