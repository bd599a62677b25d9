"""Front and back: which pictures show the two sides of one card, and the values of both merged."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
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
    merged = []
    for value in front:
        other = behind.get(value.name, value)
        if (value.state, value.text) == (other.state, other.text):
            merged.append(value)
        elif value.state is other.state is ValueState.READ:
            merged.append(replace(value, other=other.text or "").marked(Mark.SIDES_DIFFER))
        else:
            better = min(value, other, key=lambda side: _RANK.index(side.state))
            worse = other if better is value else value
            # A required value may be on either side, so the mark that it is missing is removed.
            found = Mark.REQUIRED in better.marks and worse.text
            merged.append(replace(better, marks=()) if found else better)
    return tuple(merged)


_RANK: Final = (
    ValueState.CORRECTED,
    ValueState.READ,
    ValueState.UNREADABLE,
    ValueState.BLANK,
    ValueState.NOT_FOUND,
)


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
        is_series = any(other.isdecimal() and int(other) > 2 for other in known)
        pairs = (pair for pair in _SIDES if side in pair and known.keys() >= {*pair})
        partners = None if is_series else next(pairs, None)
        if partners is None:
            yield Card(place)
        elif side == partners[0]:
            yield Card(place, known[partners[1]])
