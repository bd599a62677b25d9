"""Repairs an answer whose JSON is broken, but only if that changes no value.

The library that repairs it guesses: `00123` without quotes becomes 123, `1.50` becomes 1.5, and
the end of `5'10"` may get lost. So its result is compared with what the model wrote: all characters
must still be there in their order, and each value must have been in quotes of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import json_repair

from converter.core.engines.openai_compatible.field_values import (
    FIELDS,
    MEMBERS,
    FieldAnswer,
    NotAnObject,
    answer_of,
    object_in,
)
from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import Mark

WHOLE: Final = "stop"  # the one finish reason by which a server says that an answer is complete
_STRUCTURE: Final = re.compile(r"[\s\"'\u2018\u2019\u201c\u201d,:{}\[\]\\]+")
_QUOTES: Final = "\"'\u2018\u2019\u201c\u201d"


def mend_fields(
    text: str, finish_reason: str | None, fields: Sequence[FieldSpec]
) -> FieldAnswer | None:
    """The values of a broken answer, each marked; None if it cannot be repaired safely."""
    if finish_reason != WHOLE:
        return None
    try:
        source = object_in(text)
        data = json_repair.loads(source, skip_json_loads=True)
    except (NotAnObject, ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    made = json.dumps(data, ensure_ascii=False)
    keeps_all = _STRUCTURE.sub("", made) == _STRUCTURE.sub("", source)
    if not keeps_all or not all(_stood_alone(one, source) for one in _texts(data) if one):
        return None
    answer = answer_of(data, fields)
    # An unexpected member may be the rest of a value.
    inner = data.get(FIELDS)
    names = {*data, *inner} - MEMBERS if isinstance(inner, dict) else set(data)
    if answer.missing or not names <= {spec.name for spec in fields}:
        return None
    return replace(answer, values=tuple(value.marked(Mark.REPAIRED) for value in answer.values))


def _texts(tree: Any) -> Iterator[str]:
    match tree:
        case str():
            yield tree
        case dict():
            for name, value in tree.items():
                yield name
                yield from _texts(value)
        case list():
            for value in tree:
                yield from _texts(value)


def _stood_alone(text: str, source: str) -> bool:
    """Whether the answer contains this text unchanged, with only JSON structure around it."""
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    either = "|".join(re.escape(form) for form in dict.fromkeys((written, text)))
    quoted = rf"(?P<quote>[{_QUOTES}])(?:{either})(?P=quote)(?:\s*[,:}}\]]|\s+[{_QUOTES}]|\s*$)"
    bare = rf"(?:{either})\s*[,:}}\]]"
    return re.search(rf"(?<=[{{\[,:\s])(?:{quoted}|{bare})", source) is not None
