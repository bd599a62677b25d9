"""Recorded pages, varied: print missed, moved or parted, ruling lines missed, the page cut."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.structure.evidence import Evidence
from converter.core.engines.local.structure.ruled_boxes import Segments
from tests.bench.structure.recording import Labels

MISSED: Final = (0.0, 0.0, 0.0, 0.01, 0.03, 0.08)
JITTER: Final = (0.0, 0.01, 0.03, 0.06)
PARTED: Final = (0.02, 0.05, 0.15)
LEAST: Final = 4


def varied(
    evidence: Evidence, labels: Labels, random: np.random.Generator
) -> tuple[Evidence, Labels]:
    """A page as a detector might have found it, too."""
    if random.random() < 0.3:
        evidence, labels = _parted(evidence, labels, random)
    count = len(evidence)
    kept = random.random(count) >= random.choice(MISSED)
    if random.random() < 0.15:
        kept &= _cut(evidence, random)
    places = np.flatnonzero(kept) if kept.sum() >= LEAST else np.arange(count)
    moved = random.normal(0, evidence.height * random.choice(JITTER), (count, 4))
    horizontal, vertical = evidence.horizontal, evidence.vertical
    ruled = evidence.ruled
    if random.random() < 0.1:
        horizontal, vertical = (_some(lines, random) for lines in (horizontal, vertical))
        ruled = np.where(random.random((count, 1)) < 0.3, np.float32(np.nan), ruled)
    even = random.random() < 0.1
    across, down = np.exp(random.normal(0, (0.12, 0.08))) if random.random() < 0.5 else (1.0, 1.0)
    corners = np.array([across, down, across, down], np.float32)
    ground = np.full_like(evidence.ground, np.median(evidence.ground)) if even else evidence.ground
    changed = replace(
        evidence,
        boxes=((evidence.boxes + moved)[places] * corners).astype(np.float32),
        texts=tuple(evidence.texts[place] for place in places),
        ground=ground[places],
        contrast=evidence.contrast[places],
        weight=evidence.weight[places],
        ruled=ruled[places] * corners,
        horizontal=horizontal * np.array([down, across, across], np.float32),
        vertical=vertical * np.array([across, down, down], np.float32),
        height=evidence.height * down,
    )
    roles = tuple(labels.roles[place] for place in places)
    return changed, Labels(labels.places[places], labels.joined[places], roles)


def _parted(
    evidence: Evidence, labels: Labels, random: np.random.Generator
) -> tuple[Evidence, Labels]:
    """A page with wide blanks between some words, as justified lines and headings have them."""
    share = random.choice(PARTED)
    chosen = [
        place
        for place, text in enumerate(evidence.texts)
        if " " in text and not labels.joined[place] and random.random() < share
    ]
    boxes, texts = evidence.boxes.copy(), list(evidence.texts)
    more, rest = [], []
    for place in chosen:
        text = texts[place]
        spaces = [at for at, sign in enumerate(text) if sign == " "]
        at = int(random.choice(spaces))
        left, top, right, bottom = boxes[place]
        middle = left + (right - left) * (at + 0.5) / len(text)
        half = min(
            0.4 * random.random() * evidence.height, (middle - left) / 2, (right - middle) / 2
        )
        boxes[place, 2] = middle - half
        more.append((middle + half, top, right, bottom))
        texts[place] = text[:at]
        rest.append(text[at + 1 :])
    places = np.array([*range(len(texts)), *chosen], np.intp)
    changed = replace(
        evidence,
        boxes=np.concatenate([boxes, np.array(more, np.float32).reshape(-1, 4)]),
        texts=(*texts, *rest),
        ground=evidence.ground[places],
        contrast=evidence.contrast[places],
        weight=evidence.weight[places],
        ruled=evidence.ruled[places],
    )
    roles = tuple(labels.roles[place] for place in places)
    return changed, Labels(labels.places[places], labels.joined[places], roles)


def _cut(evidence: Evidence, random: np.random.Generator) -> NDArray[np.bool_]:
    """The pieces that are on the part of a page which remains after a cut at the top or bottom."""
    tops, bottoms = evidence.boxes[:, 1], evidence.boxes[:, 3]
    low, high = float(tops.min()), float(bottoms.max())
    at = low + (high - low) * random.uniform(0.1, 0.5)
    return tops > at if random.random() < 0.5 else bottoms < high + low - at


def _some(lines: Segments, random: np.random.Generator) -> Segments:
    return lines[random.random(len(lines)) > random.choice([0.1, 0.3, 1.0])]
