"""The options of a job, as requests send them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import ValidationError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    WithJsonSchema,
)

from converter.accounts import access, origins
from converter.api.problems import Invalid, Refusals
from converter.api.sent import Base64, Flag, Picture, json_has, with_a_picture, with_pictures
from converter.config.options import CHOICES
from converter.core.engines.protocol import Mode
from converter.core.errors import TemplateError
from converter.core.fields.specification import FieldType, parse_fields
from converter.core.outbound.errors import OutboundError
from converter.forms import default_name
from converter.models import NAME_LENGTH, URL_LENGTH, Consolidation, OutputFormat, Priority
from converter.util.text_input import one_line
from converter.webhooks import sender

SEEN: Final = r"[^\s\x00-\x1f\x7f-\x9f]"  # a visible character
_MOST_FIELDS: Final = 500
_NAMES: Final = {priority.name.lower(): priority.value for priority in Priority}


class PriorityName(StrEnum):
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class WebhookScope(StrEnum):
    """The events of a webhook: the end of the job always, each image on request."""

    JOB = "job"
    IMAGE = "image"


FieldName = Annotated[str, Field(min_length=1, max_length=200, pattern=SEEN)]


class FieldIn(BaseModel):
    """A field to read."""

    name: FieldName
    description: str = Field("", max_length=2000)
    type: FieldType = FieldType.TEXT
    labels: list[Annotated[str, Field(max_length=200)]] = Field([], max_length=50)
    required: StrictBool = False


def _fields(value: Any) -> Any:
    """A list of fields. A string in it is a name; a text has a name on each line."""
    if isinstance(value, str):
        value = [line for line in map(one_line, value.splitlines()) if line]
    if isinstance(value, list):
        return [{"name": one} if isinstance(one, str) else one for one in value]
    return value


def _engine(name: str) -> str:
    if name and name not in CHOICES:
        raise ValueError(f"use one of {', '.join(CHOICES)}")
    return name


def _priority(value: Any) -> Any:
    by_number = {str(number): name for name, number in _NAMES.items()}
    return by_number.get(str(value), value)


def _listed(value: Any) -> Any:
    """A list; in a form it may be words separated by commas."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


Fields = Annotated[
    list[FieldIn],
    BeforeValidator(_fields, json_schema_input_type=list[FieldIn | FieldName] | str),
]
EngineName = Annotated[
    str, AfterValidator(_engine), WithJsonSchema({"type": "string", "enum": [*CHOICES, ""]})
]
PriorityIn = Annotated[
    PriorityName,
    BeforeValidator(
        _priority,
        json_schema_input_type=Literal["high", "normal", "low", 1, 2, 3, "1", "2", "3"],
    ),
]


_Scopes = Annotated[
    str, Field(pattern=r"^[\s,]*((job|image)([\s,]+(job|image)){0,9}[\s,]*)?$", max_length=200)
]
WebhookEvents = Annotated[
    list[WebhookScope],
    BeforeValidator(_listed, json_schema_input_type=list[WebhookScope] | _Scopes),
]
TemplateId = Annotated[int, Field(ge=1, lt=2**63), json_has(int)]


class JobOptions(BaseModel):
    """How the pictures are read, and in which form the results are written. All are optional."""

    name: str | None = Field(None, max_length=1000)
    mode: Mode | None = Field(None, description="tables, or fields where fields are named")
    fields: Fields | None = Field(None, max_length=_MOST_FIELDS)
    template_id: TemplateId | None = Field(None, description="a field template of yours")
    engine: EngineName | None = Field(None, description="who reads; empty: as is set up")
    priority: PriorityIn | None = None
    output_format: OutputFormat | None = None
    consolidation_strategy: Consolidation | None = Field(
        None, description="how tables come onto sheets, and into one CSV"
    )
    webhook_url: str | None = Field(
        None,
        max_length=URL_LENGTH,
        description="a public address that is told by POST how the job ended",
    )
    webhook_events: WebhookEvents | None = Field(
        None, max_length=10, description="with `image`, it is told of each image too"
    )
    partial: Flag = Field(
        default=False,
        description="start the job even if a fault of the server kept a file out; else the call"
        " fails with 503, and nothing is started",
    )

    def of_batch(self, request: HttpRequest) -> dict[str, Any]:
        """The columns of a batch that the request sets. Raises TablexlError."""
        given: dict[str, Any] = {
            "name": one_line(self.name or "")[:NAME_LENGTH],
            "mode": self.mode.value if self.mode else None,
            "engine": self.engine,
            "priority": _NAMES[self.priority] if self.priority else None,
            "output_format": self.output_format,
            "consolidation": self.consolidation_strategy,
        }
        columns = {name: value for name, value in given.items() if value}
        if self.webhook_events is not None:
            columns["webhook_per_image"] = WebhookScope.IMAGE in self.webhook_events
        if self.webhook_url:
            try:
                sender.check_address(self.webhook_url)
            except OutboundError as error:
                place = Invalid(at="body.webhook_url", message=error.message)
                raise Refusals(error.code, error.message, [place]) from error
            columns |= {"webhook_url": self.webhook_url, "reached_at": origins.origin_of(request)}
        fields: list[dict[str, Any]] = []
        if self.fields:
            fields = [field.model_dump(exclude_defaults=True) for field in self.fields]
            try:
                parse_fields(fields)
            except TemplateError as error:
                where = ("body", "fields")
                raise ValidationError([{"loc": where, "msg": error.message}]) from error
        elif self.template_id:
            fields = list(access.template_for(request, self.template_id).fields)
        if fields:
            columns |= {"fields": fields, "mode": Mode.FIELDS.value} | columns
        return columns


class Submission(JobOptions):
    """Pictures to be read as one job."""

    model_config = ConfigDict(json_schema_extra=with_pictures)

    images: list[Picture] = Field([], max_length=10_000)


class Single(JobOptions):
    """One picture, in `image_data` or `image`, in base64 with or without a `data:` prefix."""

    model_config = ConfigDict(json_schema_extra=with_a_picture)

    image_data: Base64 | None = None
    image: Base64 | None = None
    filename: str = Field("", max_length=1000)
    include_tables: Flag = Field(default=False, description="tell in the answer what was read")

    @property
    def pictures(self) -> list[Picture]:
        data = self.image if self.image_data is None else self.image_data
        return [] if data is None else [Picture(image_data=data, filename=self.filename)]


def new_batch(options: dict[str, Any], first: str) -> dict[str, Any]:
    """The columns of a new batch; without a name it takes the name of its first file."""
    return {"name": default_name(first), "engine": settings.ENGINE} | options
