"""What kind of text a piece of print is, as numbers; what it says does not matter."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from converter.core.engines.local.structure.evidence import Values

FIGURE: Final = re.compile(r"[\s$€£¥<>≤≥~±(+\-\u2013\u2212]*\d[\d.,'\s]*[\s)%*†‡]{0,3}")
BLANK: Final = re.compile(r"[-\u2013—\u2212.…*]+|n\.?/?a\.?|nil", re.IGNORECASE)
CURRENCY: Final = re.compile(r"[\s(]*(?:[$€£¥₹]|USD|EUR|GBP)[\s(]*")
YEAR: Final = re.compile(r"(?:19|20)\d\d(?:[-/\u2013]\d{2,4})?")
DATE: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}:\d\d")
CAPTION: Final = re.compile(
    r"(?:table|fig(?:ure)?|exhibit|appendix|schedule|chart|annex|box)\b", re.IGNORECASE
)
NOTE: Final = re.compile(
    r"(?:notes?|sources?|legend|abbreviations?)\b|[*†‡§]|\(?[a-f1-9]\)\s?[A-Z]", re.IGNORECASE
)
BULLET: Final = re.compile(r"[•▪·○‣]|[-\u2013] |\(?[a-z0-9]{1,2}[.)]\s|\d+(?:\.\d+)+\s")
TOTAL: Final = re.compile(
    r"(?:grand |sub-?)?total\b|net\b|sum\b|average\b|mean\b|summe\b", re.IGNORECASE
)

PATTERNS: Final = (FIGURE, BLANK, CURRENCY, YEAR, DATE)
"""A whole text is of such a kind."""
STARTS: Final = (CAPTION, NOTE, BULLET, TOTAL)
"""A text starts like such a kind."""
OPENING: Final = "($€£¥*†‡+-\u2013"
CLOSING: Final = "):.,-%;†"
COUNT: Final = 7 + len(PATTERNS) + len(STARTS) + len(OPENING) + len(CLOSING)


def text_kinds(texts: Sequence[str]) -> Values:
    """The kinds of texts: (n, COUNT)."""
    return np.array([_kinds(text.strip()) for text in texts], np.float32).reshape(-1, COUNT)


def _kinds(text: str) -> list[float]:
    length = max(1, len(text))
    digits = sum(sign.isdigit() for sign in text) / length
    letters = sum(sign.isalpha() for sign in text) / length
    capitals = sum(sign.isupper() for sign in text) / length
    first, last = text[:1], text[-1:]
    kinds = [
        math.log1p(len(text)) / 4,
        digits,
        letters,
        capitals,
        math.log1p(text.count(" ")) / 3,
        float(first.isupper()),
        float(first.islower()),
    ]
    kinds += [float(bool(pattern.fullmatch(text))) for pattern in PATTERNS]
    kinds += [float(bool(pattern.match(text))) for pattern in STARTS]
    kinds += [float(first == sign) for sign in OPENING]
    return kinds + [float(last == sign) for sign in CLOSING]
