"""Request bodies for the OpenAPI document, where a function reads the body itself."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from pydantic import BaseModel

FLAGS_OF_FORMS: Final = ("true", "false", "1", "0", "on", "off", "yes", "no")
MOST_FILES: Final = settings.DATA_UPLOAD_MAX_NUMBER_FILES
REFERENCE: Final = "#/components/schemas/{model}"

# Schemas of these bodies; Ninja finds those in signatures by itself.
TAKEN: Final[dict[str, Any]] = {}


def takes(
    kind: type[BaseModel], *, files: bool = False, most: int = MOST_FILES, needed: bool = True
) -> dict[str, Any]:
    """A JSON body of that kind, or a form with its values and at most so many files."""
    whole = kind.model_json_schema(ref_template=REFERENCE)
    TAKEN.update(whole.pop("$defs", {}))
    TAKEN[kind.__name__] = whole
    json = {"schema": {"$ref": REFERENCE.format(model=kind.__name__)}}
    content: dict[str, Any] = {"application/json": json}
    if files:
        pictures = {"images", "image_data", "image", "filename"}  # sent as files instead
        values = {
            name: _in_a_form(one)
            for name, one in whole["properties"].items()
            if name not in pictures
        }
        file = {"type": "string", "format": "binary"}
        several = {"type": "array", "items": file, "minItems": 1, "maxItems": most}
        properties = {"files": several} | values
        form = {"type": "object", "properties": properties, "required": ["files"]}
        content["multipart/form-data"] = {"schema": form}
    return {"requestBody": {"required": needed, "content": content}}


def takes_file(kind: type[BaseModel]) -> dict[str, Any]:
    """Only a form, with its values and one file."""
    described = takes(kind, files=True)
    content = described["requestBody"]["content"]
    del content["application/json"]
    form = content["multipart/form-data"]["schema"]
    file = form["properties"].pop("files")["items"]
    form["properties"] = {"file": file} | form["properties"]
    form["required"] = ["file"]
    return described


def _in_a_form(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without null: values of forms are text, and missing values are left out."""
    if schema.get("type") == "boolean":
        rest = {name: value for name, value in schema.items() if name != "type"}
        return rest | {"enum": [True, False, *FLAGS_OF_FORMS]}
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if not kinds:
        return schema
    rest = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    return rest | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds})
