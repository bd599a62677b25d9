"""The search over the API."""

from __future__ import annotations

import pytest

from tests.review.piles import doubtful, image_of


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_it_goes_on_by_cursor(get, db, limit):
    older, newer = doubtful(2), doubtful(1)
    seen, query = [], {"q": "elm", "limit": limit}
    while True:
        answer = get("/search", **query).json()
        seen += [(one["job_id"], one["position"]) for one in answer["images"]]
        if answer["after"] is None:
            break
        query["after"] = answer["after"]
    assert seen == [(str(newer.pk), 0), (str(older.pk), 0), (str(older.pk), 1)]


def test_a_place_is_a_cell_counted_from_0(get, db):
    batch = doubtful(1)
    [image] = get("/search", q="elm", job_id=batch.pk).json()["images"]
    assert (image["image_id"], image["count"]) == (image_of(batch).pk, 1)
    assert image["places"] == [
        {"text": "Elm", "table": 0, "row": 2, "col": 0, "field": None, "box": [4, 26, 20, 34]}
    ]


def test_somebody_else_finds_nothing(get, stranger, db):
    batch = doubtful(1)
    assert stranger.get("/api/v1/search?q=elm").json() == {"images": [], "after": None}
    for query in (f"job_id={batch.pk}", f"after={image_of(batch).pk}"):
        assert stranger.get(f"/api/v1/search?q=elm&{query}").status_code == 404


def test_odd_queries_find_nothing(get, db):
    doubtful(1)
    for query in ("", "--", "\0", "😀", "' OR 1=1"):
        assert get("/search", q=query).json()["images"] == []
    assert get("/search", q="x" * 201).status_code == 422
    assert get("/search").status_code == 422
