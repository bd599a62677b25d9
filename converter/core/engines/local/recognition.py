"""What a line of text says: a CTC recogniser over crops of one height, in batches of one width."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

HEIGHT: Final = 48
BUCKET: Final = 32
MAX_WIDTH: Final = 3200
BATCH: Final = 16
BATCH_COLUMNS: Final = 2560  # bounds the (batch, steps, 18 710) output to about 24 MB


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character; `x` is its middle as a share (0..1) of the crop's width."""

    text: str
    x: float
    confidence: float


def certainty(glyphs: Sequence[Glyph]) -> float:
    """The chance (0..1) that all these characters are right; 1 for none."""
    return math.prod(glyph.confidence for glyph in glyphs if glyph.text != " ")


def read_crops(
    session: ort.InferenceSession, crops: Sequence[NDArray[np.uint8]]
) -> list[tuple[Glyph, ...]]:
    """The characters of each crop (h, w, 3 RGB, one line of text), in the order of the crops."""
    characters = session_characters(session)
    read: list[tuple[Glyph, ...]] = [()] * len(crops)
    for width, batch in _batches(crops):
        tensor = np.zeros((len(batch), 3, HEIGHT, width), np.float32)
        used = [_fill(tensor[place], crops[index]) for place, index in enumerate(batch)]
        (scores,) = session.run(None, {"x": tensor})
        for place, index in enumerate(batch):
            read[index] = decode(scores[place], characters, used[place] / width)
    return read


def session_characters(session: ort.InferenceSession) -> list[str]:
    """The alphabet in the model's own metadata, between CTC's blank and the space."""
    listed = session.get_modelmeta().custom_metadata_map["character"]
    return ["", *listed.split("\n"), " "]


def decode(
    scores: NDArray[np.float32], characters: Sequence[str], used: float
) -> tuple[Glyph, ...]:
    """Greedy CTC: the best class of each step, repeats merged, blanks dropped.

    `scores` is (steps, classes); `used` is the share of the steps that shows the crop, the rest is
    padding. Graves et al., "Connectionist Temporal Classification", ICML 2006.
    """
    best = scores.argmax(axis=1)
    steps = len(best)
    glyphs = []
    start = 0
    while start < steps:
        end = start + 1
        while end < steps and best[end] == best[start]:
            end += 1
        label = int(best[start])
        if label:
            x = min(1.0, (start + end) / 2 / steps / used)
            confidence = float(scores[start:end, label].max())
            glyphs.append(Glyph(characters[label], x, confidence))
        start = end
    return tuple(glyphs)


def _batches(crops: Sequence[NDArray[np.uint8]]) -> Iterator[tuple[int, list[int]]]:
    widths = [_bucket(crop) for crop in crops]
    order = sorted(range(len(crops)), key=widths.__getitem__)
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and _fits(end - start + 1, widths[order[end]]):
            if widths[order[end]] > widths[order[start]] + BUCKET:
                break
            end += 1
        yield widths[order[end - 1]], order[start:end]
        start = end


def _fits(count: int, width: int) -> bool:
    return count <= BATCH and count * width <= BATCH_COLUMNS


def _bucket(crop: NDArray[np.uint8]) -> int:
    """The width of the batch that a crop goes to, in steps that waste little on padding."""
    return max(BUCKET, math.ceil(_scaled_width(crop) / BUCKET) * BUCKET)


def _scaled_width(crop: NDArray[np.uint8]) -> int:
    height, width = int(crop.shape[0]), int(crop.shape[1])
    return max(1, min(MAX_WIDTH, math.ceil(width * HEIGHT / height)))


def _fill(place: NDArray[np.float32], crop: NDArray[np.uint8]) -> int:
    width = _scaled_width(crop)
    resized = cv2.resize(crop, (width, HEIGHT), interpolation=cv2.INTER_LINEAR)
    place[:, :, :width] = resized[:, :, ::-1].transpose(2, 0, 1) / np.float32(127.5) - np.float32(1)
    return width
