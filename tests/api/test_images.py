"""The images of a job one by one, and what a person says of their values, over the API."""

from __future__ import annotations

from io import BytesIO

import pytest

from converter.fields import corrections
from converter.models import Batch, Correction
from tests.api.conftest import ROOT
from tests.api.test_problems import assert_is_problem
from tests.batches.test_lifecycle import work
from tests.fields.test_corrections import card_reading, make_cards
from tests.support.pictures import png


@pytest.fixture
def values(client, make_batch):
    """A card that has been read, as the address of its values."""
    batch = make_cards(make_batch, card_reading(), owner="me")
    return f"{ROOT}/jobs/{batch.pk}/images/{batch.images.get().pk}/values"


def say(client, address: str, field: str = "Surname", text: str = "Oak"):
    return client.put(address, {"field": field, "text": text}, content_type="application/json")


def test_images_are_listed_page_by_page_whether_they_were_read_or_not(get, make_started):
    batch = make_started(images=3)
    first = get(f"/jobs/{batch.pk}/images", limit=2).json()
    assert [one["status"] for one in first["images"]] == ["waiting"] * 2
    work(batch, failing=(2,))
    rest = get(f"/jobs/{batch.pk}/images", after=first["after"], limit=2).json()
    assert rest["after"] is None
    [last] = rest["images"]
    assert (last["filename"], last["status"]) == ("picture 2.png", "failed")
    assert last["error"]["code"]


def test_an_image_tells_what_was_read_on_it(get, make_read):
    batch = make_read(images=1)
    told = get(f"/jobs/{batch.pk}/images/{batch.images.get().pk}").json()
    assert told["read"]["tables"][0]["rows"]
    assert told["status"] == "done"


def test_a_draft_takes_more_images_and_gives_them_away(client, get, make_batch):
    batch = make_batch(images=1)
    address = f"{ROOT}/jobs/{batch.pk}/images"
    file = BytesIO(png())
    file.name = "late.png"
    assert client.post(address, {"files": file}).json()["total_images"] == 2
    first, second = get(f"/jobs/{batch.pk}/images").json()["images"]
    assert client.delete(f"{address}/{first['image_id']}").status_code == 204
    assert get(f"/jobs/{batch.pk}").json()["total_images"] == 1
    assert get(f"/jobs/{batch.pk}/images/{first['image_id']}").status_code == 404
    assert [one["image_id"] for one in get(f"/jobs/{batch.pk}/images").json()["images"]] == [
        second["image_id"]
    ]


def test_a_started_job_keeps_its_images(client, make_started):
    batch = make_started(images=1)
    address = f"{ROOT}/jobs/{batch.pk}/images/{batch.images.get().pk}"
    assert_is_problem(client.delete(address), 409, "batch_closed")


def test_one_image_that_failed_is_read_again(post, make_started):
    batch = make_started(images=2)
    work(batch, failing=(1,))
    read, failed = batch.images.order_by("position")
    assert_is_problem(post(f"/jobs/{batch.pk}/images/{read.pk}/retry"), 409, "nothing_failed")
    answer = post(f"/jobs/{batch.pk}/images/{failed.pk}/retry")
    assert (answer.status_code, answer.json()["status"]) == (202, "processing")


def test_a_value_is_corrected_and_taken_back(client, values):
    before = client.get(values).json()
    corrected = say(client, values).json()
    surname = corrected["fields"][0]
    assert (surname["text"], surname["state"], surname["read"]) == ("Oak", "corrected", "0ak")
    assert corrected["doubtful"] == before["doubtful"] - 1
    assert Correction.objects.get().owner == "me"
    assert client.delete(f"{values}?field=Surname").json() == before
    assert_is_problem(client.delete(f"{values}?field=Surname"), 409, "nothing_corrected")


def test_a_value_that_is_not_asked_for_is_not_taken(client, values):
    assert_is_problem(say(client, values, field="Height"), 404, "no_such_field")
    assert_is_problem(client.delete(values), 422, "invalid_request")
    too_long = "x" * (corrections.LONGEST + 1)
    assert_is_problem(say(client, values, text=too_long), 422, "invalid_request")
    assert not Correction.objects.exists()


def test_a_card_that_is_still_to_be_read_is_not_corrected(client, make_started):
    batch = make_started(images=1, mode="fields", fields=[{"name": "Surname"}])
    address = f"{ROOT}/jobs/{batch.pk}/images/{batch.images.get().pk}/values"
    assert_is_problem(say(client, address), 409, "image_not_read")


def test_both_sides_of_a_card_are_one_row(client, make_batch):
    readings = [card_reading("Oak"), card_reading(None)]
    batch = make_cards(make_batch, *readings, owner="me", pairing="alternating")
    front, back = batch.images.order_by("position")
    told = client.get(f"{ROOT}/jobs/{batch.pk}/images/{back.pk}/values").json()
    assert told["image_ids"] == [front.pk, back.pk]
    assert told["fields"][0]["text"] == "Oak"


def test_a_stranger_finds_nothing(stranger, values):
    image = values.removesuffix("/values")
    for address in (image, values, image.rsplit("/", 1)[0]):
        assert_is_problem(stranger.get(address), 404, "not_found")
    assert_is_problem(say(stranger, values), 404, "not_found")
    assert_is_problem(stranger.delete(image), 404, "not_found")
    assert not Correction.objects.exists()


def test_an_image_is_found_in_its_own_job_alone(get, make_read):
    mine, other = make_read(images=1), make_read(images=1)
    assert get(f"/jobs/{mine.pk}/images/{other.images.get().pk}").status_code == 404


def test_corrections_show_up_in_the_results(client, get, values):
    say(client, values)
    job = Batch.objects.get()
    [result] = get(f"/jobs/{job.pk}/results", include="tables").json()["results"]
    assert result["read"]["fields"][0]["text"] == "Oak"
