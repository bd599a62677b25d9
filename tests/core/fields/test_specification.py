"""Templates as people write them, and what is said about those that are none."""

from __future__ import annotations

import json

import pytest

from converter.core.errors import TemplateError
from converter.core.fields.specification import (
    FieldSpec,
    FieldType,
    TemplateSpec,
    active,
    parse_fields,
    parse_template,
)


def test_template_with_everything():
    source = {
        "version": 1,
        "name": "Index card",
        "fields": [
            {
                "name": " Surname ",
                "description": "first line",
                "type": "choice",
                "labels": ["Family name"],
                "required": True,
                "pattern": "[A-Z].*",
                "values": ["Curie", " Noether ", "Curie"],
            },
            {"name": "Remarks", "type": "multiline", "active": False},
        ],
    }
    surname = FieldSpec(
        "Surname",
        "first line",
        FieldType.CHOICE,
        ("Family name",),
        required=True,
        pattern="[A-Z].*",
        values=("Curie", "Noether"),
    )
    remarks = FieldSpec("Remarks", type=FieldType.MULTILINE, active=False)
    template = parse_template(json.dumps(source))
    assert template == TemplateSpec("Index card", (surname, remarks))
    assert parse_template(json.dumps(template.to_json())) == template
    assert active(template.fields) == (surname,)


def test_what_is_as_usual_is_not_written():
    assert FieldSpec("Surname", labels=("Name",)).to_json() == {
        "name": "Surname",
        "labels": ["Name"],
    }


def test_template_with_names_alone():
    template = parse_template(b'{"fields": [{"name": "a"}, {"name": "b"}]}')
    assert template == TemplateSpec("Fields", (FieldSpec("a"), FieldSpec("b")))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{", "not valid JSON"),
        (b"\xff\xfe\xfd", "not valid JSON"),
        ("[]", "must be a JSON object"),
        ('{"version": 2, "fields": [{"name": "a"}]}', "write version 1"),
        ("{}", "at least one field"),
        ('{"fields": []}', "at least one field"),
        ('{"fields": {"name": "a"}}', "at least one field"),
    ],
)
def test_source_that_is_no_template(source, message):
    with pytest.raises(TemplateError, match=message) as refused:
        parse_template(source)
    assert refused.value.code == "bad_template"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (["a"], "Field 1 must be an object"),
        ([{"name": "a"}, {}], "Field 2 has no name"),
        ([{"name": "  "}], "Field 1 has no name"),
        ([{"name": "a"}, {"name": "A"}], "Two fields are called 'a'"),
        ([{"name": "a", "type": "money"}], "'a' has an unknown type; use one of text, number"),
        ([{"name": "a", "labels": "b"}], "labels of field 'a' must be a list"),
        ([{"name": "a", "labels": [1]}], "labels of field 'a' must be a list"),
        ([{"name": "a", "values": "b"}], "values of field 'a' must be a list"),
        ([{"name": "a", "type": "choice"}], "'a' is a choice; list the values"),
        ([{"name": "a", "active": False}], "No field is active"),
        ([{"name": "a", "pattern": "(b"}], "pattern of field 'a' cannot be used"),
        ([{"name": "a", "pattern": "(?=b)c"}], "pattern of field 'a' cannot be used"),
        ([{"name": "a", "pattern": "b" * 501}], "longer than 500"),
    ],
)
def test_field_that_is_none_is_named(fields, message):
    with pytest.raises(TemplateError, match=message):
        parse_fields(fields)
