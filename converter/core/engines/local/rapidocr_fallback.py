"""The text models through rapidocr's public API: slower, but held to no file names or metadata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import onnxruntime as ort
from rapidocr import RapidOCR

from converter.core.engines.local.boxes import Quad
from converter.core.engines.local.cropping import HEIGHT, MAX_WIDTH
from converter.core.engines.local.detection import input_size
from converter.core.engines.local.glyphs import Glyph
from converter.core.engines.local.pictures import Gray, Pixels

PARAMETERS: Final = {
    "Global.use_cls": False,
    "Global.return_word_box": True,
    "Global.log_level": "error",
    "Global.use_preprocess_img": False,  # it refuses long strips
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "Det.limit_type": "max",
    "Det.limit_side_len": 1600,
}
LONGEST: Final = MAX_WIDTH // HEIGHT
"""How many times as long as high a line may be: longer ones are pressed together."""


class RapidOcrModels:
    """Raises FileNotFoundError where rapidocr would fetch what its package lacks."""

    def __init__(self) -> None:
        self.name = f"RapidOCR {version('rapidocr')}"
        self._ocr = RapidOCR(params=PARAMETERS | packaged_files(Path(str(files("rapidocr")))))

    def find(self, pixels: Pixels) -> list[Quad]:
        height, width = pixels.shape[:2]
        size = input_size(width, height)
        found = self._ocr(_as_bgr(pixels, size), use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        scale = np.array([width / size[0], height / size[1]], np.float32)
        return [] if boxes is None else [np.asarray(box, np.float32) * scale for box in boxes]

    def read(self, crops: Sequence[Gray]) -> list[tuple[Glyph, ...]]:
        return [self._read(crop) for crop in crops]

    def _read(self, crop: Gray) -> tuple[Glyph, ...]:
        height, width = crop.shape
        size = (min(width, height * LONGEST), height)
        read: Any = self._ocr(
            _as_bgr(cv2.cvtColor(crop, cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False), size),
            use_det=False,
            use_cls=False,
            use_rec=True,
            return_word_box=True,
        )
        if not read.txts or not read.txts[0]:
            return ()
        return glyphs_of(read.txts[0], read.scores[0], places_of(read.word_results[0]))


@dataclass(frozen=True, slots=True)
class Places:
    """Where on the crop the characters but blanks stand (0..1), and how sure all of them are."""

    xs: tuple[float, ...] = ()
    confidences: tuple[float, ...] = ()


def packaged_files(package: Path) -> dict[str, str]:
    """The models (and the alphabet, if it is a file) in a rapidocr package, by parameter.

    Named, they are taken as they are; otherwise rapidocr would fetch what it misses.
    """
    recogniser = _packaged(package, "*rec*.onnx")
    chosen = {"Det.model_path": _packaged(package, "*det*.onnx"), "Rec.model_path": recogniser}
    if "character" not in ort.InferenceSession(recogniser).get_modelmeta().custom_metadata_map:
        chosen["Rec.rec_keys_path"] = _packaged(package, "*.txt")
    return chosen


def _packaged(package: Path, pattern: str) -> str:
    found = sorted((package / "models").glob(pattern))
    if not found:
        raise FileNotFoundError(f"there is no models/{pattern} in rapidocr; install it again")
    return str(found[-1])


def places_of(words: Any) -> Places:
    """The places in what rapidocr says about the words of a line; none if it says it otherwise."""
    columns = [column for word in getattr(words, "word_cols", ()) for column in word]
    total = getattr(words, "line_txt_len", 0)
    if not columns or not total:
        return Places()
    xs = tuple(min(1.0, (column + 0.5) / total) for column in columns)
    return Places(xs, tuple(getattr(words, "confs", ())))


def glyphs_of(text: str, score: float, places: Places) -> tuple[Glyph, ...]:
    """The characters of a line, each at its place; evenly spread where the places are not known.

    `score` is the mean confidence, for characters whose own is not known.
    """
    sure = places.confidences if len(places.confidences) == len(text) else (score,) * len(text)
    return tuple(map(Glyph, text, _spread(text, places.xs), map(float, sure)))


def _spread(text: str, xs: Sequence[float]) -> list[float]:
    """A place for each character from those of all but the blanks, which stand between."""
    solid = [place for place, character in enumerate(text) if not character.isspace()]
    if len(solid) != len(xs):
        return [(place + 0.5) / len(text) for place in range(len(text))]
    spread = np.interp(range(len(text)), [-1, *solid, len(text)], [0.0, *xs, 1.0])
    return [float(x) for x in spread]


def _as_bgr(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """A picture (h, w, 3 RGB) scaled to (width, height), in the order that rapidocr takes."""
    scaled = cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(scaled[:, :, ::-1].astype(np.uint8, copy=False))
