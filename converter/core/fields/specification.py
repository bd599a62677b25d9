"""What a field is, and the JSON form in which templates are exchanged.

{"version": 1, "name": "Index card",
 "fields": [{"name": "Surname", "description": "first line", "type": "text",
             "labels": ["Family name"], "required": true},
            {"name": "Accession", "pattern": "[0-9]{4}\\.[0-9]+"},
            {"name": "Material", "type": "choice", "values": ["flint", "bone"]},
            {"name": "Remarks", "type": "multiline", "active": false}]}
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from converter.core.errors import TemplateError
from converter.core.fields.patterns import BadPattern, check_pattern

VERSION: Final = 1

Zone = tuple[float, ...]
"""Left, top, right, bottom, as shares of the width and height of a picture; () for none."""


class FieldType(StrEnum):
    """The kinds of values."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MULTILINE = "multiline"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: `labels` are other names that are printed for it, besides `name`.

    `pattern` is a regular expression (RE2) that the whole value must match; `values` are the only
    values allowed, and a choice needs some. A field that is not `active` is kept but not read.
    What stands in its `zone` is its value where none is found by its labels or its form.
    """

    name: str
    description: str = ""
    type: FieldType = FieldType.TEXT
    labels: tuple[str, ...] = ()
    required: bool = False
    pattern: str = ""
    values: tuple[str, ...] = ()
    active: bool = True
    zone: Zone = ()

    def to_json(self) -> dict[str, Any]:
        """The form in a template; attributes with their default value are left out."""
        default = FieldSpec(self.name)
        items = ((field.name, getattr(self, field.name)) for field in fields(self))
        kept = {name: value for name, value in items if value != getattr(default, name)}
        lists = {name: list(value) for name, value in kept.items() if isinstance(value, tuple)}
        return {"name": self.name} | kept | lists


@dataclass(frozen=True, slots=True)
class TemplateSpec:
    """A named list of fields, in the order of the columns to be written."""

    name: str
    fields: tuple[FieldSpec, ...]

    def to_json(self) -> dict[str, Any]:
        """The form that `parse_template` reads."""
        return {
            "version": VERSION,
            "name": self.name,
            "fields": [field.to_json() for field in self.fields],
        }


def parse_template(source: str | bytes) -> TemplateSpec:
    """Read the JSON form of a template.

    Raises TemplateError, which names the field, for bad JSON, an unknown version, no active field,
    a field without a name, two fields of one name, an unknown type, a pattern that is not a regular
    expression, or a choice without values.
    """
    try:
        data = json.loads(source)
    except (ValueError, RecursionError) as error:
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
    specs = tuple(_parse_field(item, number) for number, item in enumerate(data, 1))
    names = [spec.name.casefold() for spec in specs]
    for name in names:
        if names.count(name) > 1:
            raise TemplateError(f"Two fields are called {name!r}; give each its own name.")
    if not active(specs):
        raise TemplateError("No field is active; switch on at least one.")
    return specs


def active(specs: Iterable[FieldSpec]) -> tuple[FieldSpec, ...]:
    """The fields that are read, in their order."""
    return tuple(spec for spec in specs if spec.active)


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
    pattern = str(data.get("pattern") or "")
    try:
        check_pattern(pattern)
    except BadPattern as error:
        raise TemplateError(f"The pattern of field {name!r} cannot be used: {error}.") from None
    spec = FieldSpec(
        name=name,
        description=str(data.get("description") or ""),
        type=kind,
        labels=_texts(data, "labels", name),
        required=bool(data.get("required", False)),
        pattern=pattern,
        values=_texts(data, "values", name),
        active=bool(data.get("active", True)),
        zone=zone_parsed(data.get("zone", []), name),
    )
    if spec.type is FieldType.CHOICE and not spec.values:
        raise TemplateError(f"Field {name!r} is a choice; list the values that it may have.")
    return spec


def zone_parsed(data: Any, name: str) -> Zone:
    """Four edges, or none. Raises TemplateError for all else."""
    try:
        zone = tuple(float(edge) for edge in data)
        if not zone:
            return ()
        left, top, right, bottom = zone
    except (TypeError, ValueError):
        left = top = right = bottom = 0.0
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise TemplateError(
            f"The zone of field {name!r} must be left, top, right and bottom, from 0 to 1."
        )
    return left, top, right, bottom


def _texts(data: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
    texts = data.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise TemplateError(f"The {key} of field {name!r} must be a list of texts.")
    return tuple(dict.fromkeys(filter(None, (text.strip() for text in texts))))
