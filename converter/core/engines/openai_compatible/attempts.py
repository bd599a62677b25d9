"""One picture's way to an answer that will do: asked, looked at, and asked again if need be."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from converter.core.engines.openai_compatible.answers.answer import Answer, require_whole
from converter.core.engines.openai_compatible.answers.parse import parse_answer
from converter.core.engines.openai_compatible.field_repair import mend_fields
from converter.core.engines.openai_compatible.field_values import (
    FieldAnswer,
    NotAnObject,
    read_fields,
)
from converter.core.engines.openai_compatible.picture import Picture
from converter.core.engines.openai_compatible.profiles import Profile
from converter.core.engines.openai_compatible.replies import ApiError, Completion
from converter.core.engines.openai_compatible.request import Question
from converter.core.engines.protocol import CardKind, Reading, ReadRequest, TextLine
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue
from converter.core.tables.model import Table

Complete = Callable[[Question, float], Completion]

_MOST: Final = 4  # answers that would not do; each is paid for
_LEAST_SECONDS: Final = 5.0  # with less time left, nothing is asked


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer that will do holds."""

    tables: tuple[Table, ...] = ()
    texts: tuple[TextLine, ...] = ()
    fields: tuple[FieldValue, ...] = ()
    card: CardKind = CardKind.CARD


class Attempts(ABC):
    """The answers to one picture. The next is asked for with another temperature."""

    def __init__(
        self, complete: Complete, profile: Profile, picture: Picture, request: ReadRequest
    ) -> None:
        self.complete = complete
        self.profile = profile
        self.picture = picture
        self.request = request
        self.begun = time.monotonic()
        self.paid: list[Completion] = []
        self.problems: list[EngineError] = []
        self.max_tokens = profile.max_tokens
        self.retort: tuple[str, str] | None = None

    @abstractmethod
    def judge(self, completion: Completion) -> Content | None:
        """What the answer holds; None to ask again. Raises EngineError for one that won't do."""

    def run(self, seconds: float) -> Reading:
        """The reading. Raises EngineError, permanent if other answers would not do either."""
        while self.may_ask():
            left = seconds - (time.monotonic() - self.begun)
            if self.paid and left < _LEAST_SECONDS:
                break
            try:
                if content := self.judge(self._next(left)):
                    return self._reading(content)
            except EngineError as error:
                self._note(error)
        worst = self.problems[-1] if self.problems else _too_late()
        raise self._told(EngineError(worst.code, worst.message, permanent=True))

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
            retort=self.retort,
            relaxed=any(problem.code == "answer_truncated" for problem in self.problems),
        )
        completion = self.complete(question, seconds)
        self.paid.append(completion)
        return completion

    def _note(self, error: EngineError) -> None:
        """Remember what was wrong with an answer. That none came is not for us to mend."""
        if isinstance(error, ApiError) and error.code != "answer_repeats":
            raise self._told(error)
        self.problems.append(error)
        if error.code == "answer_truncated":
            self.max_tokens = min(2 * self.max_tokens, self.profile.most_tokens)

    def _told(self, error: EngineError) -> EngineError:
        """The error, with what was answered and paid for nothing."""
        if self.paid:
            error.raw = self.paid[-1].text or ""
            error.cost = sum(answer.cost or 0.0 for answer in self.paid)
            error.tokens = sum(answer.tokens_in + answer.tokens_out for answer in self.paid)
        return error

    def _reading(self, content: Content) -> Reading:
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


class TableAttempts(Attempts):
    """Asks for all that is on the page."""

    before: Answer | None = None

    def judge(self, completion: Completion) -> Content | None:
        answer = self.profile.parse(completion.text, completion.finish_reason)
        if not self.picture.turned and (turn := _turn(answer)):
            self.picture = self.picture.turn(turn)
            return None
        before, self.before = self.before, answer
        if before is None or not _confirms(before, answer, completion):
            require_whole(answer)
            if not answer.parts:
                raise _empty()
        return Content(answer.tables, tuple(TextLine(text.text) for text in answer.texts))


class FieldAttempts(Attempts):
    """Asks for the values of the fields; once more, with what was wrong, if they are not there."""

    def may_ask(self) -> bool:
        return super().may_ask() and self._refused() < 2

    def judge(self, completion: Completion) -> Content | None:
        require_whole(parse_answer(None, completion.finish_reason))
        answer = self._read(completion)
        all_missing = len(answer.missing) == len(answer.values)
        if answer.missing and (all_missing or not self._refused()):
            names = ", ".join(answer.missing)
            raise self._refuse(completion, f"Your answer lacks these members: {names}.")
        return Content(fields=answer.values, card=answer.card)

    def _read(self, completion: Completion) -> FieldAnswer:
        text, fields = completion.text or "", self.request.fields
        try:
            return read_fields(text, fields)
        except NotAnObject as error:
            mended = mend_fields(text, completion.finish_reason, fields)
            if mended is None or not self._refused():
                raise self._refuse(completion, str(error)) from error
            return mended

    def _refused(self) -> int:
        """How often an answer that was whole would not do."""
        return sum(problem.code == "answer_unreadable" for problem in self.problems)

    def _refuse(self, completion: Completion, problem: str) -> EngineError:
        """Tell the model what was wrong with its answer, and make an error of it."""
        text = completion.text or ""
        self.retort = (text, problem) if text.strip() else None
        return EngineError(
            "answer_unreadable",
            "The model's answer is not the list of values that was asked for;"
            " try again, or with another model.",
            permanent=False,
        )


def _turn(answer: Answer) -> int:
    """How far to turn the picture clockwise; the model says it the other way round."""
    front = answer.front_matter
    if front.is_rotation_valid is not False or not front.rotation_correction:
        return 0
    return 360 - front.rotation_correction


def _confirms(before: Answer, answer: Answer, completion: Completion) -> bool:
    """Whether an answer that leaves a doubt is dispelled by another that says just the same."""
    if answer.surely_truncated or answer.repeating or answer.unparsed:
        return False
    says_something = bool(answer.parts) or bool((completion.text or "").strip())
    return says_something and before.parts == answer.parts


def _empty() -> EngineError:
    return EngineError(
        "answer_empty",
        "The model saw nothing on this picture, although it is not blank;"
        " try again, or with another model.",
        permanent=False,
    )


def _too_late() -> EngineError:
    return EngineError(
        "server_unreachable", "The API did not answer in time. Try again later.", permanent=False
    )
