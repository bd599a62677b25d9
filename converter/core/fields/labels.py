"""Printed labels: which texts may name a field, and where a label ends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein

from converter.core.fields.specification import FieldSpec

# Characters that OCR takes for one another.
_LOOKALIKES: Final = str.maketrans({"0": "o", "1": "i", "l": "i", "|": "i", "5": "s"})

_QUOTED: Final = re.compile(r"[\"“”„«»]([^\"“”„«»]{2,40})[\"“”„«»]")
_SEPARATOR: Final = re.compile(
    r"""\s*(?:\([^)]{0,12}\)\s*)?  # a unit, as in "Total (USD)"
    [.#]?\s*(?P<mark>[:=])?[\s._]*
    (?:-(?=[^\W\d_]))?  # a dash, unless it is a minus""",
    re.VERBOSE,
)
_NUMBER_WORD: Final = re.compile(r"(?:no|nr|num|number)\b|#", re.IGNORECASE)
_GOES_ON: Final = re.compile(r"(?:[^\s:\d]+\s+){0,3}[^\s:\d]*[^\W\d_][.)#]?\s*:")


@dataclass(frozen=True, slots=True)
class Label:
    """A label found in a text: it begins at `start`, its value at `end`.

    `marked` says that a colon follows it; `score` is 0..1 for how well it was read.
    """

    start: int
    end: int
    score: float
    marked: bool


def label_phrases(spec: FieldSpec) -> tuple[str, ...]:
    """The texts that may be printed for a field: name, labels, quotations in its description."""
    name = spec.name.rsplit(".", 1)[-1] if re.fullmatch(r"[\w.]+\w", spec.name) else spec.name
    quoted = _QUOTED.findall(spec.description)
    phrases = (name.replace("_", " "), spec.name, *spec.labels, *quoted)
    return tuple(dict.fromkeys(phrase for phrase in phrases if _fold(phrase)[0]))


def leading_label(text: str, phrases: Iterable[str]) -> Label | None:
    """The longest of `phrases` that `text` begins with, if it is a whole label.

    It is not if the printed label goes on: "Company" in "Company Reg. No.: 12", or "Site" in
    "Site No. 4".
    """
    found = [label for phrase in phrases if (label := _label_at(text, 0, phrase))]
    return max(found, key=lambda label: (label.end, label.score), default=None)


def next_label(text: str, phrases: Iterable[str]) -> int:
    """Where in `text`, after its beginning, a label with a colon begins; its length if nowhere."""
    phrases = tuple(phrases)
    for match in re.finditer(r"(?<=\s)\S", text):
        labels = (_label_at(text, match.start(), phrase) for phrase in phrases)
        if any(label and label.marked for label in labels):
            return match.start()
    return len(text)


def _label_at(text: str, start: int, phrase: str) -> Label | None:
    wanted, _ = _fold(phrase)
    folded, places = _fold(text[start:])
    # The beginning of the text that is nearest to the phrase, a character more or less.
    lengths = (len(wanted), len(wanted) - 1, len(wanted) + 1)
    tried = [
        (Levenshtein.distance(folded[:length], wanted), length)
        for length in lengths
        if 0 < length <= len(folded)
    ]
    errors, length = min(tried, key=lambda pair: pair[0], default=(0, 0))
    # Short labels differ from other words by a letter; they must be read without error.
    if length == 0 or errors > len(wanted) // 5:
        return None
    end = start + places[length - 1] + 1
    before, after = text[end - 1 : end], text[end : end + 1]
    # Readers often lose the space in "Site NoMe.152"; any other word that goes on is not the label.
    if before.isalpha() and after.isalpha() and not (before.islower() and after.isupper()):
        return None
    separator = _SEPARATOR.match(text, end)
    value_start = separator.end() if separator else end
    marked = bool(separator and separator["mark"])
    rest = text[value_start:]
    if not marked and (_NUMBER_WORD.match(rest) or _GOES_ON.match(rest)):
        return None
    return Label(start, value_start, 1 - errors / len(wanted), marked)


def _fold(text: str) -> tuple[str, list[int]]:
    """The letters and digits of `text` without case or lookalikes, and the index of each."""
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    folded = "".join(text[place].lower()[:1] for place in places)
    return folded.translate(_LOOKALIKES), places
