"""Request bodies: pictures as files of a form, or in base64 in JSON."""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Annotated, Any, Final, Self, TypeVar

import pydantic
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest
from ninja.errors import ValidationError
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from converter.accounts import upload_limits
from converter.api.bodies import Stretch, body_of, is_storable, plain
from converter.api.openapi_bodies import FLAGS_OF_FORMS
from converter.config.options import image_limits
from converter.core.errors import ImageError, TablexlError
from converter.core.images import file_too_large

JSON: Final = "application/json"
FROM_FORM: Final = "form"
FORM: Final = ("multipart/form-data", "application/x-www-form-urlencoded")

_PREFIX: Final = re.compile(r"\s*data:[^,]{0,200},", re.IGNORECASE)
_PADDING: Final = 4096  # what line breaks and a prefix may add
_KINDS: Final = {bool: "true or false", int: "a whole number"}
_PLAIN: Final = {"string_pattern_mismatch": "must hold something to see"}
_NOT_BASE64: Final = "This is no picture in base64; send the file's bytes, all of them, in base64."
# A drawn table of four cells.
_EXAMPLE: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAgAQAAAACK5kMpAAAAKklEQVR42mP8zwABTAw4GQwfIJQ8C/t/hv+MDAwP8Cgm"
    "j0FPKxj/k6ALAJZUCzRNivzfAAAAAElFTkSuQmCC"
)

Sent = TypeVar("Sent", bound=BaseModel)


def _picture(value: Any) -> str | Stretch:
    if not isinstance(value, str | Stretch):
        raise ValueError("must be a picture in base64")  # noqa: TRY004  (pydantic's way)
    return value


Base64 = Annotated[
    str | Stretch,
    PlainValidator(_picture),
    WithJsonSchema({"type": "string", "contentEncoding": "base64", "examples": [_EXAMPLE]}),
]


def json_has(kind: type) -> BeforeValidator:
    """Accept only that JSON type; values of forms are text and are converted."""

    def check(value: Any, info: ValidationInfo) -> Any:
        is_text = info.context == FROM_FORM and (kind is int or value in FLAGS_OF_FORMS)
        is_whole = kind is int and isinstance(value, float) and value.is_integer()
        if not (is_text or is_whole or type(value) is kind):
            raise ValueError(f"must be {_KINDS[kind]}")
        return value

    return BeforeValidator(check)


Flag = Annotated[bool, json_has(bool)]


def with_a_picture(schema: dict[str, Any]) -> None:
    """State in a schema that `image_data` or `image` is required."""
    none = {"type": "null"}
    schema["not"] = {"properties": {"image_data": none, "image": none}}


def with_pictures(schema: dict[str, Any]) -> None:
    """State in a schema that JSON has at least one of `images`; a form has files instead."""
    schema["required"] = [*schema.get("required", ()), "images"]
    schema["properties"]["images"] |= {"minItems": 1}
    del schema["properties"]["images"]["default"]


class Picture(BaseModel):
    """A picture in base64, with or without a `data:` prefix, in `image_data` or `image`."""

    model_config = ConfigDict(json_schema_extra=with_a_picture)

    image_data: Base64 | None = None
    image: Base64 | None = None
    filename: str = Field("", max_length=1000)

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if self.data is None:
            raise ValueError("needs image_data, the picture in base64")
        return self

    @property
    def data(self) -> str | Stretch | None:
        return self.image if self.image_data is None else self.image_data

    def file(self, number: int) -> UploadedFile[Any]:
        assert self.data is not None  # noqa: S101  `_has_one` checks it
        name = PurePosixPath(self.filename).name  # it may come with its folders
        name = f"image {number}" if name in ("", "..") else name
        try:
            return SimpleUploadedFile(name, _decoded(self.data))
        except ImageError as error:
            return UnusableUpload(name, error)


class UnusableUpload(SimpleUploadedFile):
    """A file that could not be decoded, with the reason."""

    def __init__(self, name: str, refusal: ImageError) -> None:
        super().__init__(name, b"")
        self.refusal = refusal


def is_form(request: HttpRequest) -> bool:
    return request.content_type in FORM


def parsed(request: HttpRequest, kind: type[Sent], *, needed: bool = True) -> Sent:
    """The body as that kind. Raises TablexlError, or ValidationError with each invalid place."""
    if is_form(request):
        tree: Any = {}
        for name in request.POST:
            # A list is JSON or, as OpenAPI describes it, several values, each an object in JSON.
            values = [_form_value(text) for text in request.POST.getlist(name)]
            is_list = len(values) > 1 or isinstance(values[0], dict)
            tree[name] = values if is_list else values[0]
    elif not needed and not body_of(request).size:
        tree = {}
    elif request.content_type and request.content_type != JSON:
        message = "Send JSON (application/json) or a form with files (multipart/form-data)."
        raise TablexlError("unsupported_media_type", message)
    else:
        tree = body_of(request).parsed()
    try:
        return kind.model_validate(tree, context=FROM_FORM if is_form(request) else None)
    except pydantic.ValidationError as error:
        raise invalid(error) from error


def invalid(error: pydantic.ValidationError) -> ValidationError:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return ValidationError(
        [
            {"loc": ("body", *one["loc"]), "msg": _PLAIN.get(one["type"], one["msg"])}
            for one in found
        ]
    )


def files(request: HttpRequest, pictures: list[Picture]) -> Iterator[UploadedFile[Any]]:
    """All pictures of a request, one after the other: from its form, or from its JSON.

    Raises TooMany if they are more than the caller may send.
    """
    upload_limits.count_files(request, file_count(request) + len(pictures))
    return _files(request, pictures)


def _files(request: HttpRequest, pictures: list[Picture]) -> Iterator[UploadedFile[Any]]:
    if is_form(request):
        for name in request.FILES:
            yield from request.FILES.getlist(name)
    for number, picture in enumerate(pictures, 1):
        yield picture.file(number)


def file_count(request: HttpRequest) -> int:
    return (
        sum(len(request.FILES.getlist(name)) for name in request.FILES) if is_form(request) else 0
    )


def _form_value(text: Any) -> Any:
    if not is_storable(text):
        raise TablexlError("bad_request", "The form contains invalid Unicode.")
    if text[:1] not in ("[", "{"):
        return text
    try:
        return plain(json.loads(text))
    except (ValueError, RecursionError):
        return text


def _unescaped(data: Stretch) -> str:
    try:
        return data.read()
    except ValueError as error:  # as the body was parsed, nobody looked into it
        raise ImageError("bad_base64", _NOT_BASE64) from error


def _decoded(data: str | Stretch) -> bytes:
    """The bytes of a picture in base64. Raises ImageError."""
    if isinstance(data, Stretch):
        if data.size > settings.MAX_FILE_SIZE * 3 // 2 + _PADDING:
            raise file_too_large(data.size * 3 // 4, image_limits())
        data = _unescaped(data)
    prefix = _PREFIX.match(data)
    plain = "".join(data[prefix.end() if prefix else 0 :].split()).rstrip("=")
    if "-" in plain or "_" in plain:
        plain = plain.replace("-", "+").replace("_", "/")
    try:
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImageError("bad_base64", _NOT_BASE64) from error
