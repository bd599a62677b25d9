"""A draft's page: pages of images, what its buttons do, and what a started batch answers."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from converter.batches import drafts, lifecycle
from converter.models import Batch, BatchImage, RefusedFile
from converter.storage import layout
from converter.views.drafts import CHANGES, PER_PAGE
from tests.batches.test_lifecycle import work
from tests.batches.test_ordering import rows
from tests.fields.test_editor import typed

JSON = {"HTTP_ACCEPT": "application/json"}
HTMX = {"HTTP_HX_REQUEST": "true"}
OPTIONS = {"name": "Spring", "mode": "tables", "engine": "local", "priority": "1"}


def url(route: str, batch: Batch) -> str:
    return reverse(route, args=[batch.pk])


def change(client, batch: Batch, do: str, **values: object):
    extra = {key: values.pop(key) for key in list(values) if key.startswith("HTTP_")}
    return client.post(url("draft-change", batch), {"do": do, **values}, **extra)


def shown(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'data-image="(\d+)"', html)]


def numbers(html: str) -> list[str]:
    return re.findall(r'id="grip-\d+"[^>]*>(\d+)<', html)


def ids(batch: Batch) -> list[int]:
    return list(batch.images.kept().order_by("position").values_list("pk", flat=True))


# --- the page ---


def test_the_script_learns_the_size_of_a_page_from_it(client, make_batch):
    batch = make_batch(1)
    for route in ("batch", "draft-images"):
        assert f'data-page-size="{PER_PAGE}"' in client.get(url(route, batch)).content.decode()


def test_a_draft_says_what_it_costs_wherever_that_changes(client, make_batch, settings):
    batch = make_batch(3, engine="remote")
    settings.OLMOCR_API_KEY = ""
    assert 'id="price"' not in client.get(url("batch", batch)).content.decode()
    settings.OLMOCR_API_KEY = "sk-1234567890"
    unknown, free = "is not known yet", "This choice costs nothing."
    assert unknown in client.get(url("batch", batch)).content.decode()
    assert unknown in change(client, batch, "sort", **HTMX).content.decode()
    answer = client.post(url("draft-options", batch), OPTIONS, **HTMX).content.decode()
    assert f'id="price" hx-swap-oob="true">{free}' in answer
    batch.refresh_from_db()
    assert batch.engine == "local"


def test_who_reads_is_chosen_only_where_there_is_a_server(client, make_batch, settings):
    batch = make_batch(engine="auto")
    settings.OLMOCR_API_KEY = ""
    assert '<select id="engine"' not in client.get(url("batch", batch)).content.decode()
    settings.OLMOCR_API_KEY = "sk-1234567890"
    page = client.get(url("batch", batch)).content.decode()
    assert '<option value="auto" selected>' in page
    assert "This machine; no picture leaves it" in page
    assert "A server is sent the pictures and charges for them" in page
    assert "sk-1234567890" not in page


def test_an_empty_draft_says_what_to_do(client, make_batch):
    page = client.get(url("batch", make_batch())).content.decode()
    assert "No image here yet" in page
    assert "Drop or choose pictures above" in page


def test_each_image_can_be_told_turned_moved_and_removed(client, make_batch):
    batch = make_batch(images=2)
    page = client.get(url("batch", batch)).content.decode()
    assert shown(page) == ids(batch)
    for label in ("Select", "Remove"):
        assert f'aria-label="{label} picture 1.png"' in page
    assert 'aria-label="Number 2 of 2: move picture 1.png"' in page
    assert 'aria-label="Turn picture 1.png left"' in page


def test_pages_follow_each_other_without_gaps(client, make_batch):
    batch = make_batch()
    expected = rows(batch, 2 * PER_PAGE + 5)
    drafts.remove(batch, expected[3:5])
    address, seen, counted = url("batch", batch), [], []
    while address:
        page = client.get(address).content.decode()
        seen, counted = seen + shown(page), counted + numbers(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following and following[1]
    assert seen == expected[:3] + expected[5:]
    assert counted == [str(n) for n in range(1, len(seen) + 1)]
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert (
        shown(client.get(back[1]).content.decode()) == seen[PER_PAGE - 57 - 0 :][:PER_PAGE] or back
    )


def test_what_arrives_while_a_page_is_made_is_on_the_next_one(client, make_batch):
    batch = make_batch()
    earlier, late = rows(batch, 2)[0], []
    BatchImage.objects.filter(pk=earlier).update(removed=timezone.now())

    def arrive(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if '"position" >=' in sql and not late:
            late.append(earlier)
            BatchImage.objects.filter(pk=earlier).update(removed=None)
        return answer

    with connection.execute_wrapper(arrive):
        page = client.get(url("draft-images", batch)).content.decode()
    assert late
    assert shown(page) == ids(batch)[1:]
    again = re.search(r'data-url="([^"]+)"', page)
    assert shown(client.get(again[1]).content.decode()) == ids(batch)


@pytest.mark.parametrize("start", ["x", "-1", "9" * 30, "²", "999999"])
def test_a_page_that_is_not_there_is_another_one(client, make_batch, start):
    batch = make_batch(images=2)
    assert len(shown(client.get(url("batch", batch), {"from": start}).content.decode())) == 2


@pytest.mark.parametrize("route", ["batch", "draft-images"])
def test_ten_thousand_images_cost_as_many_queries_as_ten(client, make_batch, route):
    counts = []
    for images in (10, 10_000):
        batch = make_batch()
        rows(batch, images)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url(route, batch)).content
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1 <= 13
    assert len(page) < 250_000


def test_the_region_comes_alone_and_is_not_kept(client, make_batch):
    answer = client.get(url("draft-images", make_batch(images=1)))
    assert "<html" not in answer.content.decode()
    assert 'id="summary" hx-swap-oob' in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_region_of_a_started_batch_sends_to_its_page(client, make_started):
    batch = make_started()
    assert client.get(url("draft-images", batch)).headers["HX-Redirect"] == url("batch", batch)


# --- changes ---


def test_a_form_comes_back_to_its_page(client, make_batch):
    batch = make_batch(images=2)
    first, second = ids(batch)
    answer = change(client, batch, f"later {first}", **{"from": "7"})
    assert answer.headers["Location"] == url("batch", batch) + "?from=7"
    assert ids(batch) == [second, first]


def test_a_script_gets_the_region_and_a_word_for_those_who_listen(client, make_batch):
    batch = make_batch(images=2)
    first, second = ids(batch)
    page = change(client, batch, f"remove {first}", **HTMX).content.decode()
    assert shown(page) == [second]
    assert "picture 0.png removed." in page
    assert "1 image removed." in page
    page = change(client, batch, "undo", **HTMX).content.decode()
    assert shown(page) == [first, second]
    assert "Put back." in page


@pytest.mark.parametrize(
    ("do", "values", "order"),
    [
        ("number", {"number": 1}, "2301"),
        ("number", {"number": ""}, "0123"),
        ("before {1}", {}, "0231"),
        ("before {2}", {}, "0123"),
        ("end", {}, "0123"),
        ("earlier {3}", {"number": 2}, "0312"),
        ("later {0}", {"number": 99}, "1230"),
        ("sort", {}, "0123"),
    ],
)
def test_images_are_put_in_order(client, make_batch, do, values, order):
    batch = make_batch(images=4)
    pks = ids(batch)
    answer = change(client, batch, do.format(*pks), image=pks[2:], **values)
    assert answer.status_code == 302
    assert [pks.index(pk) for pk in ids(batch)] == [int(number) for number in order]


def test_several_are_turned_and_removed(client, make_batch):
    batch = make_batch(images=3)
    pks = ids(batch)
    change(client, batch, "left", image=pks[:2])
    change(client, batch, "right", image=pks[1:])
    assert list(batch.images.order_by("pk").values_list("turn", flat=True)) == [270, 0, 90]
    page = change(client, batch, "remove", image=pks[1:], **HTMX).content.decode()
    assert "2 images removed." in page
    assert 'data-turn="270"' in page


def test_an_image_that_is_moved_off_its_page_is_followed(client, make_batch):
    batch = make_batch()
    pks = rows(batch, PER_PAGE + 3)
    page = change(client, batch, f"later {pks[0]}", number=10**6, **HTMX).content.decode()
    assert pks[0] in shown(page)
    again = re.search(r'data-url="([^"]+)"', page)
    assert shown(client.get(again[1]).content.decode()) == shown(page)


def test_the_list_of_refusals_is_cleared(client, make_batch):
    batch = make_batch()
    RefusedFile.objects.create(batch=batch, name="a.txt", code="empty_file", message="Empty.")
    assert "a.txt" in client.get(url("batch", batch)).content.decode()
    assert "a.txt" not in change(client, batch, "forget", **HTMX).content.decode()


@pytest.mark.parametrize(
    "do", ["", "explode", "remove x", "remove -1", "remove " + "9" * 30, "before", "number 7 8"]
)
def test_a_change_that_is_none_changes_nothing(client, make_batch, do):
    batch = make_batch(images=2)
    before = ids(batch)
    status = change(client, batch, do, image=["x", "-1"]).status_code
    assert status == (302 if do == "before" else 400)
    assert ids(batch) == before


@pytest.mark.parametrize("do", [verb for verb in CHANGES if verb not in ("undo", "sort", "forget")])
def test_nothing_chosen_changes_nothing(client, make_batch, do):
    batch = make_batch(images=2)
    assert change(client, batch, do).status_code == 302


# --- once it is started ---


@pytest.mark.parametrize("extra", [{}, JSON, HTMX])
@pytest.mark.parametrize("do", CHANGES)
def test_a_started_batch_answers_409_and_what_to_do(client, make_batch, do, extra):
    batch = make_batch(images=2)
    pks = ids(batch)
    lifecycle.start(batch)
    answer = change(client, batch, do, image=pks[0], number=2, **extra)
    assert answer.status_code == 409
    assert "batch_closed" in answer.content.decode()
    assert (extra == JSON) == answer.headers["Content-Type"].startswith("application/json")
    assert ids(batch) == pks


def test_the_refusal_of_a_settled_batch_offers_to_run_it_again(client, make_started):
    batch = make_started()
    assert url("batch-again", batch) not in change(client, batch, "sort").content.decode()
    work(batch)
    assert url("batch-again", batch) in change(client, batch, "sort").content.decode()


@pytest.mark.parametrize("extra", [{}, JSON, HTMX])
def test_the_options_of_a_started_batch_stay(client, make_started, extra):
    batch = make_started()
    assert client.post(url("draft-options", batch), OPTIONS, **extra).status_code == 409
    batch.refresh_from_db()
    assert batch.name == "Pile"


# --- options and start ---


def test_options_are_saved(client, make_batch):
    batch = make_batch()
    values = OPTIONS | {"mode": "fields", "reread": "on"} | typed("Total", "Date")
    assert client.post(url("draft-options", batch), values).headers["Location"] == url(
        "batch", batch
    )
    batch.refresh_from_db()
    assert (batch.name, batch.mode, batch.priority, batch.reuse) == ("Spring", "fields", 1, False)
    assert [field["name"] for field in batch.fields] == ["Total", "Date"]
    page = client.get(url("batch", batch)).content.decode()
    assert 'value="Total"' in page
    assert 'name="reread" checked' in page


def test_how_tables_come_onto_sheets_is_saved_and_stays_if_it_is_not_sent(client, make_batch):
    batch = make_batch()
    client.post(url("draft-options", batch), OPTIONS | {"consolidation": "single_sheet"})
    client.post(url("draft-options", batch), OPTIONS)
    batch.refresh_from_db()
    assert batch.consolidation == "single_sheet"
    page = client.get(url("batch", batch)).content.decode()
    assert '<option value="single_sheet" selected>All tables on one sheet</option>' in page


def test_a_script_is_told_that_they_are_saved(client, make_batch):
    batch = make_batch()
    page = client.post(url("draft-options", batch), OPTIONS, **HTMX).content.decode()
    assert '<h1 id="title" hx-swap-oob="innerHTML">Spring</h1>' in page
    assert "Saved" in page


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": " "}, "Name: This field is required."),
        ({"name": "n" * 121}, "Name: Ensure"),
        ({"mode": "x"}, "Mode: Select a valid choice"),
        ({"engine": "x"}, "Engine: Select a valid choice"),
        ({"priority": "9"}, "Priority: Select a valid choice"),
        ({"consolidation": "x"}, "Consolidation: Select a valid choice"),
        ({"mode": "fields"} | typed("Total", "total"), "Total: Another field has this name"),
    ],
)
@pytest.mark.parametrize("route", ["draft-options", "batch-start"])
def test_options_that_are_none_are_named_and_change_nothing(
    client, make_batch, route, values, sentence
):
    batch = make_batch(images=1)
    answer = client.post(url(route, batch), OPTIONS | values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    batch.refresh_from_db()
    assert (batch.name, batch.state) == ("Pile", "draft")


def test_what_is_started_is_what_the_page_shows(client, make_batch):
    batch = make_batch(images=1)
    assert client.post(url("batch-start", batch), OPTIONS).headers["Location"] == url(
        "batch", batch
    )
    batch.refresh_from_db()
    assert (batch.name, batch.priority, batch.state) == ("Spring", 1, "queued")


def test_a_start_without_a_field_says_so(client, make_batch):
    batch = make_batch(images=1)
    page = client.post(url("batch-start", batch), OPTIONS | {"mode": "fields"}, follow=True)
    assert "Name at least one field" in page.content.decode()


# --- again ---


def test_a_settled_batch_is_run_again(client, make_started):
    batch = make_started()
    work(batch)
    assert url("batch-again", batch) in client.get(url("batch", batch)).content.decode()
    answer = client.post(url("batch-again", batch))
    draft = Batch.objects.get(again_of=batch)
    assert answer.headers["Location"] == url("batch", draft)
    assert draft.total == 3
    assert 'name="reread" checked' in client.get(url("batch", draft)).content.decode()


@pytest.mark.parametrize("extra", [{}, JSON])
def test_a_batch_that_is_read_is_not_run_again(client, make_started, extra):
    answer = client.post(url("batch-again", make_started()), **extra)
    assert answer.status_code == 409
    assert "batch_not_settled" in answer.content.decode()


def test_a_copy_shows_how_far_it_is_and_does_not_start(client, make_started, monkeypatch):
    monkeypatch.setattr("converter.batches.rerun.AT_ONCE", 2)
    batch = make_started()
    work(batch)
    client.post(url("batch-again", batch))
    draft = Batch.objects.get(again_of=batch)
    page = client.get(url("batch", draft)).content.decode()
    assert "0 of 3 are here" in page
    assert "load delay:2s" in page
    assert client.post(url("batch-start", draft), **JSON).json()["code"] == "batch_copying"


# --- thumbnails ---


def test_a_thumbnail_is_small_and_kept_by_its_browser(client, make_batch):
    image = make_batch(images=1).images.get()
    address = reverse("image-thumbnail", args=[image.batch_id, image.pk])
    answer = client.get(address)
    assert Image.open(BytesIO(answer.content)).format == "JPEG"
    assert "private" in answer.headers["Cache-Control"]
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_thumbnail_of_a_lost_file_is_404(client, make_batch):
    image = make_batch(images=1).images.get()
    layout.discard_file(image)
    assert (
        client.get(reverse("image-thumbnail", args=[image.batch_id, image.pk])).status_code == 404
    )
