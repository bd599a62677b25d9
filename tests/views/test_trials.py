"""The page where the fields of a draft are checked."""

from __future__ import annotations

import pytest
from django.urls import reverse

from converter.batches import claims, lifecycle, trials
from converter.core.engines.protocol import Reading
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue, ValueState
from converter.core.tables.model import Box
from converter.models import NAME_LENGTH, Batch, FieldTemplate
from tests.fields.test_corrections import read_next
from tests.fields.test_editor import typed
from tests.views.test_batches import text_of
from tests.views.test_drafts import OPTIONS

FIELDS = [
    {"name": "Born", "type": "date", "labels": ["b."], "required": True},
    {"name": "Weight", "type": "number", "description": "below"},
    {"name": "Kind", "type": "choice", "values": ["tree", "herb"]},
]
READING = Reading(
    "m",
    fields=(
        FieldValue("Born", "5 March 1950", Box(9, 9, 40, 20), 0.98),
        FieldValue("Weight", "heavy", None, 0.3),
        FieldValue("Kind", state=ValueState.BLANK),
    ),
)


@pytest.fixture
def draft(make_batch) -> Batch:
    return make_batch(images=3, mode="fields", fields=FIELDS)


def url_of(draft: Batch, route: str = "draft-check") -> str:
    return reverse(route, args=[draft.pk])


def page_of(client, draft: Batch) -> str:
    return client.get(url_of(draft)).content.decode()


def test_what_each_field_means_is_said(client, draft):
    page = page_of(client, draft)
    text = text_of(page)
    assert f'maxlength="{NAME_LENGTH}"' in page
    assert "Nothing has been tried yet" in text
    assert "“Born”, “b.”" in text
    assert "“5 March 1950” becomes the date 5 March 1950" in text
    assert "“1,234.50” becomes the number 1234.5" in text
    assert "one of these, and marked if it is another: tree, herb" in text


def test_the_options_of_the_page_are_tried_on_the_chosen_image(client, draft):
    values = OPTIONS | {"mode": "fields"} | typed("Surname")
    assert client.post(url_of(draft), values | {"number": "2"}).status_code == 302
    trial, image = trials.of(draft)
    assert (image.name, trial.fields) == ("picture 1.png", [{"name": "Surname"}])
    page = page_of(client, draft)
    assert f'hx-get="{url_of(draft, "draft-trial")}"' in page
    assert 'value="2"' in page


def test_what_was_found_stands_beside_the_picture(client, draft):
    client.post(url_of(draft))
    trial, _ = trials.of(draft)
    read_next(trial, READING)
    lifecycle.settle(trial)
    page = client.get(url_of(draft, "draft-trial")).content.decode()
    assert "hx-get" not in page
    assert 'class="sure" id="on-value-1"' in page
    text = text_of(page)
    assert "Born 5 March 1950 read, 98 % becomes the date 5 March 1950" in text
    assert "becomes the text “heavy”, as it is no plain number Hard to read (30 % sure)" in text
    assert "Kind blank on the card" in text


def test_a_failure_says_why(client, draft):
    client.post(url_of(draft))
    trial, _ = trials.of(draft)
    claim = claims.claim_next(trial)
    claims.fail(claim, EngineError("timed_out", "Slow.", permanent=True), permanent=True)
    lifecycle.settle(trial)
    text = text_of(page_of(client, draft))
    assert "Slow. timed_out" in text


def test_a_trial_is_not_among_the_batches(client, draft):
    client.post(url_of(draft))
    trial, _ = trials.of(draft)
    assert client.get(reverse("batch", args=[trial.pk])).status_code == 404
    assert str(trial.pk) not in client.get(reverse("batches")).content.decode()


def test_changed_fields_are_to_be_tried_again(client, draft):
    client.post(url_of(draft))
    Batch.objects.filter(pk=draft.pk).update(fields=FIELDS[:1])
    assert "The fields were changed since" in page_of(client, draft)


def test_errors_lead_back_to_the_draft(client, draft, make_batch):
    bad = OPTIONS | {"mode": "fields"} | typed("a", "A")
    assert client.post(url_of(draft), bad).status_code == 422
    empty = make_batch(mode="fields", fields=FIELDS)
    assert client.post(url_of(empty), follow=True).redirect_chain
    assert "no such image" in client.post(url_of(empty), follow=True).content.decode()
    nameless = make_batch(images=1, mode="fields")
    page = client.post(url_of(nameless), follow=True).content.decode()
    assert "Name at least one field" in page


def test_a_started_batch_is_not_checked(client, make_started):
    batch = make_started()
    assert client.get(url_of(batch)).headers["Location"] == reverse("batch", args=[batch.pk])


def test_fields_that_do_are_kept_as_a_template(client, draft):
    values = {"do": "save", "template_name": " Tree card "}
    assert client.post(url_of(draft), values).status_code == 302
    assert FieldTemplate.objects.get(name="Tree card").fields == FIELDS
    again = client.post(url_of(draft), values).content.decode()
    assert "You have a template of this name" in again
    nameless = client.post(url_of(draft), {"do": "save"}).content.decode()
    assert "Give this template a name" in nameless
    assert trials.of(draft) is None
