"""The text models through rapidocr's public API: slower, but independent of how it names files."""

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

from converter.core.engines.local.detection.views import size_at, usual_times
from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.picture.pictures import Gray, Pixels
from converter.core.engines.local.recognition.cropping import HEIGHT, MAX_WIDTH

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
"""The largest ratio of a line's width to its height: longer lines are compressed to it."""


class RapidOcrModels:
    """Raises FileNotFoundError if rapidocr would download a file that its package lacks."""

    def __init__(self) -> None:
        self.name = f"RapidOCR {version('rapidocr')}"
        self._ocr = RapidOCR(params=PARAMETERS | packaged_files(Path(str(files("rapidocr")))))

    def find(self, pixels: Pixels) -> list[Quad]:
        height, width = pixels.shape[:2]
        size = size_at(width, height, usual_times(width, height))
        found = self._ocr(_as_bgr(pixels, size), use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        scale = np.array([width / size[0], height / size[1]], np.float32)
        return [] if boxes is None else [np.asarray(box, np.float32) * scale for box in boxes]

    def read(self, crops: Sequence[Gray]) -> list[tuple[Glyph, ...]]:
        lines: list[tuple[Glyph, ...]] = []
        for crop in crops:
            height, width = crop.shape
            size = (min(width, height * LONGEST), height)
            colours = cv2.cvtColor(crop, cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)
            read: Any = self._ocr(
                _as_bgr(colours, size),
                use_det=False,
                use_cls=False,
                use_rec=True,
                return_word_box=True,
            )
            if read.txts and read.txts[0]:
                places = places_of(read.word_results[0])
                lines.append(glyphs_of(read.txts[0], read.scores[0], places))
            else:
                lines.append(())
        return lines


@dataclass(frozen=True, slots=True)
class Places:
    """The x of each character but spaces as a share (0..1) of the crop, and all confidences."""

    xs: tuple[float, ...] = ()
    confidences: tuple[float, ...] = ()


def packaged_files(package: Path) -> dict[str, str]:
    """The models (and the alphabet, if it is a file) in a rapidocr package, by parameter.

    Given their paths, rapidocr uses these files; otherwise it would download those it misses.
    Raises FileNotFoundError if one is missing.
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
    """The places in rapidocr's result for the words of a line; none if its format is different."""
    columns = [column for word in getattr(words, "word_cols", ()) for column in word]
    total = getattr(words, "line_txt_len", 0)
    if not columns or not total:
        return Places()
    xs = tuple(min(1.0, (column + 0.5) / total) for column in columns)
    return Places(xs, tuple(getattr(words, "confs", ())))


def glyphs_of(text: str, score: float, places: Places) -> tuple[Glyph, ...]:
    """The characters of a line, each at its place; evenly spread if the places are not known.

    `score` is the mean confidence, for characters whose own confidence is not known.
    """
    size = len(text)
    sure = places.confidences if len(places.confidences) == size else (score,) * size
    # only the places of characters are known: those of spaces lie between
    solid = [place for place, character in enumerate(text) if not character.isspace()]
    if len(solid) == len(places.xs):
        spread = np.interp(range(size), [-1, *solid, size], [0.0, *places.xs, 1.0]).tolist()
    else:
        spread = [(place + 0.5) / size for place in range(size)]
    return tuple(map(Glyph, text, spread, map(float, sure)))


def _as_bgr(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """An image (h, w, 3 RGB) scaled to (width, height), as BGR, which rapidocr takes."""
    scaled = cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(scaled[:, :, ::-1].astype(np.uint8, copy=False))
