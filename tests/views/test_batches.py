"""A batch as its owner sees it, at each point of its life."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from converter.batches import claims, lifecycle
from converter.core.engines.protocol import TextLine
from converter.models import Batch, BatchImage, RefusedFile, Result
from converter.views.batches import BATCHES_PER_PAGE, IMAGES_PER_PAGE
from tests.batches.test_claims import ENGINE_DOWN, READING
from tests.batches.test_lifecycle import work

JSON = {"HTTP_ACCEPT": "application/json"}
POLLS = "hx-get="


def see(client, route: str, batch: Batch, **query: object) -> str:
    return client.get(reverse(route, args=[batch.pk]), query).content.decode()


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def partial(make_started):
    batch = make_started()
    work(batch, failing=(1,))
    return batch


def test_a_waiting_batch_is_polled(client, make_started):
    page = see(client, "batch", make_started())
    assert "File 0 of 3 · 0 % · estimating…" in page
    assert "Waiting for a free worker" in page
    assert 'hx-trigger="load delay:1s, again"' in page


def test_a_running_batch_names_its_file_and_offers_what_is_done(client, make_started):
    batch = make_started()
    claims.finish(claims.claim_next(batch), "local", READING)
    claims.claim_next(batch)
    text = text_of(see(client, "batch-progress", batch))
    assert "File 1 of 3 · 33 % · about" in text
    assert "Reading picture 1.png" in text
    assert "Download what is done (1 of 3)" in text


def test_polling_stops_when_the_batch_has_settled(client, partial):
    fragment = see(client, "batch-progress", partial)
    assert POLLS not in fragment
    assert "File 3 of 3 · 100 % · took" in fragment
    assert 'hx-swap-oob="innerHTML">2 of 3 files read, 1 failed.' in fragment
    assert "Download XLSX" in fragment


def test_a_fragment_is_the_region_alone_and_is_never_kept(client, make_started):
    answer = client.get(reverse("batch-progress", args=[make_started().pk]))
    assert "<html" not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_is_still_read_after_a_cancel_is_waited_for(client, make_started):
    batch = make_started()
    claim = claims.claim_next(batch)
    lifecycle.cancel(batch)
    assert POLLS in see(client, "batch-progress", batch)
    claims.finish(claim, "local", READING)
    assert POLLS not in see(client, "batch-progress", batch)


def test_each_image_has_its_state_counts_and_reason(client, partial):
    rows = [text_of(row) for row in see(client, "batch", partial).split("<tr")[2:]]
    assert "picture 0.png Done 1 1 0.5 s XLSX" in rows[0]
    assert "picture 1.png It is down. engine_failed Failed" in rows[1]


def test_an_image_that_will_be_tried_again_says_why(client, make_started):
    batch = make_started(images=1)
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=False)
    assert "It is down. engine_failed Waiting" in text_of(see(client, "batch", batch))


def test_refused_files_are_listed_up_to_a_limit(client, make_started):
    batch = make_started(images=1)
    RefusedFile.objects.bulk_create(
        RefusedFile(batch=batch, name=f"{n}.txt", code="empty_file", message="It is empty.")
        for n in range(201)
    )
    page = text_of(see(client, "batch", batch))
    assert "199.txt It is empty. empty_file" in page
    assert "200.txt" not in page
    assert "the first 200 are shown" in page


def grow(batch: Batch, images: int) -> None:
    """More rows, without files: as many as a test of numbers needs."""
    now = timezone.now()
    BatchImage.objects.bulk_create(
        BatchImage(
            batch=batch, position=n, name=f"{n}.png", file=f"{n}", sha256="", size=1,
            width=1, height=1, state="done", settled=now,
        )
        for n in range(batch.total, images)
    )  # fmt: skip
    Batch.objects.filter(pk=batch.pk).update(total=images, done=images - batch.total)


@pytest.mark.parametrize("route", ["batch", "batch-progress"])
def test_a_thousand_images_cost_as_many_queries_as_ten(client, make_started, route):
    counts = []
    batch = make_started()
    for images in (10, 1_000):
        grow(batch, images)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            see(client, route, batch)
        counts.append(len(queries))
        batch.refresh_from_db()
    assert counts[0] == counts[1]


def test_a_fragment_takes_at_most_six_queries(client, make_started, django_assert_max_num_queries):
    batch = make_started()
    grow(batch, 60)
    claims.claim_next(batch)
    with django_assert_max_num_queries(6 + 1) as queries:  # and one for the session
        see(client, "batch-progress", batch)
    # A reading may be large, and a list of images shows none of it.
    assert not any('"reading"' in query["sql"] for query in queries.captured_queries)


@pytest.mark.parametrize(
    ("page", "first", "last"),
    [("1", 1, 25), ("3", 51, 60), ("99", 51, 60), ("nonsense", 1, 25), ("-1", 51, 60)],
)
def test_images_are_paged(client, make_started, page, first, last):
    batch = make_started()
    grow(batch, 60)
    html = see(client, "batch", batch, page=page)
    shown = [int(number) for number in re.findall(r'"gutter">(\d+)<', html)]
    assert shown == list(range(first, last + 1))
    assert f"Images {first} to {last} of 60" in html
    assert f"?page={(first - 1) // IMAGES_PER_PAGE + 1}" in html  # the poll stays on its page


def test_a_large_batch_is_asked_about_less_often(client, make_started):
    batch = make_started()
    grow(batch, 101)
    assert "load delay:2s" in see(client, "batch-progress", batch)


def test_a_draft_shows_its_files_and_can_be_started(client, make_batch):
    batch = make_batch(images=2)
    page = see(client, "batch", batch)
    assert "<b>2 images</b> ready" in page
    assert reverse("batch-start", args=[batch.pk]) in page
    client.post(reverse("batch-start", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == "queued"


def test_an_empty_draft_does_not_start(client, make_batch):
    batch = make_batch()
    answer = client.post(reverse("batch-start", args=[batch.pk]), **JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "batch_empty")
    page = client.post(reverse("batch-start", args=[batch.pk]), follow=True).content.decode()
    assert "There is no image in this batch yet" in page


def test_a_batch_can_be_cancelled(client, make_started):
    batch = make_started()
    page = client.post(reverse("batch-cancel", args=[batch.pk]), follow=True).content.decode()
    assert "0 of 3 files had been read before it was cancelled" in page


def test_what_failed_can_be_tried_again(client, partial):
    assert "Retry failed (1)" in see(client, "batch", partial)
    client.post(reverse("batch-retry", args=[partial.pk]))
    partial.refresh_from_db()
    assert (partial.state, partial.failed) == ("running", 0)


def test_without_a_failure_there_is_nothing_to_try_again(client, make_started):
    answer = client.post(reverse("batch-retry", args=[make_started().pk]), **JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_failed")


@pytest.fixture
def stopped(make_started):
    """A cancelled batch: its first image done, the second failed, the third not begun."""
    batch = make_started()
    claims.finish(claims.claim_next(batch), "local", READING)
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=True)
    lifecycle.cancel(batch)
    return batch


def test_a_cancelled_batch_can_be_continued(client, stopped):
    assert "Resume (1)" in see(client, "batch", stopped)
    client.post(reverse("batch-resume", args=[stopped.pk]))
    stopped.refresh_from_db()
    assert (stopped.state, stopped.cancelled) == ("running", 0)


def test_a_batch_that_was_not_cancelled_has_nothing_to_go_on_with(client, partial):
    answer = client.post(reverse("batch-resume", args=[partial.pk]), **JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_cancelled")


@pytest.mark.parametrize("position", [1, 2])
def test_one_image_can_be_tried_again_alone(client, stopped, position):
    image = stopped.images.get(position=position)
    url = reverse("image-retry", args=[stopped.pk, image.pk])
    assert url in see(client, "batch", stopped)
    client.post(url)
    image.refresh_from_db()
    assert image.state == "waiting"
    assert url not in see(client, "batch", stopped)


def test_an_image_that_was_read_offers_and_takes_no_other_try(client, stopped):
    url = reverse("image-retry", args=[stopped.pk, stopped.images.get(position=0).pk])
    assert url not in see(client, "batch", stopped)
    answer = client.post(url, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_failed")


def test_an_image_that_is_not_there_cannot_be_tried_again(client, stopped):
    assert client.post(reverse("image-retry", args=[stopped.pk, 0])).status_code == 404


def test_what_was_taken_over_says_so(client, partial):
    Result.objects.update(taken_over=True)
    assert text_of(see(client, "batch", partial)).count("taken over") == 2


def test_deleting_says_what_will_be_gone(client, partial):
    text = text_of(see(client, "batch-delete", partial))
    size = sum(image.size for image in partial.images.all())
    assert f"Images 3 Results 2 Files 3 ({size} bytes)" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert Batch.objects.exists()


def test_deleting_leaves_nothing(client, partial, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("batch-delete", args=[partial.pk]), follow=True)
    assert "was deleted, with its files" in answer.content.decode()
    assert not Batch.objects.exists()
    assert not list(settings.DATA_DIR.rglob("*.png"))


def names(html: str) -> list[str]:
    return re.findall(r'<a class="file"[^>]*>([^<]+)</a>', html)


def test_the_list_is_mine_and_newest_first(client, make_batch):
    for name in ("first", "second"):
        make_batch(name=name)
    make_batch(name="not mine", owner="somebody else")
    assert names(client.get("/batches/").content.decode()) == ["second", "first"]


def test_the_list_is_paged_without_gaps_or_repeats(client, make_batch):
    moment = timezone.now()  # the same for several, as after an import
    made = [
        make_batch(name=f"n{n}", created=moment + timedelta(seconds=n // 4)).name
        for n in range(BATCHES_PER_PAGE + 5)
    ]
    first = client.get("/batches/").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = client.get("/batches/" + older).content.decode()
    assert sorted(names(first) + names(second)) == sorted(made)
    assert 'rel="next"' not in second


@pytest.mark.parametrize("cursor", ["nonsense", "2026-11-20_x", "2026-11-20T09:00:00_" + "0" * 32])
def test_a_cursor_of_somebody_else_is_ignored(client, make_batch, cursor):
    make_batch(name="mine")
    page = client.get("/batches/", {"before": cursor}).content.decode()
    assert names(page) == ["mine"]


def test_an_empty_list_explains_itself(client):
    page = client.get("/batches/").content.decode()
    assert "Nothing here yet" in page
    assert reverse("batch-sample") in page


def test_a_paused_batch_says_why_and_what_can_be_done(client, paused):
    fragment = see(client, "batch-progress", paused)
    text = text_of(fragment)
    assert "Paused Requests failed in a row, so nothing more is sent" in text
    assert "Check OLMOCR_API_KEY" in text
    assert "· paused" in text
    assert "load delay:5s" in fragment
    for button in ("go-on", "go-on-local", "cancel"):
        assert f'id="{button}"' in fragment


def test_a_paused_batch_goes_on_when_asked(client, paused):
    client.post(reverse("batch-go-on", args=[paused.pk]))
    paused.refresh_from_db()
    assert (paused.is_paused, paused.failed, paused.engine) == (False, 0, "remote")
    assert 'id="go-on"' not in see(client, "batch", paused)


def test_a_paused_batch_goes_on_on_this_machine_when_asked(client, paused):
    client.post(reverse("batch-go-on", args=[paused.pk]), {"engine": "local"})
    paused.refresh_from_db()
    assert (paused.is_paused, paused.engine) == (False, "local")


def test_no_other_engine_can_be_smuggled_in(client, paused):
    client.post(reverse("batch-go-on", args=[paused.pk]), {"engine": "../../etc"})
    paused.refresh_from_db()
    assert paused.engine == "remote"


def test_a_batch_that_is_not_paused_does_not_go_on(client, make_started):
    answer = client.post(reverse("batch-go-on", args=[make_started().pk]), **JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_paused")


def test_the_page_says_who_read_and_what_it_took(client, make_started):
    batch = make_started()
    for reading in (
        replace(
            READING, model="google/gemma-4", asked="allenai/olmOCR-2", tokens_in=1000, cost=0.5
        ),
        replace(READING, model="gpt-6-2026-05-01", asked="openai/gpt-6", tokens_out=234, cost=0.25),
        replace(
            READING, instead_of="picture_refused: Refused.", missing=(TextLine("1"), TextLine("2"))
        ),
    ):
        claims.finish(claims.claim_next(batch), "remote", reading)
    text = text_of(see(client, "batch-progress", batch))
    assert "1,234 tokens · $0.7500" in text
    assert "Read by google/gemma-4; allenai/olmOCR-2 was asked." in text
    assert "gpt-6-2026" not in text
    assert "On the picture, but in no cell: 2 lines." in text
    assert "Read on this machine instead. Refused. picture_refused" in text
