"""Asks a model about one picture, checks the answer, and asks again until one is acceptable."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from converter.core.engines.openai_compatible.answers.answer import ParsedAnswer, require_whole
from converter.core.engines.openai_compatible.answers.parse import parse_answer
from converter.core.engines.openai_compatible.field_repair import mend_fields
from converter.core.engines.openai_compatible.field_values import (
    NotAnObject,
    read_fields,
)
from converter.core.engines.openai_compatible.picture import EncodedPicture
from converter.core.engines.openai_compatible.profiles import ModelProfile
from converter.core.engines.openai_compatible.replies import ApiError, Completion
from converter.core.engines.openai_compatible.request import Question
from converter.core.engines.protocol import CardKind, Reading, ReadRequest, TextLine
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue
from converter.core.tables.model import Table

Complete = Callable[[Question, float], Completion]

_MOST: Final = 4  # rejected answers; each is paid for
_LEAST_SECONDS: Final = 5.0  # with less time left, nothing is asked


@dataclass(frozen=True, slots=True)
class Content:
    """The content of an acceptable answer."""

    tables: tuple[Table, ...] = ()
    texts: tuple[TextLine, ...] = ()
    fields: tuple[FieldValue, ...] = ()
    card: CardKind = CardKind.CARD


class Attempts(ABC):
    """The answers to one picture. Each further request uses the next temperature."""

    def __init__(
        self,
        complete: Complete,
        profile: ModelProfile,
        picture: EncodedPicture,
        request: ReadRequest,
    ) -> None:
        self.complete = complete
        self.profile = profile
        self.picture = picture
        self.request = request
        self.begun = time.monotonic()
        self.paid: list[Completion] = []
        self.problems: list[EngineError] = []
        self.max_tokens = profile.max_tokens
        self.rejected: tuple[str, str] | None = None

    @abstractmethod
    def judge(self, completion: Completion) -> Content | None:
        """The content of the answer; None to ask again. Raises EngineError to reject it."""

    def run(self, seconds: float) -> Reading:
        """The reading, after at most `seconds`.

        Raises EngineError, permanent if no further answer would help.
        """
        content = None
        while content is None and self.may_ask():
            left = seconds - (time.monotonic() - self.begun)
            if self.paid and left < _LEAST_SECONDS:
                break
            try:
                content = self.judge(self._next(left))
            except EngineError as error:
                # The client has already retried requests that got no answer.
                if isinstance(error, ApiError) and error.code != "answer_repeats":
                    self._add_costs(error)
                    raise
                self.problems.append(error)
                if error.code == "answer_truncated":
                    self.max_tokens = min(2 * self.max_tokens, self.profile.most_tokens)
        if content is None:
            code, message = "server_unreachable", "The API did not answer in time. Try again later."
            if self.problems:
                code, message = self.problems[-1].code, self.problems[-1].message
            failure = EngineError(code, message, permanent=True)
            self._add_costs(failure)
            raise failure
        costs = [answer.cost for answer in self.paid]
        return Reading(
            model=self.paid[-1].model,
            tables=content.tables,
            loose_text=content.texts,
            fields=content.fields,
            card=content.card,
            raw=self.paid[-1].text or "",
            seconds=time.monotonic() - self.begun,
            cost=None if None in costs else sum(cost for cost in costs if cost),
            turned=self.picture.turned,
            tokens_in=sum(answer.tokens_in for answer in self.paid),
            tokens_out=sum(answer.tokens_out for answer in self.paid),
        )

    def may_ask(self) -> bool:
        return len(self.problems) < _MOST

    def _next(self, seconds: float) -> Completion:
        tried = len(self.problems)
        temperatures = self.profile.temperatures
        question = Question(
            self.picture,
            max_tokens=self.max_tokens,
            temperature=temperatures[min(tried, len(temperatures) - 1)],
            fields=self.request.fields,
            rejected=self.rejected,
            relaxed=any(problem.code == "answer_truncated" for problem in self.problems),
        )
        completion = self.complete(question, seconds)
        self.paid.append(completion)
        return completion

    def _add_costs(self, error: EngineError) -> None:
        """Add the last answer and the cost of all answers to an error."""
        if self.paid:
            error.raw = self.paid[-1].text or ""
            error.cost = sum(answer.cost or 0.0 for answer in self.paid)
            error.tokens = sum(answer.tokens_in + answer.tokens_out for answer in self.paid)


class TableAttempts(Attempts):
    """Asks for everything on the page."""

    before: ParsedAnswer | None = None

    def judge(self, completion: Completion) -> Content | None:
        answer = self.profile.parse(completion.text, completion.finish_reason)
        front = answer.front_matter
        is_turned = front.is_rotation_valid is False and front.rotation_correction
        if is_turned and front.rotation_correction and not self.picture.turned:
            # The model gives the angle counter-clockwise.
            self.picture = self.picture.turn(360 - front.rotation_correction)
            return None
        before, self.before = self.before, answer
        # A doubtful answer counts as whole if a second answer is identical.
        says_something = bool(answer.parts) or bool((completion.text or "").strip())
        is_clear = not (answer.surely_truncated or answer.repeating or answer.unparsed)
        is_same = before is not None and before.parts == answer.parts
        if not (is_same and is_clear and says_something):
            require_whole(answer)
            if not answer.parts:
                raise EngineError(
                    "answer_empty",
                    "The model saw nothing on this picture, although it is not blank;"
                    " try again, or with another model.",
                    permanent=False,
                )
        return Content(answer.tables, tuple(TextLine(text.text) for text in answer.texts))


class FieldAttempts(Attempts):
    """Asks for the values of the fields, and once more, naming the problem, if some are missing."""

    def may_ask(self) -> bool:
        return super().may_ask() and self._refused() < 2

    def judge(self, completion: Completion) -> Content | None:
        require_whole(parse_answer(None, completion.finish_reason))
        text, fields = completion.text or "", self.request.fields
        try:
            answer = read_fields(text, fields)
        except NotAnObject as error:
            mended = mend_fields(text, completion.finish_reason, fields)
            if mended is None or not self._refused():
                raise self._refuse(completion, str(error)) from error
            answer = mended
        all_missing = len(answer.missing) == len(answer.values)
        if answer.missing and (all_missing or not self._refused()):
            names = ", ".join(answer.missing)
            raise self._refuse(completion, f"Your answer lacks these members: {names}.")
        return Content(fields=answer.values, card=answer.card)

    def _refused(self) -> int:
        """How many whole answers were rejected."""
        return sum(problem.code == "answer_unreadable" for problem in self.problems)

    def _refuse(self, completion: Completion, problem: str) -> EngineError:
        """Keep the answer and its problem for the next request, and return the error."""
        text = completion.text or ""
        self.rejected = (text, problem) if text.strip() else None
        return EngineError(
            "answer_unreadable",
            "The model's answer is not the list of values that was asked for;"
            " try again, or with another model.",
            permanent=False,
        )
