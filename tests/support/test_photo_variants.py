from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from converter.core.engines.local.engine import LocalEngine
from converter.core.engines.protocol import ReadRequest
from converter.core.images import PageImage
from tests.core.engines.local.printed import grid_of
from tests.support import photo_variants
from tests.support.photo_variants import VARIANTS, vary
from tests.support.pictures import table_png

ROWS = [
    ("Country", "Stores", "Growth", "Opened"),
    *(
        (name, f"{17 + 83 * n}", f"{n}.{9 - n}%", f"{1969 + 7 * n}")
        for n, name in enumerate(("Austria", "Finland", "Ireland", "Sweden", "Denmark", "Greece"))
    ),
]


@pytest.fixture(scope="module")
def engine() -> LocalEngine:
    return LocalEngine()


def drawn(ruled: bool) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(table_png(ROWS, ruled=ruled))))


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_reads_like_its_original(engine: LocalEngine, name: str, ruled: bool) -> None:
    reading = engine.read(PageImage("photo", vary(name, drawn(ruled))), ReadRequest())
    assert [grid_of(table) for table in reading.tables] == [[list(row) for row in ROWS]]


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_are_the_same_every_time(name: str) -> None:
    pixels = drawn(True)
    varied = vary(name, pixels, "a")
    assert (varied == vary(name, pixels, "a")).all()
    assert varied.dtype == np.uint8
    assert varied.shape != pixels.shape or (varied != pixels).any()


def test_a_folder_of_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("images", "gt"):
        (tmp_path / "in" / part).mkdir(parents=True)
    (tmp_path / "in/images/a.png").write_bytes(table_png(ROWS))
    (tmp_path / "in/gt/a.html").write_text("<table></table>")
    paths = [str(tmp_path / "in"), str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", ["photo_variants", *paths, "skew"])
    photo_variants.main()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["skew"]
    assert (tmp_path / "out/skew/gt/a.html").exists()
    with Image.open(tmp_path / "out/skew/images/a.png") as image:
        assert image.mode == "RGB"
