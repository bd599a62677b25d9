"""Field templates: saved lists of fields. Batches have copies, so a change never alters them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction

from converter.core.errors import TablexlError
from converter.core.fields.specification import VERSION, parse_template
from converter.models import NAME_LENGTH, FieldTemplate

Fields = Sequence[Mapping[str, Any]]


class NameTaken(TablexlError):
    """The owner has another template of this name."""

    def __init__(self) -> None:
        super().__init__("name_taken", "You have a template of this name; choose another.")


def create(owner: Mapping[str, Any], name: str, fields: Fields) -> FieldTemplate:
    """A new template of its owner's. Raises NameTaken."""
    return _saved(FieldTemplate(**owner, name=name, fields=list(fields)))


def change(template: FieldTemplate, name: str, fields: Fields) -> FieldTemplate:
    """Change the name and the fields of a template. Raises NameTaken."""
    template.name, template.fields = name, list(fields)
    return _saved(template)


def copy(template: FieldTemplate) -> FieldTemplate:
    """A new template of the same owner, with the same fields."""
    owner = {"user": template.user, "owner": template.owner}
    return _create_with_free_name(
        owner, f"{template.name[: NAME_LENGTH - 12]} (copy)", template.fields
    )


def save_zone(owner: Mapping[str, Any], fields: Fields, name: str, zone: Sequence[float]) -> int:
    """Keep the zone of a field in the owner's templates that have just these fields, for the cards
    to come; in how many."""
    names = [field["name"] for field in fields]
    changed = []
    for template in FieldTemplate.objects.filter(**owner):
        if [field["name"] for field in template.fields] == names:
            template.fields = [
                field | {"zone": list(zone)} if field["name"] == name else field
                for field in template.fields
            ]
            changed.append(template)
    for template in changed:
        template.save(update_fields=["fields", "updated"])
    return len(changed)


def import_json(owner: Mapping[str, Any], source: str | bytes) -> FieldTemplate:
    """A template of its JSON form. Raises TemplateError. A name that is taken gets a number."""
    spec = parse_template(source).to_json()
    return _create_with_free_name(owner, spec["name"][: NAME_LENGTH - 6], spec["fields"])


def export_json(template: FieldTemplate) -> str:
    """The form that `import_json` and `convert --template` take."""
    spec = {"version": VERSION, "name": template.name, "fields": template.fields}
    return json.dumps(spec, ensure_ascii=False, indent=1) + "\n"


def _create_with_free_name(owner: Mapping[str, Any], name: str, fields: Fields) -> FieldTemplate:
    for number in count(1):
        try:
            return create(owner, name if number == 1 else f"{name} {number}", fields)
        except NameTaken:
            continue
    raise AssertionError("numbers do not end")


def _saved(template: FieldTemplate) -> FieldTemplate:
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise NameTaken from error
    return template
