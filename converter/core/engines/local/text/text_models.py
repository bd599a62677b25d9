"""The two models that find and read text: in sessions of our own, or through rapidocr's API."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib import import_module
from typing import Final, Protocol, cast

from converter.core.engines.local.detection.detection import packaged_likelihood, quads_of
from converter.core.engines.local.detection.print_size import wanted_growth
from converter.core.engines.local.detection.small_detector import Look, SmallDetector
from converter.core.engines.local.detection.tiles import keep, lines_inside, lines_outside
from converter.core.engines.local.detection.views import (
    View,
    most_times,
    size_at,
    usual_times,
    view_of,
)
from converter.core.engines.local.networks.model_files import DETECTOR, RECOGNISER, read_model
from converter.core.engines.local.networks.session import open_session
from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.picture.pictures import Gray, Pixels
from converter.core.engines.local.recognition.recogniser import Recogniser
from converter.core.engines.local.recognition.recognition import read_crops

MODEL: Final = "PP-OCRv6 small"
LOOKS: Final = 3
"""The size of print is surer with each look; the third is hardly ever needed."""
FALLBACK: Final = "converter.core.engines.local.text.rapidocr_fallback"

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
        """By the small detector, or by the large one where the small one is not sure."""
        view, look = self._look(pixels)
        doubtful = look.doubtful()
        quads = lines_outside(look.lines(), doubtful)
        if doubtful:
            # beside a doubtful tile, a line across its border goes on
            likelihood = look.likelihood
            for tile in doubtful:
                keep(likelihood, packaged_likelihood(self._detector, view.pixels[tile.seen]), tile)
            quads += lines_inside(quads_of(likelihood), doubtful, quads)
        return view.placed(quads)

    def _look(self, pixels: Pixels) -> tuple[View, Look]:
        """The picture at a size that suits its print, and what the small detector sees of it."""
        height, width = pixels.shape[:2]
        times, most = usual_times(width, height), most_times(width, height)
        for _ in range(LOOKS):
            view = view_of(pixels, times)
            look = self._small_detector.look(view.pixels)
            better = min(most, times * wanted_growth(look.print_height))
            if size_at(width, height, better) == size_at(width, height, times):
                break
            times = better
        return view, look

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
