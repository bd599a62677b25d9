"""A draft's fields tried on one of its images, over the API."""

from __future__ import annotations

import pytest

from converter.batches import claims, drafts, lifecycle, trials
from converter.core.errors import EngineError
from converter.models import Batch
from tests.api.conftest import ROOT
from tests.api.test_problems import assert_is_problem
from tests.fields.test_corrections import FIELDS, card_reading, read_next


@pytest.fixture
def draft(make_batch) -> Batch:
    return make_batch(images=2, mode="fields", fields=FIELDS)


def trial_of(draft: Batch) -> Batch:
    found = trials.of(draft)
    assert found
    return found[0]


def test_the_fields_are_tried_on_one_image(get, post, draft):
    second = draft.images.get(position=1)
    answer = post(f"/jobs/{draft.pk}/check", {"image_id": second.pk})
    assert answer.status_code == 202
    begun = answer.json()
    assert (begun["image_id"], begun["status"], begun["read"]) == (second.pk, "queued", None)
    read_next(trial_of(draft), card_reading())
    lifecycle.settle(trial_of(draft))
    told = get(f"/jobs/{draft.pk}/check").json()
    assert (told["status"], told["current"], told["error"]) == ("completed", True, None)
    assert told["read"]["fields"][0]["text"] == "0ak"
    drafts.configure(draft, {"fields": [{"name": "Given name"}]})
    assert not get(f"/jobs/{draft.pk}/check").json()["current"]
    assert get(f"/jobs/{draft.pk}/status").json()["status"] == "draft"


def test_the_first_image_is_tried_if_none_is_named(post, draft):
    assert post(f"/jobs/{draft.pk}/check").json()["filename"] == "picture 0.png"


def test_a_check_that_failed_says_why(get, post, draft):
    post(f"/jobs/{draft.pk}/check")
    claim = claims.claim_next(trial_of(draft))
    claims.fail(claim, EngineError("timed_out", "Slow.", permanent=True), permanent=True)
    lifecycle.settle(trial_of(draft))
    told = get(f"/jobs/{draft.pk}/check").json()
    assert (told["status"], told["error"]) == ("failed", {"code": "timed_out", "message": "Slow."})


def test_what_cannot_be_tried_is_refused(client, get, post, stranger, draft, make_batch):
    path = f"/jobs/{draft.pk}/check"
    assert_is_problem(get(path), 404, "not_found")
    assert_is_problem(stranger.post(f"{ROOT}{path}"), 404, "not_found")
    assert_is_problem(post(path, {"image_id": 2**40}), 404, "not_found")
    assert_is_problem(post(path, {"image_id": "x"}), 422, "invalid_request")
    empty = make_batch(mode="fields", fields=FIELDS)
    assert_is_problem(post(f"/jobs/{empty.pk}/check"), 409, "batch_empty")
    tables = make_batch(images=1)
    assert_is_problem(post(f"/jobs/{tables.pk}/check"), 409, "fields_missing")
    assert Batch.objects.listed().count() == Batch.objects.count()


def test_a_started_job_is_not_tried(post, make_started):
    assert_is_problem(post(f"/jobs/{make_started().pk}/check"), 409, "batch_closed")
