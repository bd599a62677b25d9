"""The files of the text models in the installed rapidocr package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

DETECTOR: Final = "PP-OCRv6_det_small.onnx"
RECOGNISER: Final = "PP-OCRv6_rec_small.onnx"


def missing_models() -> list[str]:
    """What is not there of the models. Loads nothing, not even the package."""
    spec = find_spec("rapidocr")
    folders = [
        Path(folder) / "models" for folder in (spec and spec.submodule_search_locations) or ()
    ]
    wanted = (DETECTOR, RECOGNISER)
    return [name for name in wanted if not any((folder / name).is_file() for folder in folders)]
