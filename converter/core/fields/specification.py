"""What a field is, and the JSON form in which templates are exchanged.

{"version": 1, "name": "Index card",
 "fields": [{"name": "Surname", "description": "first line", "type": "text",
             "labels": ["Family name"], "required": true}]}
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from converter.core.errors import TemplateError

VERSION = 1


class FieldType(StrEnum):
    """What a value looks like."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MULTILINE = "multiline"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: `labels` are other names that are printed for it, besides `name`."""

    name: str
    description: str = ""
    type: FieldType = FieldType.TEXT
    labels: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class TemplateSpec:
    """A named list of fields, in the order of the columns to be written."""

    name: str
    fields: tuple[FieldSpec, ...]


def parse_template(source: str | bytes) -> TemplateSpec:
    """Read the JSON form of a template.

    Raises TemplateError, which names the place, for anything that is not one: bad JSON, an
    unknown version, no fields, a field without a name, two fields of one name, an unknown type.
    """
    try:
        data = json.loads(source)
    except ValueError as error:
        raise TemplateError(f"The template is not valid JSON: {error}.") from error
    if not isinstance(data, dict):
        raise TemplateError("The template must be a JSON object with a list of fields.")
    if data.get("version", VERSION) != VERSION:
        raise TemplateError(f"This version of a template is not known; write version {VERSION}.")
    return TemplateSpec(str(data.get("name") or "Fields"), parse_fields(data.get("fields")))


def parse_fields(data: Any) -> tuple[FieldSpec, ...]:
    """The `fields` of a template. Raises TemplateError as `parse_template` does."""
    if not isinstance(data, list) or not data:
        raise TemplateError("The template needs at least one field in its list 'fields'.")
    fields = tuple(_parse_field(item, number) for number, item in enumerate(data, 1))
    names = [field.name.casefold() for field in fields]
    for name in names:
        if names.count(name) > 1:
            raise TemplateError(f"Two fields are called {name!r}; give each its own name.")
    return fields


def _parse_field(data: Any, number: int) -> FieldSpec:
    if not isinstance(data, dict):
        raise TemplateError(f"Field {number} must be an object with a name.")
    name = str(data.get("name") or "").strip()
    if not name:
        raise TemplateError(f"Field {number} has no name.")
    try:
        kind = FieldType(data.get("type", FieldType.TEXT))
    except ValueError:
        allowed = ", ".join(FieldType)
        raise TemplateError(f"Field {name!r} has an unknown type; use one of {allowed}.") from None
    labels = data.get("labels", [])
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise TemplateError(f"The labels of field {name!r} must be a list of texts.")
    return FieldSpec(
        name=name,
        description=str(data.get("description") or ""),
        type=kind,
        labels=tuple(labels),
        required=bool(data.get("required", False)),
    )
