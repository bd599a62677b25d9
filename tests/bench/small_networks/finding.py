"""Training data of the network that finds lines: parts of pages with the larger detector's output.

The larger one is the one in the rapidocr package: the small one learns to say the same (Hinton et
al., "Distilling the Knowledge in a Neural Network", 2015), also of pictures that were made worse
after the larger one had seen them.
"""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from converter.core.engines.local.detection.detection import packaged_likelihood
from converter.core.engines.local.detection.edges import STEP
from converter.core.engines.local.networks.model_files import DETECTOR, read_model
from converter.core.engines.local.networks.session import open_session
from tests.bench.small_networks.edge_maps import edge_maps
from tests.bench.small_networks.fonts import fonts_in
from tests.bench.small_networks.learning import Lesson, beside
from tests.bench.small_networks.networks import Detector
from tests.bench.small_networks.pages import Pages
from tests.bench.small_networks.views import ROOM, Viewer, worsened
from tests.bench.small_networks.words import Words, names

SIDE: Final = 640  # of the pictures that are made
SEEN: Final = 448  # of the part that is looked at, another one each time
AT_ONCE: Final = 8
MADE: Final = 6000  # pictures; making one takes as long as learning from eight parts
FIRST: Final = 200  # of them, before it begins
MIRRORED: Final = 0.3  # of the parts, left for right: what is below letters is not what is above
LOW: Final = 4.0  # pixels: the height of a line that has hardly any

Picture = NDArray[np.uint8]
Sample = tuple[Picture, Picture, NDArray[np.float16]]
"""A picture, where text is in it (0..255), and the edges of its lines (see `edge_maps`)."""
Floats = NDArray[np.float32]
Batch = tuple[Floats, Floats, Floats]
"""Gray of -1..1 and where text is, of 0..1: both (n, 1, SEEN, SEEN); and edges (n, 3, ...)."""


def lesson(fonts: Path, seed: int) -> Lesson[Batch]:
    return Lesson(Detector(), _batches(fonts, seed), loss_of)


def loss_of(network: nn.Module, batch: Batch) -> torch.Tensor:
    """Cross entropy, and Dice's coefficient (Milletari et al., "V-Net", 2016): text is a tenth.

    And how far edges are off, of the height of their line.
    """
    seen, text, lines = map(torch.from_numpy, batch)
    scores, edges = network(seen.to(memory_format=torch.channels_last))
    likely = scores.sigmoid()
    overlap = 2 * (likely * text).sum() / ((likely**2).sum() + (text**2).sum() + 1)
    height = lines[:, 2:]
    off = (edges - lines[:, :2]).abs() / height.clamp(min=LOW) * (height > 0)
    entropy = functional.binary_cross_entropy_with_logits(scores, text)
    return 3 * entropy + 1 - overlap + 4 * off.sum() / (2 * (height > 0).sum() + 1)


def _batches(fonts: Path, seed: int) -> Iterator[Batch]:
    rng = np.random.default_rng(seed)
    made = beside(_fill, fonts, seed)
    pool = [next(made) for _ in range(FIRST)]
    while True:
        if len(pool) < MADE:
            pool.append(next(made))
        parts = [_part(pool[place], rng) for place in rng.integers(0, len(pool), AT_ONCE)]
        seen, text, lines = (np.stack(each) for each in zip(*parts, strict=True))
        yield seen[:, None], text[:, None], lines


def _part(sample: Sample, rng: np.random.Generator) -> Batch:
    """A part of an image, sometimes mirrored, with its text and lines."""
    top, left = STEP * rng.integers(0, (SIDE - SEEN) // STEP + 1, 2)
    right = -1 if rng.random() < MIRRORED else 1
    cuts = (slice(top, top + SEEN), slice(left, left + SEEN))
    coarse = tuple(slice(cut.start // STEP, cut.stop // STEP) for cut in cuts)
    picture, text, lines = sample
    seen, there = (each[cuts][:, ::right] for each in (picture, text))
    edges = lines[:, *coarse][:, :, ::right]
    return worsened(seen, rng), there.astype(np.float32) / 255, edges.astype(np.float32)


def _fill(queue: Queue[Sample], fonts: Path, seed: int) -> None:
    cv2.setNumThreads(1)
    types = fonts_in(fonts)
    pages = Pages(types, Words(types, names(400)), seed, round(ROOM * SIDE))
    viewer = Viewer(seed, SIDE)
    teacher = open_session(read_model(DETECTOR))
    for _ in range(MADE):
        picture = viewer.picture(pages.ink())
        rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB), np.uint8)
        text = packaged_likelihood(teacher, rgb)
        lines = edge_maps(text).astype(np.float16)
        queue.put((picture, np.rint(text * 255).astype(np.uint8), lines))
