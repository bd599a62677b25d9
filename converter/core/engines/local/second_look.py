"""A second look at lines that were hard to read: the same print, cut out wider and sharper."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from math import log, prod
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.detection import Quad
from converter.core.engines.local.recognition import HEIGHT, Glyph

Glyphs = tuple[Glyph, ...]

SURE: Final = 0.9
"""Every character of a line that one look is enough for has at least this confidence."""
MISSED: Final = 0.02
"""And at most this chance of one more character beside it."""
PAD: Final = 0.08  # of the line's height, at each side across it
PAD_ALONG: Final = 0.1
STRETCH: Final = 1.12  # thin points and commas get a few more steps of the recogniser


def needs_second_look(glyphs: Glyphs) -> bool:
    """Whether any character was read with little confidence, or one may have been left out."""
    return any(
        glyph.missed > MISSED or (glyph.confidence < SURE and glyph.text != " ") for glyph in glyphs
    )


def widen(quad: Quad) -> Quad:
    """The corners (4, 2) of a line's box with a margin around it."""
    along, across = _unit(quad[1] - quad[0]), quad[3] - quad[0]
    side = along * PAD_ALONG * float(np.linalg.norm(across))
    up = across * PAD
    return np.array(
        [quad[0] - up - side, quad[1] - up + side, quad[2] + up + side, quad[3] + up - side],
        np.float32,
    )


def crop_large(pixels: NDArray[np.uint8], quad: Quad) -> NDArray[np.uint8]:
    """The part of the page inside `quad` at the recogniser's own height, a little stretched."""
    width = float(np.linalg.norm(quad[1] - quad[0]))
    height = max(1.0, float(np.linalg.norm(quad[3] - quad[0])))
    size = (max(1, round(width * HEIGHT / height * STRETCH)), HEIGHT)
    corners = np.array([[0, 0], [size[0], 0], size, [0, HEIGHT]], np.float32)
    crop = cv2.warpPerspective(
        pixels,
        cv2.getPerspectiveTransform(quad, corners),
        size,
        flags=cv2.INTER_CUBIC if height < 1.5 * HEIGHT else cv2.INTER_AREA,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return crop.astype(np.uint8, copy=False)


def settle(first: Glyphs, second: Glyphs) -> Glyphs:
    """The likelier of two readings; each character says whether the other reading has it too.

    Where the other has a character more, the ones beside it count as not seconded.
    """
    best, other = (second, first) if likelihood(second) > likelihood(first) else (first, second)
    agreed = [False] * len(best)
    matcher = SequenceMatcher(None, _texts(best), _texts(other), autojunk=False)
    changes = matcher.get_opcodes()
    for kind, start, end, _, _ in changes:
        agreed[start:end] = [kind == "equal"] * (end - start)
    for kind, start, _, _, _ in changes:
        if kind == "insert":
            beside = slice(max(0, start - 1), start + 1)
            agreed[beside] = [False] * len(agreed[beside])
    return tuple(replace(glyph, seconded=same) for glyph, same in zip(best, agreed, strict=True))


def likelihood(glyphs: Glyphs) -> float:
    """The logarithm of the chance that this is what stands there; least for no text at all."""
    if not glyphs:
        return float("-inf")
    read = prod(glyph.confidence for glyph in glyphs)
    whole = prod(1 - glyph.missed for glyph in glyphs)
    return log(max(read, 1e-300)) + log(max(whole, 1e-300)) / 2


def _texts(glyphs: Glyphs) -> list[str]:
    return [glyph.text for glyph in glyphs]


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / np.float32(max(1e-6, float(np.linalg.norm(vector))))
