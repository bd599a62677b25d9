"""Field templates, in the format of `convert --template`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Final, Self

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AfterValidator, BaseModel, Field, StrictBool

from converter.accounts import access
from converter.api import sent
from converter.api.openapi_bodies import takes
from converter.api.options import SEEN
from converter.core.fields.specification import VERSION, FieldType, parse_template
from converter.fields import templates
from converter.models import NAME_LENGTH, FieldTemplate
from converter.util.text_input import one_line

MOST: Final = 500  # that a list shows

router: Final = Router()


class TemplateField(BaseModel):
    """One field. What is left out is as usual: a text without labels, read, and not required."""

    name: str = Field(min_length=1, max_length=200, pattern=SEEN)
    description: str = Field("", max_length=2000)
    type: FieldType = FieldType.TEXT
    labels: list[str] = Field([], max_length=50)
    required: StrictBool = False
    pattern: str = Field("", max_length=500, description="a regular expression (RE2), or none")
    values: list[str] = Field([], max_length=1000, description="all that it may be; of a choice")
    active: StrictBool = Field(True, description="whether it is read")


class TemplateIn(BaseModel):
    """A template as it is sent, and as a page exports it."""

    version: Annotated[int, Field(ge=VERSION, le=VERSION), sent.json_has(int)] = VERSION
    name: Annotated[str, Field(max_length=NAME_LENGTH, pattern=SEEN), AfterValidator(one_line)]
    fields: list[TemplateField] = Field(min_length=1, max_length=200)

    def checked(self) -> list[dict[str, Any]]:
        """The fields as they are kept. Raises TemplateError."""
        checked = parse_template(json.dumps(self.model_dump())).to_json()
        fields: list[dict[str, Any]] = checked["fields"]
        return fields


class TemplateOut(Schema):
    """A template with its id, which a job takes as `template_id`."""

    id: int
    version: int
    name: str
    fields: list[TemplateField]
    updated: datetime

    @classmethod
    def of(cls, template: FieldTemplate) -> Self:
        fields = [TemplateField(**field) for field in template.fields]
        return cls(
            id=template.pk,
            version=VERSION,
            name=template.name,
            fields=fields,
            updated=template.updated,
        )


@router.get("", response=list[TemplateOut], summary="List your field templates")
def list_templates(request: HttpRequest) -> list[TemplateOut]:
    """By name."""
    return [TemplateOut.of(t) for t in access.templates_for(request).order_by("name", "pk")[:MOST]]


@router.post(
    "",
    response={201: TemplateOut},
    summary="Create a field template",
    openapi_extra=takes(TemplateIn),
)
def create_template(request: HttpRequest) -> Status[TemplateOut]:
    template = sent.parsed(request, TemplateIn)
    made = templates.create(access.owner_of(request), template.name, template.checked())
    return Status(201, TemplateOut.of(made))


@router.get("/{int:template_id}", response=TemplateOut, summary="See a field template")
def get_template(request: HttpRequest, template_id: int) -> TemplateOut:
    return TemplateOut.of(access.template_for(request, template_id))


@router.put(
    "/{int:template_id}",
    response=TemplateOut,
    summary="Replace a field template",
    openapi_extra=takes(TemplateIn),
)
def put_template(request: HttpRequest, template_id: int) -> TemplateOut:
    """Its name and all fields. Jobs that were made from it keep their copy."""
    template = access.template_for(request, template_id)
    new = sent.parsed(request, TemplateIn)
    return TemplateOut.of(templates.change(template, new.name, new.checked()))


@router.delete("/{int:template_id}", response={204: None}, summary="Delete a field template")
def delete_template(request: HttpRequest, template_id: int) -> Status[None]:
    access.template_for(request, template_id).delete()
    return Status(204, None)
