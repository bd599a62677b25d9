"""A small network of our own that reads lines of print: gray crops, few signs, CTC.

It costs a fraction of what the packaged recogniser does. What it is not sure of is left to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.boxes import Quad
from converter.core.engines.local.cropping import Framing, cut_out, frame
from converter.core.engines.local.glyphs import Glyphs, without_ends
from converter.core.engines.local.model_files import read_own_model
from converter.core.engines.local.pictures import Gray
from converter.core.engines.local.recognition import batches, decode
from converter.core.engines.local.session import open_session

HEIGHT: Final = 32
OTHER: Final = "\0"
"""What it says of any sign that it does not know."""

TRUST: Final = 0.98
"""The most to believe a character: small networks are surer than they have reason to be, and the
weights of `confidence` were fitted to a larger one."""
TRUST_ON_CLEAR: Final = 0.995
"""The same on a page whose print the large one reads without a doubt."""


class SmallNetwork:
    """Made in the main thread. Raises FileNotFoundError where the model is not with the code."""

    def __init__(self, model: str, signs: str) -> None:
        self._alphabet = ["", *signs, OTHER]  # CTC's blank first
        self._session = open_session(read_own_model(model))

    def look(self, gray: Gray, quads: Sequence[Quad], framing: Framing) -> list[Glyphs]:
        """What stands at each of `quads` of a page (h, w); OTHER where it saw a strange sign.

        The places of characters are shares of the crop's width.
        """
        read: list[Glyphs] = [()] * len(quads)
        crops = [cut_out(gray, frame(quad, framing), framing.stretch, HEIGHT) for quad in quads]
        for width, batch in batches([crop.shape[1] for crop in crops]):
            scores = self._score([crops[index] for index in batch], width)
            for index, chances in zip(batch, scores, strict=True):
                used = crops[index].shape[1] / width
                read[index] = without_ends(decode(chances, self._alphabet, used))
        return read

    def _score(self, crops: Sequence[Gray], width: int) -> NDArray[np.float32]:
        """The chances (crops, steps, characters) along each crop."""
        tensor = np.zeros((len(crops), 1, HEIGHT, width), np.float32)
        for place, crop in enumerate(crops):
            tensor[place, 0, :, : crop.shape[1]] = crop * np.float32(1 / 127.5) - np.float32(1)
        return np.asarray(self._session.run(None, {"x": tensor})[0], np.float32)


def is_sure(glyphs: Glyphs, least: float, missed: float) -> bool:
    """Whether all characters are believed in that much, and none more than that is `missed`."""
    return all(glyph.confidence >= least and glyph.missed <= missed for glyph in glyphs)


def trusted(glyphs: Glyphs, most: float) -> Glyphs:
    """The same with at most so much confidence in a character."""
    return tuple(glyph._replace(confidence=min(most, glyph.confidence)) for glyph in glyphs)


def agree(first: Glyphs, second: Glyphs) -> Glyphs:
    """What two readings say both, with their mean confidence; nothing if they differ."""
    if [glyph.text for glyph in first] != [glyph.text for glyph in second]:
        return ()
    return tuple(
        one._replace(
            confidence=(one.confidence + other.confidence) / 2,
            missed=(one.missed + other.missed) / 2,
            seconded=True,
        )
        for one, other in zip(first, second, strict=True)
    )
