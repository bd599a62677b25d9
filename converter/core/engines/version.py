"""A version of the code: a reading depends on the image and on the code that read it."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

_CORE = Path(__file__).parent.parent


@cache
def code_version() -> str:
    """A short hash of all code and model weights that a reading may depend on."""
    files = (path for kind in ("*.py", "*.onnx") for path in _CORE.rglob(kind))
    sources = (path for path in files if "workbook" not in path.parts)
    digest = sha256()
    for path in sorted(sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
