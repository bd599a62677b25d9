"""The API's description of itself."""

from __future__ import annotations


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
