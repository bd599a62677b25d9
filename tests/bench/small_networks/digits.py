"""The text on the lines that the network for numbers is trained on: numbers, and other text."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from pydoc_data.topics import topics
from random import Random
from typing import Final

from converter.core.engines.local.recognition.digits import SIGNS
from converter.core.engines.local.recognition.small_network import OTHER
from tests.bench.small_networks.fonts import OpenType, Phrase

LETTERS: Final = string.digits + string.ascii_letters + string.punctuation.replace("|", "")
"""Without the upright bar: beside a number it is a rule, which is no text."""
STRANGE: Final = "äöüßéèêçñøÅÉ°±\u00d7÷·•\u2013—“”\u2018\u2019…£€¥§©®™¹²³½¼¾αβγδμπσΔΣΩ≤≥≠≈→†‡¢«»"
WORDS: Final = sorted(set(re.findall(r"[A-Za-z][A-Za-z'-]*", " ".join(map(str, topics.values())))))
"""Of the documentation that comes with Python."""
SYLLABLES: Final = [start + vowel for start in "bcdfghjklmnprstvwyz" for vowel in "aeiou"]
LONGEST: Final = 18

DIGITS: Final = {"a": (1, 5), "b": (1, 3), "c": (3, 3), "d": (1, 2), "e": (2, 4), "f": (2, 2)}
FORMS: Final = {
    "a": 30, "b.b": 17, "b·b": 8, ".b": 7, "b,c": 8, "b,c,c": 3, "b,c.d": 1, "b c": 4, "d/d/e": 2,
    "d.d.e": 1, "d-d-e": 1, "d-e": 4, "18f": 1, "19f": 2, "20f": 1, "d:f": 4, "d": 6,
}  # fmt: skip
"""The forms of numbers and their weights; DIGITS has the number of digits of each letter."""
AROUND: Final = {
    "{}": 72, "({})": 8, "-{}": 6, "{}%": 6, "${}": 1, "£{}": 1, "€{}": 1, "{}*": 1, "{} -": 1,
    "{}a": 1, "{}kg": 1, "{} m": 1, "<{}": 1, "={}": 1,
}  # fmt: skip
WITH_BRACKETS: Final = ("{} ({})", "{} ({})", "{} ({}%)", "{}({})", "{} ({}-{})")
"""A number with what goes with it: a share, a deviation, the number of cases, an interval."""


class Numbers:
    """Draws numbers and other text, in any of some fonts."""

    def __init__(self, fonts: Sequence[OpenType]) -> None:
        self._fonts = fonts

    def __call__(self, rnd: Random) -> Phrase:
        while True:
            text, font = phrase(rnd), rnd.choice(self._fonts)
            if font.has(text):
                label = "".join(sign if sign in SIGNS else OTHER for sign in text)
                return Phrase(text, label, font)


def phrase(rnd: Random) -> str:
    """One line: mostly a number, else several, or words."""
    kind = rnd.random()
    if kind < 0.66:
        text = printed_number(rnd)
    elif kind < 0.70:
        text = " ".join(printed_number(rnd) for _ in range(rnd.randint(2, 3)))
    elif kind < 0.84:
        text = rnd.choice(WITH_BRACKETS).format(*(_bare_number(rnd) for _ in range(3)))
    else:
        words = [
            word(rnd) if rnd.random() < 0.85 else printed_number(rnd)
            for _ in range(rnd.randint(1, 2))
        ]
        text = " ".join(words)
        if rnd.random() <= 0.12:
            place = rnd.randrange(len(text))
            text = text[:place] + rnd.choice(STRANGE) + text[place + 1 :]
    return text[:LONGEST].strip()


def printed_number(rnd: Random) -> str:
    """A number in one of the ways in which tables have them."""
    return _drawn(rnd, AROUND).format(_bare_number(rnd))


def _bare_number(rnd: Random) -> str:
    text = ""
    for sign in _drawn(rnd, FORMS):
        if sign in DIGITS:
            text += "".join(rnd.choices(string.digits, k=rnd.randint(*DIGITS[sign])))
        else:
            text += sign
    return text


def word(rnd: Random) -> str:
    """A word, a name, an abbreviation or a row of signs."""
    kind = rnd.random()
    if kind < 0.5:
        text = rnd.choice(WORDS)
    elif kind < 0.8:
        text = "".join(rnd.choices(SYLLABLES, k=rnd.randint(1, 4)))
        text = text.capitalize() if rnd.random() < 0.6 else text
    elif kind < 0.92:
        text = "".join(rnd.choices(string.ascii_uppercase, k=rnd.randint(1, 5)))
    else:
        text = "".join(rnd.choices(LETTERS, k=rnd.randint(1, 6)))
    text = text.upper() if rnd.random() < 0.15 else text
    end = rnd.random()
    if end < 0.06:
        return text + rnd.choice(".,:;&/")
    return f"({text})" if end < 0.1 else text


def _drawn(rnd: Random, choices: dict[str, int]) -> str:
    return rnd.choices(list(choices), list(choices.values()))[0]
