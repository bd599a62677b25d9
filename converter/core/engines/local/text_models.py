"""The two models that find and read text: in sessions of our own, or through rapidocr's API."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib import import_module
from typing import Final, Protocol, cast

from converter.core.engines.local.boxes import Quad
from converter.core.engines.local.detection import packaged_likelihood, quads_of, view_of
from converter.core.engines.local.glyphs import Glyph
from converter.core.engines.local.model_files import DETECTOR, RECOGNISER, read_model
from converter.core.engines.local.pictures import Gray, Pixels
from converter.core.engines.local.recogniser import Recogniser
from converter.core.engines.local.recognition import read_crops
from converter.core.engines.local.session import open_session
from converter.core.engines.local.small_detector import SmallDetector

MODEL: Final = "PP-OCRv6 small"
FALLBACK: Final = "converter.core.engines.local.rapidocr_fallback"

logger = logging.getLogger(__name__)


class TextModels(Protocol):
    """Finds the lines of a page and reads them; `name` is the model's name in a `Reading`."""

    name: str

    def find(self, pixels: Pixels) -> list[Quad]:
        """Quadrilaterals around the lines of text on a page (h, w, 3 RGB), in its pixels."""
        ...

    def read(self, crops: Sequence[Gray]) -> list[tuple[Glyph, ...]]:
        """The characters of each crop (HEIGHT, w: one line of text), in the order of the crops."""
        ...


class PackagedModels:
    """The models in the rapidocr package, several times faster than in its own pipeline.

    Raises ValueError or KeyError if their files are not laid out as expected, and the errors of
    `read_model` and `open_session`.
    """

    name = MODEL

    def __init__(self) -> None:
        self._small_detector = SmallDetector()
        self._detector = open_session(read_model(DETECTOR))
        self._recogniser = Recogniser(read_model(RECOGNISER))

    def find(self, pixels: Pixels) -> list[Quad]:
        """By the small detector, or by the large one if the small one is not sure."""
        view = view_of(pixels)
        quads = self._small_detector.find(view.pixels)
        if quads is None:
            quads = quads_of(packaged_likelihood(self._detector, view.pixels))
        return view.placed(quads)

    def read(self, crops: Sequence[Gray]) -> list[tuple[Glyph, ...]]:
        return read_crops(self._recogniser, crops)


def open_models() -> TextModels:
    """The packaged models, or rapidocr's API if their files are not laid out as expected.

    Raises FileNotFoundError if the package was installed without models.
    """
    try:
        return PackagedModels()
    except Exception:  # onnxruntime has no common class for what it raises
        logger.warning("The text models run as rapidocr runs them, slower", exc_info=True)
        # by name, since importing all of rapidocr takes a second and is hardly ever needed
        return cast(TextModels, import_module(FALLBACK).RapidOcrModels())
