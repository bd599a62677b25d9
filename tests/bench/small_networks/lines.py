"""Lines of print as a page shows them: set in many types, worn, ruled, blurred, badly cut out."""

from __future__ import annotations

from random import Random
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from converter.core.engines.local.small_network import HEIGHT, OTHER
from tests.bench.small_networks.fonts import Phrase, Phrases
from tests.bench.small_networks.views import as_jpeg

Gray = NDArray[np.uint8]

SIZES: Final = (10, 12, 14, 16, 18, 20, 24, 28, 32, 44)
"""Of letters, in pixels."""
TURNED: Final = dict(zip("0689() ·-:", "0986)( ·-:", strict=True))
"""What is the same or another sign on its head."""


class Printer:
    """Prints lines without end, the same for the same seed."""

    def __init__(
        self, phrases: Phrases, seed: int, widest: int = 430, on_their_heads: float = 0.01
    ) -> None:
        self._phrases = phrases
        self._widest = widest
        self._on_their_heads = on_their_heads
        self._rnd = Random(seed)
        self._noise = np.random.default_rng(seed)

    def line(self) -> tuple[Gray, str]:
        """A crop (HEIGHT, w) and what a reader should say to it."""
        while True:
            phrase = self._phrases(self._rnd)
            ink = self._printed(phrase)
            if ink is None:
                continue
            label = phrase.label
            if self._rnd.random() < self._on_their_heads:
                label = "".join(TURNED.get(sign, OTHER) for sign in reversed(label))
                ink = np.ascontiguousarray(ink[::-1, ::-1])
            return self._on_paper(ink), label

    def _printed(self, phrase: Phrase) -> Gray | None:
        """The ink (0..255) of a line, cut out as a detector would; None if it is too long."""
        text, size = phrase.text, self._rnd.choice(SIZES)
        font = phrase.type(size)
        spread = self._rnd.choice([0, 0, 0, 1, 2]) if self._rnd.random() < 0.15 else 0
        width = int(sum(font.getlength(sign) + spread for sign in text)) + 4 * size
        canvas = Image.new("L", (width, 4 * size), 0)
        draw = ImageDraw.Draw(canvas)
        x, y = float(size), 1.2 * size
        for part in text if spread else [text]:
            draw.text((x, y), part, 255, font=font)
            x += font.getlength(part) + spread
        box = canvas.point(lambda value: 255 * (value > 60)).getbbox()
        if box is None:
            return None
        left, top, right, bottom = (float(edge) for edge in box)
        grow = max(0.0, 0.5 * size - (bottom - top)) / 2  # a dash has a box as high as a letter
        top, bottom = top - grow, bottom + grow
        if self._rnd.random() < 0.35:
            step = size * self._rnd.uniform(1.0, 1.35)
            for above in (y - step, y + step):
                start = size * self._rnd.uniform(-1, 1.5)
                draw.text((start, above), self._phrases(self._rnd).text, 255, font)
        self._rule(draw, size, (left, top, right, bottom))
        return self._cut_out(self._spoilt(np.asarray(canvas), size), (left, top, right, bottom))

    def _rule(
        self, draw: ImageDraw.ImageDraw, size: int, box: tuple[float, float, float, float]
    ) -> None:
        """Rules of a table, below or above the line and at its ends."""
        rnd, (left, top, right, bottom) = self._rnd, box
        high = bottom - top
        thick = max(1, round(size / rnd.uniform(14, 26)))
        if rnd.random() < 0.2:
            off = rnd.uniform(0.08, 0.3) * high
            at = rnd.choice([top - off, bottom + off])
            draw.line([(0, at), (right + 2 * size, at)], 255, thick)
        for side, way in ((left, -1), (right, 1)):
            if rnd.random() < 0.25:
                at = side + way * rnd.uniform(0.08, 0.4) * high
                lean = rnd.gauss(0, 0.03) * size
                draw.line([(at, 0), (at + lean, 4 * size)], rnd.randint(120, 255), thick)

    def _spoilt(self, ink: Gray, size: int) -> Gray:
        """Ink that ran, wore off in places, or is out of focus."""
        rnd = self._rnd
        if rnd.random() < 0.3:
            kernel = np.ones(
                (2, 2) if size < 30 else rnd.choice([(2, 2), (3, 3), (2, 3)]), np.uint8
            )
            swell = rnd.random() < 0.6 or size < 20
            ink = np.asarray((cv2.dilate if swell else cv2.erode)(ink, kernel), np.uint8)
        if rnd.random() < 0.45:
            coarse = self._noise.random((ink.shape[0] // 4, ink.shape[1] // 4), np.float32)
            wear = cv2.resize(coarse, ink.shape[::-1], interpolation=cv2.INTER_CUBIC)
            left = np.clip(1.5 - rnd.uniform(0.2, 1.1) * np.asarray(wear), 0.15, 1.1)
            ink = np.clip(ink * left, 0, 255).astype(np.uint8)
        if rnd.random() < 0.3:
            blur = rnd.uniform(0.4, max(0.5, 0.06 * size))
            ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), blur), np.uint8)
        return ink

    def _cut_out(self, ink: Gray, box: tuple[float, float, float, float]) -> Gray | None:
        """The line with uneven margins, a little slanted, wider or narrower than it is."""
        rnd, (left, top, right, bottom) = self._rnd, box
        high = bottom - top
        up, down = (rnd.uniform(-0.04, 0.42) * high for _ in range(2))
        before, after = (rnd.uniform(-0.02, 0.45) * high for _ in range(2))
        wide, tall = right - left + before + after, high + up + down
        tilt = rnd.gauss(0, 0.02) * min(right - left, 3 * high)
        width = max(8, round(wide * HEIGHT / tall * rnd.uniform(0.85, 1.2)))
        if width > self._widest:
            return None
        x, y = left - before, top - up
        quad = [[x, y], [x + wide, y + tilt], [x + wide, y + tall + tilt], [x, y + tall]]
        times = max(1, int(tall / HEIGHT))
        size = width * times, HEIGHT * times
        corners = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
        crop = cv2.warpPerspective(
            ink, cv2.getPerspectiveTransform(np.array(quad, np.float32), corners), size
        )
        crop = cv2.resize(crop, (width, HEIGHT), interpolation=cv2.INTER_AREA)
        return np.asarray(crop, np.uint8)

    def _on_paper(self, ink: Gray) -> Gray:
        """Ink on paper, clean or gray, in uneven light, with grain, and saved with losses."""
        rnd = self._rnd
        paper, dark = rnd.uniform(225, 255), rnd.uniform(0, 60)
        if rnd.random() < 0.5:
            paper = rnd.uniform(130, 255)
            dark = rnd.uniform(0, 0.55) * paper
        page = paper + (dark - paper) * ink.astype(np.float32) / 255
        page = 255 - page if rnd.random() < 0.06 else page
        if rnd.random() < 0.3:
            page += np.linspace(-1, 1, page.shape[1], dtype=np.float32) * rnd.uniform(-25, 25)
        if rnd.random() < 0.4:
            cell = rnd.choice([1, 1, 2, 4])
            shape = -(-page.shape[0] // cell), -(-page.shape[1] // cell)
            grain = self._noise.standard_normal(shape, np.float32).repeat(cell, 0).repeat(cell, 1)
            page += grain[: page.shape[0], : page.shape[1]] * rnd.uniform(2, 16)
        if rnd.random() < 0.2:
            page = np.asarray(cv2.GaussianBlur(page, (0, 0), rnd.uniform(0.3, 1.1)), np.float32)
        line = np.clip(page, 0, 255).astype(np.uint8)
        if rnd.random() < 0.25:
            quality = rnd.randint(25, 80)
            line = as_jpeg(line, quality)
        return line
