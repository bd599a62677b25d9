"""Jobs over the API."""

from __future__ import annotations

JOBS = "/api/v1/jobs"


def test_an_owner_sees_a_job_in_the_list_and_by_itself(client, stranger, make_started):
    batch = make_started(images=2)
    told = client.get(f"{JOBS}/{batch.pk}").json()
    assert told["job_id"] == str(batch.pk)
    assert (told["status"], told["total_images"], told["progress"]) == ("queued", 2, 0)
    assert client.get(JOBS).json() == [told]
    assert stranger.get(JOBS).json() == []
    assert stranger.get(f"{JOBS}/{batch.pk}").status_code == 404
