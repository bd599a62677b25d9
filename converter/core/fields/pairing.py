"""Front and back: which pictures show the two sides of one card, and the values of both merged."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from converter.core.fields.values import FieldValue, Mark, ValueState


class Pairing(StrEnum):
    """How the pictures of a batch belong together."""

    NONE = "none"
    ALTERNATING = "alternating"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Card:
    """The pictures of one row, by their index; `back` is None if there is only a front."""

    front: int
    back: int | None = None


# Names of the two sides at the end of a file's name: `007_a`, `007-1`, `007 recto`, `007 (front)`.
_SIDES: Final = (
    ("recto", "verso"),
    ("front", "back"),
    ("obverse", "reverse"),
    ("vorderseite", "rückseite"),
    ("vorne", "hinten"),
    ("a", "b"),
    ("r", "v"),
    ("f", "b"),
    ("1", "2"),
    ("01", "02"),
)
_WORDS: Final = "|".join(sorted({word for pair in _SIDES for word in pair}, key=len, reverse=True))
# A letter may follow a digit at once (`007a`); a number is a side only behind a separator.
_END: Final = re.compile(
    rf"(?P<card>.+?)(?:[\s_.(\[-]+(?P<side>{_WORDS}|\d+)[)\]]?|(?<=\d)(?P<letter>[abrv]))",
    re.IGNORECASE,
)
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def pair(names: Sequence[str], how: Pairing) -> tuple[Card, ...]:
    """The cards that pictures with these names show, in their order. Each is part of one card.

    By names, a picture without a partner is a card of its own, and so is each picture of a series
    (`-1`, `-2`, `-3`). Alternating, the last picture of an odd number has no back.
    """
    places = range(len(names))
    match how:
        case Pairing.NONE:
            return tuple(map(Card, places))
        case Pairing.ALTERNATING:
            return tuple(
                Card(front, front + 1 if front + 1 < len(names) else None) for front in places[::2]
            )
        case Pairing.NAMES:
            return tuple(_by_names(names))


def merge_sides(front: Sequence[FieldValue], back: Sequence[FieldValue]) -> tuple[FieldValue, ...]:
    """One value per field from both sides, in the order of `front`.

    A corrected value wins, then one that was read, then one known to be unreadable or blank. The
    front wins among equals. If the two sides have different texts, the value holds both.
    """
    behind = {value.name: value for value in back}
    return tuple(
        _merged(value, behind[value.name]) if value.name in behind else value for value in front
    )


_RANK: Final = (
    ValueState.CORRECTED,
    ValueState.READ,
    ValueState.UNREADABLE,
    ValueState.BLANK,
    ValueState.NOT_FOUND,
)


def _merged(front: FieldValue, back: FieldValue) -> FieldValue:
    if (front.state, front.text) == (back.state, back.text):
        return front
    if front.state is back.state is ValueState.READ:
        return replace(front, other=back.text or "").marked(Mark.SIDES_DIFFER)
    better = min(front, back, key=lambda value: _RANK.index(value.state))
    other = back if better is front else front
    # A required value may be on either side, so the mark that it is missing is removed.
    missing = Mark.REQUIRED in better.marks and other.text
    return replace(better, marks=()) if missing else better


def _by_names(names: Sequence[str]) -> Iterator[Card]:
    sides = []  # of each picture: the name of its card, and which side of it, "" if unknown
    for name in names:
        stem = _SUFFIX.sub("", name.strip()).casefold()
        found = _END.fullmatch(stem)
        sides.append((found["card"], found["side"] or found["letter"]) if found else (stem, ""))
    of_card: dict[str, dict[str, int]] = defaultdict(dict)
    for place, (card, side) in enumerate(sides):
        of_card[card].setdefault(side, place)
    for place, (card, side) in enumerate(sides):
        known = of_card[card]
        if known[side] != place:  # a second picture of the same side
            yield Card(place)
            continue
        front, back = _partners(side, known)
        if front is None:
            yield Card(place)
        elif front == place:
            yield Card(place, back)


def _partners(side: str, known: Mapping[str, int]) -> tuple[int | None, int | None]:
    """Front and back of the card that this side belongs to; None for both if it has no partner."""
    if any(other.isdecimal() and int(other) > 2 for other in known):
        return None, None
    for front, back in _SIDES:
        if side in {front, back} and front in known and back in known:
            return known[front], known[back]
    return None, None
