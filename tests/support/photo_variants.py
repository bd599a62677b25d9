"""Pictures as phones, scanners and dark screens deliver them, made from clean ones.

`python -m tests.support.photo_variants IN_FOLDER OUT_FOLDER [VARIANT …]` takes images/ and gt/ of a
folder and writes OUT_FOLDER/VARIANT/images/ and gt/, which `make bench SET=…` can measure. What a
picture becomes depends on its name and its pixels alone.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zlib import crc32

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
"""Places in a picture, (n, 2): x and y in pixels."""
Move = Callable[[Points], Points]
"""Where in the variant the places of the original are."""
Variant = Callable[[Pixels, np.random.Generator], tuple[Pixels, Move]]

DESK: Final = (96, 84, 72)
TILT: Final = 0.05  # of the longer side, by which each corner of a photographed page moves


def vary(name: str, pixels: Pixels, seed: str = "") -> Pixels:
    """One variant of a picture (h, w, 3 RGB)."""
    return vary_and_move(name, pixels, seed)[0]


def vary_and_move(name: str, pixels: Pixels, seed: str = "") -> tuple[Pixels, Move]:
    """One variant of a picture, and where the places of the picture went."""
    return VARIANTS[name](pixels, np.random.default_rng(crc32(f"{name} {seed}".encode())))


def perspective(pixels: Pixels, random: np.random.Generator) -> tuple[Pixels, Move]:
    """A page on a desk, photographed by a hand that is not quite above it."""
    paper, margin = _with_margin(pixels)
    height, width = paper.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    reach = TILT * max(width, height)
    moved = corners + random.uniform(0, reach, (4, 2)) * [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return _warped(paper, matrix), _by_matrix(matrix, margin)


def skew(pixels: Pixels, random: np.random.Generator) -> tuple[Pixels, Move]:
    """A page that went through the scanner askew, by one to four degrees."""
    paper, margin = _with_margin(pixels)
    height, width = paper.shape[:2]
    degrees = random.choice((-1, 1)) * random.uniform(1, 4)
    matrix = np.eye(3)
    matrix[:2] = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.94)
    return _warped(paper, matrix), _by_matrix(matrix, margin)


def curl(pixels: Pixels, random: np.random.Generator) -> tuple[Pixels, Move]:
    """A page that does not lie flat: its lines bow, most of all towards one side."""
    paper, margin = _with_margin(pixels)
    height, width = paper.shape[:2]
    depth = random.uniform(0.01, 0.02) * width * random.choice((-1, 1))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    bend = random.uniform(0.8, 1.2)

    def bow(x: NDArray[np.floating]) -> NDArray[np.floating]:
        return depth * (np.cos(np.pi * x / width * bend) + (x / width) ** 2)

    def move(points: Points) -> Points:
        shifted = points + margin
        shifted[:, 1] -= bow(shifted[:, 0])
        return shifted

    map_y = (y + bow(x)).astype(np.float32)
    bowed = cv2.remap(paper, x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return _pixels(bowed), move


def shadow(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Uneven light, and the soft edge of a hand's shadow across the page."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    angle = random.uniform(0, 2 * np.pi)
    across = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle)
    light = 0.85 + 0.25 * across - 0.35 / (1 + np.exp(-30 * (across - random.uniform(-0.2, 0.2))))
    return _pixels(pixels * light[:, :, None])


def blur(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A picture slightly out of focus."""
    return _pixels(cv2.GaussianBlur(pixels, (0, 0), random.uniform(0.7, 1.0)))


def jpeg(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A picture that a messenger pressed together."""
    quality = int(random.integers(25, 45))
    _, data = cv2.imencode(".jpg", pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return _pixels(cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1])


def low_resolution(pixels: Pixels, random: np.random.Generator) -> tuple[Pixels, Move]:
    """A picture that was scaled down to fit a page on the web."""
    scale = random.uniform(0.6, 0.75)
    smaller = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _pixels(smaller), lambda points: points * scale


def dark(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Light text on a dark screen."""
    ground = random.integers(12, 45, 3)
    return _pixels(ground + (255 - pixels.astype(np.float32)) * (235 - ground) / 255)


def noise(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A picture taken in poor light."""
    return _pixels(pixels + random.normal(0, random.uniform(6, 14), pixels.shape))


def phone(pixels: Pixels, random: np.random.Generator) -> tuple[Pixels, Move]:
    """All that a hasty photo has at once, each a little: tilt, bow, shadow, noise, compression."""
    bowed, bow = curl(pixels, random)
    tilted, tilt = perspective(bowed, random)
    photo = shadow(tilted, random)
    grainy = _pixels(photo + random.normal(0, 4, photo.shape))
    return jpeg(grainy, random), lambda points: tilt(bow(points))


def _turned(quarters: int) -> Variant:
    """The picture turned clockwise by quarters."""

    def turned(pixels: Pixels, random: np.random.Generator) -> tuple[Pixels, Move]:
        height, width = pixels.shape[:2]

        def move(points: Points) -> Points:
            x, y = points.T
            places = {1: (height - y, x), 2: (width - x, height - y), 3: (y, width - x)}
            return np.stack(places[quarters], axis=1)

        return np.ascontiguousarray(np.rot90(pixels, -quarters)), move

    return turned


def _in_place(change: Callable[[Pixels, np.random.Generator], Pixels]) -> Variant:
    """A variant that changes colours only."""
    return lambda pixels, random: (change(pixels, random), lambda points: points)


VARIANTS: Final[dict[str, Variant]] = {
    "perspective": perspective,
    "skew": skew,
    "curl": curl,
    "shadow": _in_place(shadow),
    "blur": _in_place(blur),
    "jpeg": _in_place(jpeg),
    "noise": _in_place(noise),
    "low_resolution": low_resolution,
    "dark": _in_place(dark),
    "phone": phone,
    "turned_90": _turned(1),
    "turned_180": _turned(2),
    "turned_270": _turned(3),
}


def _with_margin(pixels: Pixels) -> tuple[Pixels, int]:
    """The picture on paper of its own colour, so that bending it loses nothing; the margin."""
    margin = round(0.05 * max(pixels.shape[:2]))
    edges = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    paper = np.median(edges, axis=0).tolist()
    sides = (margin, margin, margin, margin)
    return _pixels(cv2.copyMakeBorder(pixels, *sides, cv2.BORDER_CONSTANT, value=paper)), margin


def _warped(pixels: Pixels, matrix: NDArray[np.float64]) -> Pixels:
    height, width = pixels.shape[:2]
    return _pixels(
        cv2.warpPerspective(
            pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=DESK
        )
    )


def _by_matrix(matrix: NDArray[np.float64], margin: int) -> Move:
    def move(points: Points) -> Points:
        return cv2.perspectiveTransform((points + margin)[None], matrix)[0]

    return move


def _pixels(values: NDArray[np.generic]) -> Pixels:
    return np.ascontiguousarray(np.clip(values, 0, 255).astype(np.uint8))


def main() -> None:
    source, target, *names = sys.argv[1:]
    for name in names or VARIANTS:
        for image in sorted((Path(source) / "images").iterdir()):
            _write(name, image, Path(target) / name)


def _write(name: str, image: Path, folder: Path) -> None:
    for part in ("images", "gt"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    pixels = vary(name, np.asarray(Image.open(image).convert("RGB")), image.stem)
    Image.fromarray(pixels).save(folder / "images" / f"{image.stem}.png")
    shutil.copy(image.parents[1] / "gt" / f"{image.stem}.html", folder / "gt")


if __name__ == "__main__":
    main()
