"""The values of fields in a model's answer, and why others have none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from converter.core.engines.openai_compatible.answers.wrapping import unwrap
from converter.core.engines.protocol import CardKind
from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import FieldValue, ValueState

# The members of an answer. The names of the fields are in a member of their own, to avoid clashes.
CARD: Final = "card"
FIELDS: Final = "fields"
BLANK: Final = "blank"
ILLEGIBLE: Final = "illegible"
MEMBERS: Final = frozenset({CARD, FIELDS, BLANK, ILLEGIBLE})

_UNSURE: Final = 0.5  # the model itself says that it could not read all of it
_GAP: Final = "[?]"


class NotAnObject(ValueError):
    """The answer is not a JSON object; the message explains the problem to the model."""


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """The values in the order of the fields, and the names of those that the answer left out."""

    values: tuple[FieldValue, ...]
    missing: tuple[str, ...] = ()
    card: CardKind = CardKind.CARD


def read_fields(text: str, fields: Sequence[FieldSpec]) -> FieldAnswer:
    """The values in an answer. Numbers keep the digits as written.

    A bare object of values is accepted too: not every model keeps to the form. Raises NotAnObject.
    """
    source = object_in(text)
    try:
        data = json.loads(
            source,
            parse_float=str,
            parse_int=str,
            parse_constant=str,
            strict=False,
            object_pairs_hook=_each_once,
        )
    except (ValueError, RecursionError) as error:
        raise NotAnObject(f"Your answer is not valid JSON: {error}.") from error
    if not isinstance(data, dict):
        raise NotAnObject("Your answer is not one JSON object.")
    return answer_of(data, fields)


def answer_of(data: Mapping[str, Any], fields: Sequence[FieldSpec]) -> FieldAnswer:
    """The values in an answer that has been parsed."""
    inner = data.get(FIELDS)
    is_full = isinstance(inner, dict)
    named = inner if isinstance(inner, dict) else data
    given = {_folded(name): value for name, value in named.items()}
    blank = _names(data.get(BLANK)) if is_full else frozenset()
    illegible = _names(data.get(ILLEGIBLE)) if is_full else frozenset()
    kind = _text(data.get(CARD)).strip().casefold() if is_full else ""
    values = []
    for name in (spec.name for spec in fields):
        key = _folded(name)
        text, is_blank, is_illegible = _text(given.get(key)).strip(), key in blank, key in illegible
        if _GAP in text and not re.search(r"\w", text.replace(_GAP, "")):
            text, is_illegible = "", True
        if text:  # in doubt if it is also listed as blank or illegible
            is_unsure = is_illegible or is_blank or _GAP in text
            values.append(FieldValue(name, text, confidence=_UNSURE if is_unsure else 1.0))
        elif is_illegible:
            values.append(FieldValue(name, state=ValueState.UNREADABLE))
        else:
            values.append(
                FieldValue(name, state=ValueState.BLANK) if is_blank else FieldValue(name)
            )
    return FieldAnswer(
        tuple(values),
        tuple(spec.name for spec in fields if _folded(spec.name) not in given),
        CardKind(kind) if kind in list(CardKind) else CardKind.CARD,
    )


def object_in(text: str) -> str:
    """The part of an answer that should be a JSON object. Raises NotAnObject if there is none."""
    body, _ = unwrap(text)
    start, end = body.find("{"), body.rfind("}")
    if start < 0 or end < start:
        raise NotAnObject("Your answer holds no JSON object.")
    return body[start : end + 1]


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Raises ValueError if a name has two values: either may be meant."""
    data: dict[str, Any] = {}
    for name, value in pairs:
        if name in data and data[name] != value:
            raise ValueError(f"the member {name!r} has two values")
        data[name] = value
    return data


def _names(value: Any) -> frozenset[str]:
    listed = value if isinstance(value, list) else []
    return frozenset(_folded(name) for name in listed if isinstance(name, str))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


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
