"""The text of one cell from its pieces: a word that a line's end parts becomes whole again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from converter.core.engines.local.fragments import Fragment

PARTED: Final = re.compile(r"(?P<word>\b[^\W\d_]+)(?<=[a-zà-ÿ]{2})-$")
SIGN: Final = re.compile(r"[.,;:](\s|$)")
WHOLE: Final = re.compile(
    r"anti|cross|full|half|high|long|low|multi|non|part|post|pre|self|semi|short|well",
    re.IGNORECASE,
)
"""What most often has a hyphen of its own."""


def join_text(fragments: Sequence[Fragment]) -> str:
    """The text of fragments (one cell's, as they are read), in one line."""
    text = fragments[0].text if fragments else ""
    for before, fragment in pairwise(fragments):
        text = _joined(text, fragment.text, next_line=fragment.box.top > before.middle)
    return text


def _joined(text: str, more: str, *, next_line: bool) -> str:
    parted = PARTED.search(text) if next_line and more[:1].islower() else None
    if parted:
        return (text if WHOLE.fullmatch(parted["word"]) else text[:-1]) + more
    return text + more if SIGN.match(more) else f"{text} {more}"
