"""Fix once on the pages: offered, shown with cut-outs, taken and taken back, with a script and
without."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from converter.models import BatchImage
from tests.review.piles import image_of, pile, states, texts_of
from tests.review.test_repeats import column, corrected
from tests.views.test_batches import text_of

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def images(db) -> list[BatchImage]:
    batch = pile(states("lowa", "lowa"), states("lowa", doubtful="lowa"))
    found = [image_of(batch, number) for number in range(2)]
    corrected(found[0])
    return found


def url_of(image: BatchImage) -> str:
    return reverse("image-same", args=[image.batch_id, image.pk])


def test_a_script_gets_the_offer(client, images):
    page = client.get(url_of(images[0]) + "?at=0.1.0", **HTMX).content.decode()
    text = text_of(page)
    assert "lowa was read in 2 more cells of this batch, 1 of them in doubt." in text
    assert "Make all Iowa" in text
    assert "Only in doubt (1)" in text


def test_the_page_shows_each_cell_on_its_picture(client, images):
    page = client.get(url_of(images[0]) + "?at=0.1.0").content.decode()
    assert page.count('type="checkbox"') == 2
    assert re.findall(r'name="cell" value="([\d.]+)"', page)[0] == f"{images[1].pk}.0.1.0"
    assert '<svg class="piece" viewBox="' in page
    assert 'loading="lazy"' in page
    assert (
        f'href="{reverse("image", args=[images[1].batch_id, images[1].pk])}?at=0.1.0#editor"'
        in page
    )


def test_chosen_ones_are_taken_without_a_script(client, images):
    sent = {"at": "0.1.0", "do": "take", "cell": [f"{images[0].pk}.0.2.0"]}
    page = client.post(url_of(images[0]), sent, follow=True).content.decode()
    assert "The correction was taken over in 1 cell." in page
    assert column(images[0]) == ["Iowa", "Iowa"]
    assert column(images[1]) == ["lowa"]
    page = client.post(url_of(images[0]), {"at": "0.1.0", "do": "take_back"}, follow=True)
    assert "The correction was taken back in 1 cell." in page.content.decode()
    assert column(images[0]) == ["Iowa", "lowa"]


def test_a_script_takes_all_and_gets_the_cells_of_its_image(client, images):
    answer = client.post(url_of(images[0]), {"at": "0.1.0", "do": "all"}, **HTMX).content.decode()
    assert 'id="c0-2-0"' in answer
    assert "Taken over in 2 more cells" in text_of(answer)
    assert column(images[1]) == ["Iowa"]


def test_only_doubtful_ones_are_taken(client, images):
    client.post(url_of(images[0]), {"at": "0.1.0", "do": "doubtful"}, **HTMX)
    assert column(images[0]) == ["Iowa", "lowa"]
    assert column(images[1]) == ["Iowa"]


def test_what_is_gone_meanwhile_is_said(client, images):
    for headers in ({}, HTMX):
        answer = client.post(url_of(images[0]), {"at": "0.1.0", "do": "take"}, **headers)
        assert answer.status_code == 409
        assert "cell_changed" in answer.content.decode()


@pytest.mark.parametrize("at", ["", "x", "1.2", "0.0.-1", "9.9.9.9", f"0.0.{'9' * 20}"])
def test_a_place_that_is_none_is_not_found(client, images, at):
    assert client.get(url_of(images[0]), {"at": at}).status_code == 404


def test_a_cell_that_nobody_corrected_has_nothing_to_offer(client, images):
    page = client.get(url_of(images[0]), {"at": "0.2.0"}).content.decode()
    assert "No other cell of this batch was read like this one" in page


def test_after_a_correction_without_a_script_the_page_leads_there(client, images):
    url = reverse("image-cells", args=[images[1].batch_id, images[1].pk])
    cell = {"table": "0", "row": "1", "col": "0", "do": "accept", "text": "Iowa"}
    sent = client.post(url, cell)
    assert f"same={images[1].pk}.0.1.0" in sent.headers["Location"]
    page = client.get(sent.headers["Location"]).content.decode()
    assert f'href="{url_of(images[1])}?at=0.1.0">Look for the same misreading elsewhere</a>' in page
    assert texts_of(images[1])[1] == ["Iowa"]


@pytest.mark.parametrize("same", ["x", "1", "9.x.1.2", "-4.0.1.2", "\0.0.0.0"])
def test_an_address_that_names_no_correction_asks_for_none(client, images, same):
    page = client.get(reverse("image", args=[images[0].batch_id, images[0].pk]), {"same": same})
    assert "Look for the same" not in page.content.decode()
