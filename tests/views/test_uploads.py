"""The way in, with real files and the real intake; started batches wait for a worker."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse

from converter.core.errors import CODES
from converter.models import Batch, RefusedFile
from tests.support.pictures import png

JSON = {"HTTP_ACCEPT": "application/json"}


def file(name: str = "march.png", data: bytes | None = None) -> BytesIO:
    stream = BytesIO(png() if data is None else data)
    stream.name = name
    return stream


def bad(name: str = "notes.txt") -> BytesIO:
    return file(name, b"no picture at all")


def send(client, *files: BytesIO, url: str = "/batches/", **values: object):
    extra = {key: values.pop(key) for key in list(values) if key.startswith("HTTP_")}
    return client.post(url, {"files": list(files), **values}, **extra)


def files_below(folder) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_the_front_page_explains_itself_and_offers_a_sample(client):
    page = client.get("/").content.decode()
    assert "Drop pictures anywhere" in page
    assert reverse("batch-sample") in page


def test_a_form_starts_a_batch_and_goes_to_its_page(client):
    answer = send(client, file("a.png"), file("b.png"), name="Spring")
    batch = Batch.objects.get()
    assert answer.headers["Location"] == reverse("batch", args=[batch.pk])
    assert (batch.name, batch.state, batch.total) == ("Spring", "queued", 2)
    assert [image.name for image in batch.images.order_by("position")] == ["a.png", "b.png"]


def test_a_batch_belongs_to_the_browser_that_made_it(client, stranger):
    url = send(client, file()).headers["Location"]
    assert client.get(url).status_code == 200
    assert stranger.get(url).status_code == 404


def test_a_batch_belongs_to_the_user_who_made_it(client, stranger, django_user_model):
    user = django_user_model.objects.create_user("ada")
    client.force_login(user)
    url = send(client, file()).headers["Location"]
    stranger.force_login(user)
    assert stranger.get(url).status_code == 200


def test_the_good_files_go_on_and_the_page_names_the_others(client):
    page = send(client, file(), bad("<b>.txt")).headers["Location"]
    content = client.get(page).content.decode()
    assert "&lt;b&gt;.txt" in content
    assert "unsupported_type" in content
    assert Batch.objects.get().total == 1


@pytest.mark.django_db(transaction=True)
def test_if_all_files_are_refused_nothing_is_left(client, settings):
    answer = send(client, bad("a.txt"), file("b.png", b""))
    assert answer.status_code == 422
    assert [name in answer.content.decode() for name in ("a.txt", "b.png")] == [True, True]
    assert not Batch.objects.exists()
    assert not RefusedFile.objects.exists()
    assert files_below(settings.DATA_DIR) == []


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_form_without_files_is_answered_with_a_sentence(client, accept):
    answer = client.post("/batches/", {"name": "Spring"}, HTTP_ACCEPT=accept)
    assert answer.status_code == 422
    assert "Choose at least one picture first." in answer.content.decode()
    assert not Batch.objects.exists()


def test_a_name_that_is_too_long_is_named_and_kept_for_correction(client):
    answer = send(client, file(), name="n" * 121)
    assert answer.status_code == 422
    assert 'aria-describedby="name-error"' in answer.content.decode()
    assert "n" * 121 in answer.content.decode()


def test_the_sample_is_started_like_any_other(client):
    answer = client.post(reverse("batch-sample"))
    batch = Batch.objects.get()
    assert answer.headers["Location"] == reverse("batch", args=[batch.pk])
    assert (batch.state, batch.total) == ("queued", 1)


def test_a_sample_that_cannot_be_stored_is_refused_like_any_other(client, settings):
    settings.MAX_PIXELS = 10_000
    answer = client.post(reverse("batch-sample"))
    assert answer.status_code == 422
    assert "too_many_pixels" in answer.content.decode()


def test_a_script_sends_piece_by_piece_and_starts_at_the_end(client):
    draft = send(client, file("a.png"), bad(), **JSON).json()
    assert draft["added"] == 1
    assert [refusal["code"] for refusal in draft["refused"]] == ["unsupported_type"]
    more = send(client, file("b.png"), url=draft["images_url"], **JSON).json()
    assert more["added"] == 1
    assert client.post(draft["start_url"], **JSON).json() == {"url": draft["url"]}
    assert (Batch.objects.get().state, Batch.objects.get().total) == ("queued", 2)


def test_a_script_may_begin_without_a_file(client):
    draft = client.post("/batches/", {"first": "March.invoice.png"}, **JSON)
    assert draft.status_code == 201
    batch = Batch.objects.get()
    assert (batch.name, batch.state, batch.total) == ("March.invoice", "draft", 0)
    assert client.post("/batches/", {"first": "  "}, **JSON).status_code == 422


def test_an_upload_that_arrived_before_its_answer_got_lost_is_not_added_twice(client):
    draft = send(client, file("a.png"), **JSON).json()
    url = draft["images_url"]
    for name, picture in (("b", file("b.png")), ("c", bad())):
        first = send(client, picture, url=url, upload=name, place=1, **JSON).json()
        picture.seek(0)
        assert send(client, picture, url=url, upload=name, place=1, **JSON).json() == first
    assert (Batch.objects.get().total, RefusedFile.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    "values",
    [{"upload": "../x"}, {"upload": "a" * 37}, {"place": -1}, {"place": 2**20}, {"place": "x"}],
)
def test_what_a_script_says_of_a_file_is_checked(client, make_batch, values):
    url = reverse("batch-images", args=[make_batch().pk])
    assert send(client, file(), url=url, **values, **JSON).status_code == 422


def test_an_upload_is_one_file(client, make_batch):
    url = reverse("batch-images", args=[make_batch().pk])
    answer = send(client, file("a.png"), file("b.png"), url=url, upload="a", **JSON)
    assert (answer.status_code, answer.json()["message"]) == (422, "An upload has one file.")


def test_a_draft_page_takes_more_files(client, make_batch):
    batch = make_batch(images=1)
    answer = send(client, file(), url=reverse("batch-images", args=[batch.pk]))
    assert answer.status_code == 302
    batch.refresh_from_db()
    assert (batch.total, batch.state) == (2, "draft")


@pytest.mark.parametrize("extra", [{}, JSON])
def test_a_started_batch_takes_no_more_files(client, make_started, extra):
    batch = make_started(images=1)
    answer = send(client, file(), url=reverse("batch-images", args=[batch.pk]), **extra)
    assert answer.status_code == 409
    assert "takes no changes" in answer.content.decode()
    assert "batch_closed" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.total == 1


def test_adding_nothing_is_answered_with_a_sentence(client, make_batch):
    url = reverse("batch-images", args=[make_batch(images=1).pk])
    assert client.post(url, **JSON).status_code == 422
    page = client.post(url, follow=True).content.decode()
    assert "Choose at least one picture first." in page


def test_a_refusal_has_a_known_code(client):
    refused = send(client, bad(), file("empty.png", b""), **JSON).json()["refused"]
    assert [refusal["code"] for refusal in refused] == ["unsupported_type", "empty_file"]
    assert {refusal["code"] for refusal in refused} <= CODES
