"""The two models that find and read text: through sessions of our own, or as rapidocr runs them."""

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
STOCK: Final = "converter.core.engines.local.rapidocr_fallback"

logger = logging.getLogger(__name__)


class TextModels(Protocol):
    """Finds the lines of a page and reads them; `name` is what a reading calls its model."""

    name: str

    def find(self, pixels: Pixels) -> list[Quad]:
        """Quadrilaterals around the lines of text on a page (h, w, 3 RGB), in its pixels."""
        ...

    def read(self, crops: Sequence[Gray]) -> list[tuple[Glyph, ...]]:
        """The characters of each crop (HEIGHT, w: one line of text), in their order."""
        ...


class PackagedModels:
    """The files in the rapidocr package, several times faster than by its own pipeline.

    Raises ValueError or KeyError if they are not laid out as expected, and what `read_model` and
    `open_session` raise.
    """

    name = MODEL

    def __init__(self) -> None:
        self._small_detector = SmallDetector()
        self._detector = open_session(read_model(DETECTOR))
        self._recogniser = Recogniser(read_model(RECOGNISER))

    def find(self, pixels: Pixels) -> list[Quad]:
        """By the small detector; by the large one what that is not sure of."""
        view = view_of(pixels)
        quads = self._small_detector.find(view.pixels)
        if quads is None:
            quads = quads_of(packaged_likelihood(self._detector, view.pixels))
        return view.placed(quads)

    def read(self, crops: Sequence[Gray]) -> list[tuple[Glyph, ...]]:
        return read_crops(self._recogniser, crops)


def open_models() -> TextModels:
    """The packaged models; where another version of the package is laid out otherwise, its API.

    Raises FileNotFoundError if the package was installed without models.
    """
    try:
        return PackagedModels()
    except Exception:  # onnxruntime has no common class for what it raises
        logger.warning("The text models run as rapidocr runs them, slower", exc_info=True)
        # by name, since importing all of rapidocr takes a second that is hardly ever needed
        return cast(TextModels, import_module(STOCK).RapidOcrModels())
