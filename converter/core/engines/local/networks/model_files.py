"""The files of the text models: those in the installed rapidocr package, and our own.

Loads neither the package nor onnxruntime, so that a check of what is there costs nothing.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

DETECTOR: Final = "PP-OCRv6_det_small.onnx"
RECOGNISER: Final = "PP-OCRv6_rec_small.onnx"


def missing_models() -> list[str]:
    """The names of the packaged models that are not installed."""
    spec = find_spec("rapidocr")
    folders = [
        Path(folder) / "models" for folder in (spec and spec.submodule_search_locations) or ()
    ]
    wanted = (DETECTOR, RECOGNISER)
    return [name for name in wanted if not any((folder / name).is_file() for folder in folders)]


def read_model(name: str) -> bytes:
    """A model file of the installed rapidocr package.

    Raises FileNotFoundError if the package was installed without its models.
    """
    path = files("rapidocr") / "models" / name
    if not path.is_file():
        raise FileNotFoundError(f"the text model {name} is missing; install rapidocr again")
    return path.read_bytes()


def read_own_model(name: str) -> bytes:
    """A model file beside this module. Raises FileNotFoundError if it is not there."""
    return (files("converter.core.engines.local.networks") / name).read_bytes()
