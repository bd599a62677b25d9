"""A small network of our own that reads lines of print: gray crops, few characters, CTC.

It takes a fraction of the time of the packaged recogniser, which reads what it is not sure of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from converter.core.engines.local.networks.model_files import read_own_model
from converter.core.engines.local.networks.session import open_session
from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.page.glyphs import Glyphs, without_ends
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.recognition.cropping import Framing, cut_out, frame
from converter.core.engines.local.recognition.recognition import batches, decode

HEIGHT: Final = 32
OTHER: Final = "\0"
"""Its output for any character that it does not know."""

TRUST: Final = 0.98
"""The highest confidence of a character: small networks are overconfident, and the weights of
`confidence` were fitted to a larger one."""
TRUST_ON_CLEAR: Final = 0.995
"""The same on a page whose print the large network reads without doubt."""


class SmallNetwork:
    """Make it in the main thread. Raises FileNotFoundError if the model file is missing."""

    def __init__(self, model: str, signs: str) -> None:
        self._alphabet = ["", *signs, OTHER]  # CTC's blank first
        self._session = open_session(read_own_model(model))

    def look(self, gray: Gray, quads: Sequence[Quad], framing: Framing) -> list[Glyphs]:
        """The text at each of `quads` of a page (h, w), with OTHER for unknown characters.

        `x` of the characters is a share of the crop's width.
        """
        read: list[Glyphs] = [()] * len(quads)
        crops = [cut_out(gray, frame(quad, framing), framing.stretch, HEIGHT) for quad in quads]
        for width, batch in batches([crop.shape[1] for crop in crops]):
            tensor = np.zeros((len(batch), 1, HEIGHT, width), np.float32)
            for place, index in enumerate(batch):
                crop = crops[index]
                tensor[place, 0, :, : crop.shape[1]] = crop * np.float32(1 / 127.5) - np.float32(1)
            scores = np.asarray(self._session.run(None, {"x": tensor})[0], np.float32)
            for index, along in zip(batch, scores, strict=True):  # (steps, characters) of a crop
                used = crops[index].shape[1] / width
                read[index] = without_ends(decode(along, self._alphabet, used))
        return read


def is_sure(glyphs: Glyphs, least: float, missed: float) -> bool:
    """Whether each confidence is at least `least`, and each `missed` at most the one given."""
    return all(glyph.confidence >= least and glyph.missed <= missed for glyph in glyphs)


def trusted(glyphs: Glyphs, most: float) -> Glyphs:
    """The characters with a confidence of at most `most`."""
    return tuple(glyph._replace(confidence=min(most, glyph.confidence)) for glyph in glyphs)


def agree(first: Glyphs, second: Glyphs) -> Glyphs:
    """The text of two equal readings, with their mean confidence; empty if they differ."""
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
