"""What a call takes, as OpenAPI says it: where a function reads the request by itself."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from pydantic import BaseModel

FLAGS_OF_FORMS: Final = ("true", "false", "1", "0", "on", "off", "yes", "no")
MOST_FILES: Final = settings.DATA_UPLOAD_MAX_NUMBER_FILES
REFERENCE: Final = "#/components/schemas/{model}"

# Schemas that calls take, for the document; a call's own are found by the library.
TAKEN: Final[dict[str, Any]] = {}


def takes(
    kind: type[BaseModel], *, files: bool = False, most: int = MOST_FILES, needed: bool = True
) -> dict[str, Any]:
    """JSON of that kind, or a form with its values and files, so many of them at the most."""
    whole = kind.model_json_schema(ref_template=REFERENCE)
    TAKEN.update(whole.pop("$defs", {}))
    TAKEN[kind.__name__] = whole
    json = {"schema": {"$ref": REFERENCE.format(model=kind.__name__)}}
    content = {"application/json": json}
    if files:
        content["multipart/form-data"] = {"schema": _form(whole, most)}
    return {"requestBody": {"required": needed, "content": content}}


def takes_file(kind: type[BaseModel]) -> dict[str, Any]:
    """A form alone, with its values and one file."""
    told = takes(kind, files=True)
    content = told["requestBody"]["content"]
    del content["application/json"]
    form = content["multipart/form-data"]["schema"]
    file = form["properties"].pop("files")["items"]
    form["properties"] = {"file": file} | form["properties"]
    form["required"] = ["file"]
    return told


def _form(whole: dict[str, Any], most: int) -> dict[str, Any]:
    """The same values, with pictures as files."""
    pictures = {"images", "image_data", "image", "filename"}
    values = {
        name: _in_a_form(one) for name, one in whole["properties"].items() if name not in pictures
    }
    file = {"type": "string", "format": "binary"}
    files = {"type": "array", "items": file, "minItems": 1, "maxItems": most}
    return {"type": "object", "properties": {"files": files} | values, "required": ["files"]}


def _in_a_form(schema: dict[str, Any]) -> dict[str, Any]:
    """All is text there. There is no null: what is not said is left out."""
    if schema.get("type") == "boolean":
        rest = {name: value for name, value in schema.items() if name != "type"}
        return rest | {"enum": [True, False, *FLAGS_OF_FORMS]}
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if not kinds:
        return schema
    rest = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    return rest | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds})
