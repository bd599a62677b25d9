"""Images of a page as a camera, a scanner or a screen shows it."""

from __future__ import annotations

from random import Random
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Gray = NDArray[np.uint8]
Floats = NDArray[np.float32]

ROOM: Final = 1.25
"""By the side of an image: how large a sheet must be, so that it can be turned and bent."""
SHOTS: Final = 0.2
"""The share of screenshots."""


class Viewer:
    """Makes square images of `side` pixels from sheets of ink (0..255), the same for a seed."""

    def __init__(self, seed: int, side: int) -> None:
        self._rnd = Random(seed)
        self._noise = np.random.default_rng(seed)
        self._side = side

    def picture(self, sheet: Image.Image) -> Gray:
        """Gray (side, side)."""
        rnd = self._rnd
        if rnd.random() < SHOTS:
            return self._on_screen(np.asarray(sheet))
        ink = self._placed(np.asarray(sheet))
        if rnd.random() < 0.15:
            ink = np.asarray(cv2.resize(cv2.resize(ink, None, fx=0.5, fy=0.5,
                interpolation=cv2.INTER_AREA), ink.shape[::-1]), np.uint8)  # fmt: skip
        return self._saved(self._lit(self._on_paper(self._worn(ink))))

    def _on_screen(self, ink: Gray) -> Gray:
        """A part of the sheet as a screen shows it, scaled to the size that the detector takes."""
        rnd, side = self._rnd, self._side
        shown = round(side / rnd.choice([1, 1, rnd.uniform(1, 2), rnd.uniform(1, 1.4)]))
        top, left = (rnd.randint(0, len(ink) - shown) for _ in range(2))
        paper, dark = rnd.choice([(255, 0), (255, 0), (rnd.randint(230, 255), rnd.randint(0, 90))])
        part = ink[top : top + shown, left : left + shown].astype(np.float32)
        seen = np.rint(paper + (dark - paper) * part / 255).astype(np.uint8)
        return np.asarray(cv2.resize(seen, (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)

    def _placed(self, ink: Gray) -> Gray:
        """A part of the sheet; sometimes on its side, rotated, in perspective or bent."""
        rnd, side = self._rnd, self._side
        size = ink.shape[0]
        if rnd.random() < 0.12:
            ink = np.ascontiguousarray(np.rot90(ink, rnd.randint(1, 3)))
        off = (size - side) / 2
        corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32) + off
        if rnd.random() < 0.5:
            turn = np.deg2rad(rnd.gauss(0, 1.2 if rnd.random() < 0.8 else 6))
            rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
            corners = ((corners - size / 2) @ rotation.T + size / 2).astype(np.float32)
        if rnd.random() < 0.25:
            pull = 0.06 * side
            corners += self._noise.uniform(-pull, pull, (4, 2)).astype(np.float32)
        flat = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
        view = cv2.getPerspectiveTransform(corners, flat)
        seen = np.asarray(cv2.warpPerspective(ink, view, (side, side)), np.uint8)
        if rnd.random() < 0.1:
            # lines that sag and rise, as on the page of a thick book
            x, y = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
            wave = np.sin(x / side * rnd.uniform(1, 5) + rnd.uniform(0, 6)) * rnd.uniform(3, 16)
            bent = cv2.remap(seen, x, y + wave.astype(np.float32), cv2.INTER_LINEAR)
            seen = np.asarray(bent, np.uint8)
        return seen

    def _worn(self, ink: Gray) -> Gray:
        """The ink after spreading or wear, with a faint page showing through."""
        rnd = self._rnd
        if rnd.random() < 0.2:
            kernel = np.ones((2, 2), np.uint8)
            ink = np.asarray(
                (cv2.dilate if rnd.random() < 0.7 else cv2.erode)(ink, kernel), np.uint8
            )
        if rnd.random() < 0.3:
            wear = np.clip(1.5 - rnd.uniform(0.2, 1.0) * self._clouds(4), 0.2, 1.1)
            ink = np.clip(ink * wear, 0, 255).astype(np.uint8)
        if rnd.random() < 0.08:
            behind = cv2.GaussianBlur(ink[:, ::-1], (0, 0), 1.5) * rnd.uniform(0.05, 0.25)
            ink = np.maximum(ink, behind.astype(np.uint8))
        return ink

    def _clouds(self, grain: int) -> Floats:
        """Random values of 0..1 that vary smoothly, over `grain` pixels."""
        side = self._side
        coarse = self._noise.random((side // grain, side // grain), np.float32)
        return np.asarray(
            cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC), np.float32
        )

    def _on_paper(self, ink: Gray) -> Floats:
        """Dark print on light paper of any contrast; sometimes with a table around the sheet."""
        rnd = self._rnd
        paper, dark = rnd.uniform(225, 255), rnd.uniform(0, 60)
        if rnd.random() < 0.5:
            paper = rnd.uniform(120, 255)
            dark = rnd.uniform(0, 0.6) * paper
        page = paper + (dark - paper) * ink.astype(np.float32) / 255
        if rnd.random() < 0.12:
            outside = self._clouds(rnd.choice([2, 8, 40])) * rnd.uniform(5, 80) + rnd.uniform(
                0, 150
            )
            page = np.where(self._sheet(), page, outside)
        return page

    def _sheet(self) -> NDArray[np.bool_]:
        """A mask (side, side) of the pixels inside a rotated sheet."""
        rnd, side = self._rnd, self._side
        corners = self._noise.uniform(-0.1, 0.12, (4, 2)) * side
        corners += np.array([[0, 0], [side, 0], [side, side], [0, side]])
        if rnd.random() < 0.5:
            corners[rnd.randrange(4)] *= rnd.uniform(0.6, 1)
        mask = np.zeros((side, side), np.uint8)
        cv2.fillPoly(mask, [corners.astype(np.int32)], (1,))
        return mask > 0

    def _lit(self, page: Floats) -> Floats:
        """Uneven light, shadow, grain."""
        rnd, side = self._rnd, self._side
        if rnd.random() < 0.3:
            fall = np.linspace(rnd.uniform(0.6, 1), 1, side, dtype=np.float32)
            page = page * (fall if rnd.random() < 0.5 else fall[:, None])
        if rnd.random() < 0.2:
            page = page * (1 - rnd.uniform(0.1, 0.4) * self._clouds(side // rnd.choice([2, 4, 8])))
        if rnd.random() < 0.4:
            cell = rnd.choice([1, 1, 2, 4])
            grain = self._noise.standard_normal((side // cell, side // cell), np.float32)
            page = page + grain.repeat(cell, 0).repeat(cell, 1) * rnd.uniform(2, 12)
        return page

    def _saved(self, page: Floats) -> Gray:
        """Out of focus, and saved with losses."""
        rnd = self._rnd
        if rnd.random() < 0.35:
            page = np.asarray(cv2.GaussianBlur(page, (0, 0), rnd.uniform(0.4, 1.6)), np.float32)
        seen = np.clip(page, 0, 255).astype(np.uint8)
        if rnd.random() < 0.3:
            quality = rnd.randint(25, 85)
            seen = as_jpeg(seen, quality)
        return seen


def as_jpeg(gray: Gray, quality: int) -> Gray:
    """The image (h, w) after JPEG compression."""
    _, saved = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(saved, cv2.IMREAD_GRAYSCALE), np.uint8)


def worsened(picture: Gray, rng: np.random.Generator) -> Floats:
    """The image as -1..1, sometimes less sharp, paler, darker or grainier."""
    seen = picture.astype(np.float32)
    if rng.random() < 0.15:
        seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.4, 1.0)), np.float32)
    if rng.random() < 0.4:
        seen = (seen - 128) * rng.uniform(0.6, 1.1) + 128 + rng.uniform(-30, 30)
    if rng.random() < 0.3:
        seen = seen + rng.standard_normal(seen.shape, np.float32) * rng.uniform(1, 8)
    return np.asarray(np.clip(seen, 0, 255) / 127.5 - 1, np.float32)
