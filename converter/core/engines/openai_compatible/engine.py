"""Reads pictures by asking a vision model, and checks each answer before it becomes a reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from converter.core.engines.openai_compatible.attempts import FieldAttempts, TableAttempts
from converter.core.engines.openai_compatible.client import Client, Retries
from converter.core.engines.openai_compatible.limiter import Limiter
from converter.core.engines.openai_compatible.options import RemoteOptions
from converter.core.engines.openai_compatible.picture import EncodedPicture, encode, is_blank
from converter.core.engines.openai_compatible.profiles import profile_for
from converter.core.engines.openai_compatible.replies import ApiError, Completion
from converter.core.engines.openai_compatible.request import Manners, Question, build
from converter.core.engines.protocol import CardKind, Mode, Reading, ReadRequest
from converter.core.engines.version import code_version
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue
from converter.core.images import PageImage

_PROBING_TRIES: Final = 2  # a server that fails at strict JSON does so every time


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is sent for a request; `picture` is None if it is blank."""

    picture: EncodedPicture | None
    request: ReadRequest


class RemoteEngine:
    """Asks one model at one API. Thread-safe."""

    name = "remote"

    def __init__(self, options: RemoteOptions, client: Client | None = None) -> None:
        self.options = options
        self.profile = profile_for(options.model)
        self.version = f"{options.endpoint.host}, {options.model}, {code_version()}"
        retries = Retries(most=options.tries)
        self.client = client or Client(
            options.endpoint, Limiter(options.concurrency), options.times, retries
        )
        # What this server accepts for this model, by whether structured JSON was asked for.
        self._proven: dict[bool, Manners] = {}

    def read(self, image: PageImage, request: ReadRequest) -> Reading:
        return self.ask(self.prepare(image, request))

    def prepare(self, image: PageImage, request: ReadRequest) -> Prepared:
        """The picture as it is sent. Raises EngineError `no_fields` if it cannot be asked."""
        if request.mode is Mode.FIELDS and not self.profile.fields_prompt:
            raise EngineError(
                "no_fields",
                f"{self.options.model} reads whole pages and cannot be asked for fields."
                " Set OLMOCR_MODEL to a general vision model, or ENGINE to local.",
                permanent=True,
            )
        if is_blank(image.pixels):
            return Prepared(None, request)
        profile = self.profile
        return Prepared(encode(image, profile.longest_side, enlarge=profile.enlarge), request)

    def ask(self, prepared: Prepared) -> Reading:
        """What the model read. Raises ApiError, or EngineError if no answer was acceptable."""
        if prepared.picture is None:  # a model would invent text for it
            fields = tuple(FieldValue(spec.name) for spec in prepared.request.fields)
            return Reading(
                self.options.model,
                fields=fields,
                card=CardKind.BLANK,
                asked=self.options.model,
                cost=0.0,
            )
        kind = FieldAttempts if prepared.request.fields else TableAttempts
        attempts = kind(self.complete, self.profile, prepared.picture, prepared.request)
        reading = attempts.run(self.options.times.image)
        return replace(reading, asked=self.options.model, model=reading.model or self.options.model)

    def models(self) -> list[str] | None:
        return self.client.models()

    def close(self) -> None:
        self.client.close()

    def complete(self, question: Question, seconds: float) -> Completion:
        """One answer, requested in a form that the server accepts. Raises ApiError."""
        structured = question.is_structured
        proven = self._proven.get(structured)
        manners = proven or Manners(self.profile.structure)
        tries = _PROBING_TRIES if structured and not proven else None
        while True:
            request = build(self.options.model, self.profile, question, manners)
            try:
                completion = self.client.complete(request, seconds, tries)
            except ApiError as error:
                softer = None if proven else manners.after(error, structured=structured)
                if softer is None:
                    raise
                manners = softer
            else:
                self._proven[structured] = manners
                return completion
