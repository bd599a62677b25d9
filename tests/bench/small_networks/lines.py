"""Lines of print as on pages: in many fonts, worn, ruled, blurred, badly cropped."""

from __future__ import annotations

from random import Random
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from converter.core.engines.local.recognition.small_network import HEIGHT, OTHER
from converter.core.tables.model import Box
from tests.bench.small_networks.fonts import Font, Phrase, Phrases
from tests.bench.small_networks.views import as_jpeg

Gray = NDArray[np.uint8]

SIZES: Final = (10, 12, 14, 16, 18, 20, 24, 28, 32, 44)
"""Of letters, in pixels."""
COARSE_SIZES: Final = 7.5, 12.0
"""The least and the greatest size of letters at 72 dpi, on thumbnails and distant photos. On an
image that was scaled down, letters have other shapes than a screen draws at such a size."""
CROWDED: Final = 0.35
COARSE_CROWDED: Final = 0.2
"""The share of lines that have others close above and below them."""
ROOM: Final = 0.42
COARSE_ROOM: Final = 0.55
"""By the height of its ink: the most paper above and below a line."""
TURNED: Final = dict(zip("0689() ·-:", "0986)( ·-:", strict=True))
"""Characters that are the same or another one upside down."""


class Printer:
    """Prints any number of lines, the same for the same seed.

    `on_their_heads` and `coarse` are the shares of lines that are upside down or in coarse print,
    `pieces` the share of ends with a piece of the text beside the line.
    """

    def __init__(
        self,
        phrases: Phrases,
        seed: int,
        widest: int = 430,
        on_their_heads: float = 0.01,
        coarse: float = 0.0,
        pieces: float = 0.0,
    ) -> None:
        self._phrases = phrases
        self._widest = widest
        self._on_their_heads = on_their_heads
        self._coarse = coarse
        self._pieces = pieces
        self._rnd = Random(seed)
        self._noise = np.random.default_rng(seed)

    def line(self) -> tuple[Gray, str]:
        """A crop (HEIGHT, w) and its label: the text that a reader should return."""
        while True:
            phrase = self._phrases(self._rnd)
            is_coarse = self._rnd.random() < self._coarse
            ink = self._printed(phrase, self._rnd.choice([3, 4]) if is_coarse else 1)
            if ink is None:
                continue
            label = phrase.label
            if self._rnd.random() < self._on_their_heads:
                label = "".join(TURNED.get(sign, OTHER) for sign in reversed(label))
                ink = np.ascontiguousarray(ink[::-1, ::-1])
            return (self._on_screen if is_coarse else self._on_paper)(ink), label

    def _printed(self, phrase: Phrase, times: int) -> Gray | None:
        """The ink (0..255) of a line, cropped as by a detector; None if it is too long.

        A coarse line is first printed this many `times` larger.
        """
        text, rnd = phrase.text, self._rnd
        is_coarse = times > 1
        size = round(times * rnd.uniform(*COARSE_SIZES)) if is_coarse else rnd.choice(SIZES)
        font = phrase.type(size)
        spread = rnd.choice([0, 0, 0, 1, 2]) if rnd.random() < 0.15 else 0
        width = int(sum(font.getlength(sign) + spread for sign in text)) + 4 * size
        canvas = Image.new("L", (width, 4 * size), 0)
        draw = ImageDraw.Draw(canvas)
        x, y = float(size), 1.2 * size
        for part in text if spread else [text]:
            draw.text((x, y), part, 255, font=font)
            x += font.getlength(part) + spread
        inked = canvas.point(lambda value: 255 * (value > 60)).getbbox()
        if inked is None:
            return None
        box = Box(*map(float, inked))
        grow = max(0.0, 0.5 * size - box.height) / 2  # a dash has a box as high as a letter
        box = Box(box.left, box.top - grow, box.right, box.bottom + grow)
        if rnd.random() < (COARSE_CROWDED if is_coarse else CROWDED):
            step = size * rnd.uniform(1.0, 1.35)
            for above in (y - step, y + step):
                start = size * rnd.uniform(-1, 1.5)
                draw.text((start, above), self._phrases(rnd).text, 255, font)
        self._rule(draw, size, box, times)
        before, after = self._margins(draw, (box.left, y, box.right), font)
        room = COARSE_ROOM if is_coarse else ROOM
        up, down = (rnd.uniform(-0.03, room) * box.height for _ in range(2))
        cut = Box(box.left - before, box.top - up, box.right + after, box.bottom + down)
        ink = np.asarray(canvas)
        if is_coarse:
            return self._cut_out(self._shrunk(ink, times), Box(*(edge / times for edge in cut)))
        return self._cut_out(self._spoilt(ink, size), cut)

    def _margins(
        self, draw: ImageDraw.ImageDraw, line: tuple[float, float, float], font: Font
    ) -> list[float]:
        """The margins of a crop before and after a `line` (left, y, right), in pixels.

        Some hold a piece of the text in the next column, which is not to be read: it is farther
        away than a letter of the same word would be.
        """
        rnd, (left, y, right) = self._rnd, line
        margins = []
        for side in (left, right):
            margin = rnd.uniform(-0.02, 0.34) * font.size
            if rnd.random() < self._pieces:
                gap, text = rnd.uniform(0.3, 0.6) * font.size, self._phrases(rnd).text
                start = side - gap - font.getlength(text) if side == left else side + gap
                draw.text((start, y), text, 255, font)
                margin = gap + rnd.uniform(0, 0.25) * font.size
            margins.append(margin)
        return margins

    def _rule(
        self,
        draw: ImageDraw.ImageDraw,
        size: int,
        box: Box,
        hair: int,
    ) -> None:
        """Rules of a table, below or above the line and at its ends, none thinner than a `hair`."""
        rnd, high = self._rnd, box.height
        thick = max(hair, round(size / rnd.uniform(14, 26)))
        if rnd.random() < 0.2:
            off = rnd.uniform(0.08, 0.3) * high
            at = rnd.choice([box.top - off, box.bottom + off])
            draw.line([(0, at), (box.right + 2 * size, at)], 255, thick)
        for side, way in ((box.left, -1), (box.right, 1)):
            if rnd.random() < 0.25:
                at = side + way * rnd.uniform(0.08, 0.4) * high
                lean = rnd.gauss(0, 0.03) * size
                draw.line([(at, 0), (at + lean, 4 * size)], rnd.randint(120, 255), thick)

    def _shrunk(self, ink: Gray, times: int) -> Gray:
        """A line this many times smaller, each pixel the mean of the original ones."""
        rnd = self._rnd
        small = (round(ink.shape[1] / times), round(ink.shape[0] / times))
        ink = np.asarray(cv2.resize(ink, small, interpolation=cv2.INTER_AREA), np.uint8)
        if rnd.random() < 0.3:
            ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), rnd.uniform(0.3, 0.7)), np.uint8)
        if rnd.random() < 0.3:
            ink = np.clip(ink * rnd.uniform(1.0, 1.6), 0, 255).astype(np.uint8)
        return 255 - as_jpeg(255 - ink, rnd.randint(40, 90)) if rnd.random() < 0.3 else ink

    def _spoilt(self, ink: Gray, size: int) -> Gray:
        """The ink after spreading, wear, or loss of focus."""
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

    def _cut_out(self, ink: Gray, cut: Box) -> Gray | None:
        """A part of the ink, slightly slanted, stretched or compressed."""
        rnd, wide, tall = self._rnd, cut.width, cut.height
        tilt = rnd.gauss(0, 0.015) * min(wide, 3 * tall)
        width = max(8, round(wide * HEIGHT / tall * rnd.uniform(0.85, 1.2)))
        if width > self._widest:
            return None
        x, y = cut.left, cut.top
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

    def _on_screen(self, ink: Gray) -> Gray:
        """Ink on white or one tone, as on a screenshot."""
        rnd = self._rnd
        paper, dark = 255.0, rnd.uniform(0, 90)
        if rnd.random() < 0.25:
            paper = rnd.uniform(150, 255)
            dark = rnd.uniform(0, 0.5) * paper
        page = paper + (dark - paper) * ink.astype(np.float32) / 255
        if rnd.random() < 0.07:
            page = 255 - page
        if rnd.random() < 0.1:
            page += self._noise.standard_normal(page.shape, np.float32) * rnd.uniform(2, 10)
        return np.clip(page, 0, 255).astype(np.uint8)
