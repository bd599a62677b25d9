"""The network that was cut reads what it reads in one piece."""

from __future__ import annotations

import numpy as np
import onnxruntime as ort
import pytest
from PIL import Image, ImageDraw, ImageFont

from converter.core.engines.local.networks.model_files import RECOGNISER, read_model
from converter.core.engines.local.networks.session import open_session
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.recognition.cropping import HEIGHT
from converter.core.engines.local.recognition.recogniser import Recogniser
from converter.core.engines.local.recognition.recognition import decode

LATIN = ["1,234.50 ± 0.7", "Überzählig §3", "7 µm ≤ 0.05", "-"]
FIELD, WORK, MIDDLE = "田", "工", "中"
STROKES = {  # (x, y) from the top left of each sign, in a square of 28
    FIELD: [[(3, 4), (25, 4), (25, 26), (3, 26), (3, 4)], [(14, 4), (14, 26)], [(3, 15), (25, 15)]],
    WORK: [[(3, 5), (25, 5)], [(14, 5), (14, 25)], [(0, 25), (28, 25)]],
    MIDDLE: [[(3, 8), (25, 8), (25, 19), (3, 19), (3, 8)], [(14, 0), (14, 28)]],
}
STRANGE = [f"{FIELD} 4.5", f"12 {WORK}", f"{MIDDLE}{FIELD}{WORK}"]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(read_model(RECOGNISER))


@pytest.fixture(scope="module")
def whole() -> ort.InferenceSession:
    return open_session(read_model(RECOGNISER))


def crops(lines: list[str]) -> np.ndarray:
    """The lines in a batch for the network."""
    tensor = np.zeros((len(lines), 3, HEIGHT, 320), np.float32)
    for place, line in enumerate(lines):
        image = Image.new("L", (320, HEIGHT), "white")
        write(ImageDraw.Draw(image), line)
        tensor[place] = np.asarray(image, np.float32) / 127.5 - 1
    return tensor


def write(draw: ImageDraw.ImageDraw, line: str) -> None:
    """By the font that is always there; what it lacks is drawn stroke by stroke."""
    font, x = ImageFont.load_default(32), 6.0
    for sign in line:
        for stroke in STROKES.get(sign, ()):
            draw.line([(x + across, 10 + down) for across, down in stroke], "black", 3)
        if sign not in STROKES:
            draw.text((x, 4), sign, "black", font)
        x += 32 if sign in STROKES else font.getlength(sign)


def read_whole(whole: ort.InferenceSession, tensor: np.ndarray) -> list[tuple[Glyph, ...]]:
    listed = whole.get_modelmeta().custom_metadata_map["character"]
    alphabet = ["", *listed.split("\n"), " "]
    (scores,) = whole.run(None, {"x": tensor})
    return [decode(line, alphabet, 1.0) for line in scores]


@pytest.mark.parametrize("lines", [LATIN, STRANGE, [*LATIN, *STRANGE]])
def test_the_cut_network_reads_as_the_whole_one(
    recogniser: Recogniser, whole: ort.InferenceSession, lines: list[str]
) -> None:
    tensor = crops(lines)
    cut = [decode(line.scores, line.alphabet, 1.0) for line in recogniser.score(tensor)]
    for seen, known in zip(cut, read_whole(whole, tensor), strict=True):
        assert [glyph.text for glyph in seen] == [glyph.text for glyph in known]
        for glyph, other in zip(seen, known, strict=True):
            assert glyph.confidence == pytest.approx(other.confidence, abs=0.02)
            assert glyph.missed == pytest.approx(other.missed, abs=0.005)


def test_all_characters_are_scored_only_where_the_common_ones_do_not_settle(
    recogniser: Recogniser,
) -> None:
    latin, strange = recogniser.score(crops(["1,234.50 kg", f"{MIDDLE}{FIELD}"]))
    assert len(latin.alphabet) < 1000
    assert len(strange.alphabet) > 18_000
    read = [glyph.text for glyph in decode(strange.scores, strange.alphabet, 1.0)]
    assert read == [MIDDLE, FIELD]
