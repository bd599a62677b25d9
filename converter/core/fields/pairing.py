"""Front and back: which pictures show the two sides of one card, and what both say together."""

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
    """One row to be: the places of its pictures in their order, from 0; `back` None without one."""

    front: int
    back: int | None = None


# What the two sides are called at the end of a name: `007_a`, `007-1`, `007 recto`, `007 (front)`.
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
# A letter may follow a figure at once (`007a`); a figure is a side only behind a sign of its own.
_END: Final = re.compile(
    rf"(?P<card>.+?)(?:[\s_.(\[-]+(?P<side>{_WORDS}|\d+)[)\]]?|(?<=\d)(?P<letter>[abrv]))",
    re.IGNORECASE,
)
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def pair(names: Sequence[str], how: Pairing) -> tuple[Card, ...]:
    """The cards that pictures of these names, in their order, are sides of.

    By names, a picture without a partner is a card alone, and so is each of a series (`-1`, `-2`,
    `-3`). Alternating, the last of an odd number has no back. Each picture is in one card.
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

    What a person corrected wins, then what was read, then what is known to be unreadable or blank.
    The front wins among equals; where both sides read different texts, the value says both.
    """
    behind = {value.name: value for value in back}
    return tuple(_merged(value, behind.get(value.name)) for value in front)


_RANK: Final = (
    ValueState.CORRECTED,
    ValueState.READ,
    ValueState.UNREADABLE,
    ValueState.BLANK,
    ValueState.NOT_FOUND,
)


def _merged(front: FieldValue, back: FieldValue | None) -> FieldValue:
    if back is None or (front.state, front.text) == (back.state, back.text):
        return front
    if front.state is back.state is ValueState.READ:
        return replace(front, other=back.text or "").marked(Mark.SIDES_DIFFER)
    better = min(front, back, key=lambda value: _RANK.index(value.state))
    other = back if better is front else front
    # What one side lacks the other need not have, so the mark that it is missing goes.
    missing = Mark.REQUIRED in better.marks and other.text
    return replace(better, marks=()) if missing else better


def _by_names(names: Sequence[str]) -> Iterator[Card]:
    sides = [_side(name) for name in names]
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
    """Front and back of the card that this side belongs to; Nones if it stands alone."""
    if any(other.isdecimal() and int(other) > 2 for other in known):
        return None, None
    for front, back in _SIDES:
        if side in {front, back} and front in known and back in known:
            return known[front], known[back]
    return None, None


def _side(name: str) -> tuple[str, str]:
    """What a picture shows, and which side of it; "" if the name tells none."""
    stem = _SUFFIX.sub("", name.strip())
    found = _END.fullmatch(stem)
    if not found:
        return stem.casefold(), ""
    side = found["side"] or found["letter"]
    return found["card"].casefold(), side.casefold()
