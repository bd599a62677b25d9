"""The review desk: cells settled by forms, with a script and without; rows and columns changed."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from converter.core.engines.protocol import Reading
from converter.core.tables.model import Cell, Table
from converter.models import BatchImage, Result, TableEdit
from tests.review.piles import doubtful, image_of, loose, pile, texts_of
from tests.views.test_batches import text_of

HTMX = {"HTTP_HX_REQUEST": "true"}
PRICE = {"table": "0", "row": "1", "col": "1", "shape": "0", "was": "12.5O"}


@pytest.fixture
def image(db) -> BatchImage:
    return image_of(doubtful(2))


def url_of(image: BatchImage, route: str = "image-cells") -> str:
    return reverse(route, args=[image.batch_id, image.pk])


def page_of(client, image: BatchImage, at: str = "") -> str:
    return client.get(url_of(image, "image") + at).content.decode()


def test_it_opens_at_the_weightiest_doubt(client, image):
    page = page_of(client, image)
    text = text_of(page)
    assert "2 to look at here , 2 on other images" in text
    assert "Hard to read (30 % sure); another reading says “12.50”" in text
    assert '<textarea name="was" hidden aria-hidden="true" tabindex="-1">12.5O</textarea>' in page
    assert 'name="offer" value="12.50"' in page
    assert 'data-rank="1"' in page
    assert '<rect data-for="c0-1-1" x="26" y="10" width="28" height="16"/>' in page


def test_the_address_names_any_other_cell(client, image):
    assert 'tabindex="-1">9.75</textarea>' in page_of(client, image, "?at=0.2.1")


@pytest.mark.parametrize("at", ["", "?at=7.7.7", "?at=x", "?at=%00"])
def test_an_address_that_names_none_opens_at_the_first_doubt(client, image, at):
    assert 'tabindex="-1">12.5O</textarea>' in page_of(client, image, at)


@pytest.mark.parametrize(
    ("answer", "says", "said"),
    [
        ({"do": "accept", "text": "12.5O"}, "12.5O", "confirmed"),
        ({"do": "accept", "text": " 12.50\r\n"}, "12.50", "corrected"),
        ({"offer": "12.50"}, "12.50", "corrected"),
        ({"do": "same"}, "Price", "corrected"),
        ({"do": "blank"}, "", "corrected"),
        ({"do": "unreadable"}, "", "unreadable"),
    ],
)
def test_without_a_script_a_form_settles_a_cell_and_leads_to_the_next(
    client, image, answer, says, said
):
    sent = client.post(url_of(image), PRICE | answer)
    same = f"&same={image.pk}.0.1.1" if said == "corrected" else ""
    assert sent.headers["Location"] == f"{url_of(image, 'image')}?at=0.1.0{same}#editor"
    assert texts_of(image)[1][1] == says
    assert TableEdit.objects.get().details["said"] == said
    assert Result.objects.get(image=image).doubtful == 1


def test_a_script_gets_the_cell_alone(client, image):
    answer = client.post(url_of(image), PRICE | {"offer": "12.50"}, **HTMX).content.decode()
    assert '<td id="c0-1-1" data-at="0.1.1" hx-swap-oob="true" class="number settled"' in answer
    assert answer.count("<td ") == 1
    assert 'data-undo="1" data-redo=""' in answer


def test_undo_and_redo_bring_back_the_cell(client, image):
    client.post(url_of(image), PRICE | {"offer": "12.50"})
    undone = client.post(url_of(image, "image-steps"), {"do": "undo"}, **HTMX).content.decode()
    assert "12.5O" in undone
    assert 'data-undo="" data-redo="1"' in undone
    client.post(url_of(image, "image-steps"), {"do": "redo"})
    assert texts_of(image)[1][1] == "12.50"


def test_what_was_said_of_one_cell_is_taken_back_alone(client, image):
    client.post(url_of(image), PRICE | {"offer": "12.50"})
    client.post(url_of(image), PRICE | {"col": "0", "was": "0ak", "text": "Oak", "do": "accept"})
    back = {"do": "take_back", "table": "0", "row": "1", "col": "1"}
    answer = client.post(url_of(image, "image-steps"), back, **HTMX).content.decode()
    assert 'data-rank="1"' in answer
    assert texts_of(image)[1] == ["Oak", "12.5O"]


@pytest.mark.parametrize("do", ["undo", "redo", "take_back"])
def test_nothing_to_undo_is_said(client, image, do):
    sent = {"do": do, "table": "0", "row": "0", "col": "0"}
    answer = client.post(url_of(image, "image-steps"), sent, **HTMX)
    assert answer.status_code == 409
    assert "nothing_to_" in answer.content.decode()


def test_of_two_people_the_second_sees_what_the_first_said(client, image):
    client.post(url_of(image), PRICE | {"offer": "12.50"})
    answer = client.post(url_of(image), PRICE | {"text": "13", "do": "accept"}, **HTMX)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "cell_changed" in page
    assert '<div id="grid" class="grid" data-shape="0" hx-swap-oob="true">' in page
    assert texts_of(image)[1][1] == "12.50"
    without = client.post(url_of(image), PRICE | {"text": "13", "do": "accept"})
    assert without.status_code == 409
    assert "cell_changed" in without.content.decode()


@pytest.mark.parametrize(
    "place", [{"row": "9"}, {"row": "-1"}, {"col": "x"}, {"table": "4"}, {"row": "9" * 40}]
)
def test_a_cell_that_is_none_is_not_found(client, image, place):
    assert client.post(url_of(image), PRICE | place | {"text": "x"}).status_code == 404


def test_a_row_is_inserted_and_the_whole_grid_comes_back(client, image):
    edit = {"do": "insert_rows", "table": "0", "at": "1", "shape": "0"}
    answer = client.post(url_of(image, "image-structure"), edit, **HTMX).content.decode()
    assert 'data-shape="1" hx-swap-oob="true"' in answer
    assert texts_of(image)[1] == ["", ""]


def test_new_lines_fill_the_grid_again(client, image):
    edit = {"do": "lines", "table": "0", "row_edges": "10 24 40", "col_edges": "0 25 60"}
    client.post(url_of(image, "image-structure"), edit)
    assert texts_of(image)[0][1].endswith("12.5O")
    assert texts_of(image)[1] == ["Elm", "9.75"]


@pytest.mark.parametrize(
    "edit", [{}, {"do": "set"}, {"do": "delete_rows", "at": "0", "count": "3", "table": "0"}]
)
def test_an_edit_that_is_none_changes_nothing(client, image, edit):
    answer = client.post(url_of(image, "image-structure"), edit, **HTMX)
    assert answer.status_code == 409
    assert "edit_refused" in answer.content.decode()
    assert not TableEdit.objects.exists()


def test_a_sum_that_fails_names_its_culprit_and_what_would_mend_it(client, db):
    rows = [("Oak", "12.50"), ("Elm", "9.75"), ("Ash", "3.25"), ("Total", "25.50")]
    cells = [Cell(0, 0, "Item", header=True), Cell(0, 1, "Price", header=True)]
    cells += [Cell(r, c, text) for r, row in enumerate(rows, 1) for c, text in enumerate(row)]
    image = image_of(pile(Reading("m", tables=(Table(tuple(cells)),))))
    assert "data-go" not in page_of(client, image)
    edit = {"table": "0", "row": "1", "col": "1", "do": "accept", "text": "l2.50"}
    page = client.post(url_of(image), edit, **HTMX).content.decode()
    assert 'data-go="0.1.1"' in page
    assert "it would be right with <b>12.50</b>" in page
    assert 'data-offer-1="12.50"' in page


def test_text_is_text_and_no_html(client, image):
    client.post(url_of(image), PRICE | {"text": "<b onclick='x'>", "do": "accept"})
    assert "<b onclick" not in page_of(client, image)
    assert "&lt;b onclick" in page_of(client, image)


def test_the_last_doubt_leads_to_the_next_image(client, image):
    for cell in (PRICE, PRICE | {"col": "0", "was": "0ak"}):
        client.post(url_of(image), cell | {"do": "accept"})
    page = page_of(client, image)
    other = image_of(image.batch, 1)
    assert f'id="next-doubtful" href="{url_of(other, "image")}"' in page
    assert "Nothing is left to look at on this image." in page


def test_a_correction_costs_at_most_eight_queries(client, image):
    item = PRICE | {"col": "0", "was": "0ak", "do": "accept"}
    for sent in (PRICE | {"offer": "12.50"}, item):
        with CaptureQueriesContext(connection) as asked:
            client.post(url_of(image), sent, **HTMX)
        # A test runs in a transaction of its own, in which others are savepoints.
        assert sum("SAVEPOINT" not in query["sql"] for query in asked) <= 8 + 1  # of the session


def test_a_large_table_costs_no_more_queries(client, db, django_assert_max_num_queries):
    cells = tuple(
        Cell(row, col, f"{row}.{col}", confidence=0.5) for row in range(50) for col in range(8)
    )
    image = image_of(pile(Reading("m", tables=(Table(cells),))))
    page_of(client, image)  # reserves the image, which the next call goes on with
    with django_assert_max_num_queries(10):
        page = page_of(client, image)
    assert len(re.findall(r"data-rank=", page)) == 400


def test_where_no_table_was_found_one_is_drawn_around_the_words(client):
    image = image_of(pile(loose()))
    assert "No table was found on this picture." in page_of(client, image)
    drawn = {"do": "draw", "table": "0", "row_edges": "0 37", "col_edges": "0 60", "shape": "0"}
    answer = client.post(url_of(image, "image-structure"), drawn, **HTMX).content.decode()
    assert '<td id="c0-1-1" data-at="0.1.1" class="open"' in answer
    assert texts_of(image) == [["Item", "Price"], ["0ak", "12.5O"], ["Elm", "9.75"]]
    page = page_of(client, image)
    assert "Text outside of tables</summary><p>Note</p>" in page
    found = client.get(url_of(image, "image-words")).json()["words"]
    assert [word[:2] for word in found if word[1]] == [["Note", True]]
    assert len(found) == 7


def test_words_are_taken_into_a_cell_and_given_back(client):
    image = image_of(pile(loose()))
    drawn = {"do": "draw", "table": "0", "row_edges": "0 37", "col_edges": "0 60"}
    client.post(url_of(image, "image-structure"), drawn)
    take = {"do": "take", "table": "0", "row": "2", "col": "0", "boxes": "0 37 21 47"}
    client.post(url_of(image, "image-structure"), take)
    assert texts_of(image)[2] == ["Elm\nNote", "9.75"]
    assert Result.objects.get(image=image).current().loose_text == ()
    client.post(url_of(image, "image-steps"), {"do": "undo"})
    assert [line.text for line in Result.objects.get(image=image).current().loose_text] == ["Note"]


def test_a_batch_that_is_run_again_offers_what_was_said_before(client):
    before = doubtful()
    client.post(url_of(image_of(before)), PRICE | {"offer": "12.50"})
    again = image_of(doubtful(again_of=before))
    assert "12.5O was 12.50 Say so again" in text_of(page_of(client, again))
    sent = client.post(url_of(again, "image-earlier"), {"at": "0.1.1"})
    assert sent.status_code == 302
    assert texts_of(again)[1][1] == "12.50"
    assert 'id="earlier"' not in page_of(client, again)
