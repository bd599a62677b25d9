"""The body of a request, in a form that the server accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from converter.core.engines.openai_compatible.field_values import BLANK, CARD, FIELDS, ILLEGIBLE
from converter.core.engines.openai_compatible.picture import EncodedPicture
from converter.core.engines.openai_compatible.profiles import ModelProfile, Structure
from converter.core.engines.openai_compatible.replies import ApiError
from converter.core.engines.protocol import CardKind
from converter.core.fields.specification import FieldSpec, FieldType

_SOFTER: Final = {
    Structure.JSON_SCHEMA: Structure.JSON_OBJECT,
    Structure.JSON_OBJECT: Structure.NONE,
}
_NOT_UNDERSTOOD: Final = {400, 415, 422, 500, 501}


@dataclass(frozen=True, slots=True)
class Manners:
    """Which optional features a server accepts: found by trying, beginning with the strictest."""

    structure: Structure
    limit: str = "max_tokens"
    has_temperature: bool = True

    def after(self, error: ApiError, *, structured: bool) -> Manners | None:
        """What to try after a request was not understood; None if these are not the reason."""
        if error.status not in _NOT_UNDERSTOOD or error.code == "answer_repeats":
            return None
        if "max_completion_tokens" in error.message and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if "temperature" in error.message and self.has_temperature:
            return replace(self, has_temperature=False)
        return self.softer() if structured else None

    def softer(self) -> Manners | None:
        if self.structure is Structure.NONE:
            return None
        return replace(self, structure=_SOFTER[self.structure])


@dataclass(frozen=True, slots=True)
class Question:
    """What one request asks. `rejected` is an earlier answer and what was wrong with it.

    `fields` are empty where tables are asked for. `relaxed` leaves the form of the answer free.
    """

    picture: EncodedPicture
    max_tokens: int
    temperature: float
    fields: tuple[FieldSpec, ...] = ()
    rejected: tuple[str, str] | None = None
    relaxed: bool = False

    @property
    def is_structured(self) -> bool:
        return bool(self.fields) and not self.relaxed


def build(
    model: str, profile: ModelProfile, question: Question, manners: Manners
) -> dict[str, Any]:
    """The request in the form of OpenAI's `chat/completions`."""
    prompt = profile.prompt
    if question.fields:
        prompt = profile.fields_prompt.format(fields="\n".join(map(_described, question.fields)))
    text = {"type": "text", "text": prompt}
    image = {"type": "image_url", "image_url": {"url": question.picture.url}}
    content = [text, image] if profile.text_first else [image, text]
    messages: list[dict[str, Any]] = [{"role": "user", "content": content}]
    if question.rejected:
        answer, problem = question.rejected
        messages += [{"role": "assistant", "content": answer}, {"role": "user", "content": problem}]
    request: dict[str, Any] = {
        "model": model,
        "messages": messages,
        manners.limit: question.max_tokens,
        **profile.extra,
    }
    if manners.has_temperature:
        request["temperature"] = question.temperature
    if question.is_structured and manners.structure is Structure.JSON_OBJECT:
        request["response_format"] = {"type": "json_object"}
    elif question.is_structured and manners.structure is Structure.JSON_SCHEMA:
        schema = {"name": "fields", "strict": True, "schema": _schema(question.fields)}
        request["response_format"] = {"type": "json_schema", "json_schema": schema}
    return request


_OF_TYPE: Final = {
    FieldType.NUMBER: "a number",
    FieldType.DATE: "a date",
    FieldType.YES_NO: "yes or no, or what is printed for that",
    FieldType.MULTILINE: "may have several lines; keep their ends",
}


def _described(spec: FieldSpec) -> str:
    hints = [
        spec.description,
        _OF_TYPE.get(spec.type, ""),
        "printed as " + _any_of(spec.labels) if spec.labels else "",
        "usually one of " + _any_of(spec.values) if spec.values else "",
    ]
    described = "; ".join(filter(None, hints))
    return f"- {spec.name}" + (f": {described}" if described else "")


def _any_of(texts: Sequence[str]) -> str:
    return " or ".join(f"“{text}”" for text in texts)


def _schema(fields: Sequence[FieldSpec]) -> dict[str, Any]:
    """All values are strings: a number would lose its zeros. A strict schema requires all members.

    It has no list of allowed values, which would force the model to choose one of them whatever is
    written.
    """
    names = [spec.name for spec in fields]
    some = {"type": "array", "items": {"type": "string", "enum": names}}
    return _strict(
        {
            CARD: {"type": "string", "enum": list(CardKind)},
            FIELDS: _strict({name: {"type": ["string", "null"]} for name in names}),
            BLANK: some,
            ILLEGIBLE: some,
        }
    )


def _strict(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
