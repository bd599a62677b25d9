"""The values of fields in a model's answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from converter.core.engines.openai_compatible.answers.wrapping import unwrap
from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import FieldValue


class NotAnObject(ValueError):
    """An answer that is no JSON object; its text says to the model what is wrong with it."""


def read_fields(text: str, fields: Sequence[FieldSpec]) -> tuple[tuple[FieldValue, ...], list[str]]:
    """The values in the order of `fields`, and the names of those that the answer left out.

    Numbers keep the digits with which they were written. Raises NotAnObject.
    """
    data = _object(text)
    given = {" ".join(name.casefold().split()): value for name, value in data.items()}
    names = [" ".join(spec.name.casefold().split()) for spec in fields]
    values = tuple(
        _value(spec.name, given.get(name)) for spec, name in zip(fields, names, strict=True)
    )
    missing = [spec.name for spec, name in zip(fields, names, strict=True) if name not in given]
    return values, missing


def _object(text: str) -> dict[str, Any]:
    body, _ = unwrap(text)
    start, end = body.find("{"), body.rfind("}")
    if start < 0 or end < start:
        raise NotAnObject("Your answer holds no JSON object.")
    try:
        data = json.loads(
            body[start : end + 1], parse_float=str, parse_int=str, parse_constant=str, strict=False
        )
    except (ValueError, RecursionError) as error:
        raise NotAnObject(f"Your answer is not valid JSON: {error}.") from error
    if not isinstance(data, dict):
        raise NotAnObject("Your answer is not one JSON object.")
    return data


def _value(name: str, value: Any) -> FieldValue:
    text = _text(value).strip()
    return FieldValue(name, text, confidence=1.0) if text else FieldValue(name)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return "\n".join(filter(None, map(_text, value)))
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
