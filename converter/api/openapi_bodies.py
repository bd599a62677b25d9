"""What a call takes, as OpenAPI says it: where a function reads the request by itself."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel

_REFERENCE: Final = "#/components/schemas/{model}"

# Schemas that calls take, for the document; a call's own are found by the library.
TAKEN: Final[dict[str, Any]] = {}


def takes(kind: type[BaseModel], *, files: bool = False, needed: bool = True) -> dict[str, Any]:
    """JSON of that kind, or a form with its values, and perhaps with files."""
    whole = kind.model_json_schema(ref_template=_REFERENCE)
    TAKEN.update(whole.pop("$defs", {}))
    TAKEN[kind.__name__] = whole
    json = {"schema": {"$ref": _REFERENCE.format(model=kind.__name__)}}
    content = {"application/json": json}
    if files:
        content["multipart/form-data"] = {"schema": _form(whole)}
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


def _form(whole: dict[str, Any]) -> dict[str, Any]:
    """The same values, with pictures as files."""
    pictures = {"images", "image_data", "image", "filename"}
    values = {name: one for name, one in whole["properties"].items() if name not in pictures}
    file = {"type": "string", "format": "binary"}
    files = {"type": "array", "items": file, "minItems": 1}
    return {"type": "object", "properties": {"files": files} | values, "required": ["files"]}
