"""The fields of a draft: begun with a template, edited without a script, frozen by the start."""

from __future__ import annotations

import re

import pytest

from converter.batches import lifecycle
from converter.fields import templates
from converter.models import FieldTemplate
from tests.fields.test_editor import typed
from tests.fields.test_templates import FIELDS, ME
from tests.views.test_drafts import HTMX, OPTIONS, url


@pytest.fixture
def template(db) -> FieldTemplate:
    return templates.create(ME, "Index card", FIELDS)


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_a_draft_begins_with_a_template_and_keeps_its_copy(client, make_batch, template, extra):
    batch = make_batch(images=1, mode="fields")
    values = OPTIONS | {"do": "use", "template": template.pk}
    page = client.post(url("draft-fields", batch), values, **extra).content.decode()
    assert 'value="Surname"' in page
    templates.change(template, "Index card", [{"name": "Other"}])
    batch.refresh_from_db()
    assert batch.fields == FIELDS


def test_a_template_of_somebody_else_is_404(client, make_batch, template):
    template.owner = "somebody else"
    template.save()
    values = OPTIONS | {"do": "use", "template": template.pk}
    assert client.post(url("draft-fields", make_batch()), values).status_code == 404


def test_the_fields_of_a_draft_become_a_template(client, make_batch):
    batch = make_batch(mode="fields")
    values = OPTIONS | {"do": "save", "template_name": "Receipt"} | typed("Total")
    page = client.post(url("draft-fields", batch), values, **HTMX).content.decode()
    assert "Saved as the template" in page
    again = client.post(url("draft-fields", batch), values, **HTMX).content.decode()
    assert "You have a template of this name" in again
    assert [made.name for made in FieldTemplate.objects.all()] == ["Receipt"]


def test_without_a_script_a_row_is_added_and_what_was_typed_stays(client, make_batch):
    values = OPTIONS | {"do": "add"} | typed("Total")
    page = client.post(url("draft-fields", make_batch()), values).content.decode()
    assert 'value="Total"' in page
    assert page.count('class="field-row"') == 3  # and the one that a script copies


def test_the_fields_of_a_started_batch_stay(client, make_started):
    batch = make_started()
    assert client.post(url("draft-fields", batch), {"do": "add"}).status_code == 409


def test_an_error_finds_its_place_beside_the_field(client, make_batch):
    values = OPTIONS | {"mode": "fields"} | typed("a", "A")
    page = client.post(url("draft-options", make_batch()), values, **HTMX).content.decode()
    assert re.search(r'id="k1-name-error" hx-swap-oob="innerHTML">Another field', page)


def test_fields_that_are_all_set_aside_are_none(client, make_batch):
    batch = make_batch(images=1, mode="fields", fields=[{"name": "a", "active": False}])
    with pytest.raises(lifecycle.BatchError, match="fields_missing"):
        lifecycle.start(batch)
