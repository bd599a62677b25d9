"""Templates: names that are an owner's own, copies, and the form in which they are exchanged."""

from __future__ import annotations

import pytest

from converter.core.errors import TemplateError
from converter.core.fields.specification import parse_template
from converter.fields import templates
from converter.fields.templates import NameTaken

pytestmark = pytest.mark.django_db

ME = {"user": None, "owner": "me"}
FIELDS = [{"name": "Surname", "required": True}]


def test_a_name_is_taken_by_its_owner_alone():
    first = templates.create(ME, "Card", FIELDS)
    with pytest.raises(NameTaken):
        templates.create(ME, "Card", FIELDS)
    other = templates.create(ME | {"owner": "you"}, "Card", FIELDS)
    with pytest.raises(NameTaken):
        templates.change(templates.create(ME, "Form", FIELDS), "Card", FIELDS)
    assert first.pk != other.pk


def test_a_copy_stands_beside_with_a_name_of_its_own():
    template = templates.create(ME, "n" * 120, FIELDS)
    copies = [templates.copy(template) for _ in range(3)]
    assert len({copied.name for copied in copies}) == 3
    assert all(copied.fields == FIELDS and copied.owner == "me" for copied in copies)


def test_what_is_exported_is_taken_in_again():
    source = templates.export_json(templates.create(ME, "Kärtchen", FIELDS))
    again = templates.import_json(ME, source)
    assert (again.name, again.fields) == ("Kärtchen 2", FIELDS)
    assert parse_template(source).fields[0].required


def test_what_is_no_template_is_not_taken_in():
    with pytest.raises(TemplateError):
        templates.import_json(ME, '{"version": 99, "fields": [{"name": "x"}]}')
