"""The models are loaded once for all tests that read pictures."""

from __future__ import annotations

import pytest

from converter.core.engines.local.engine import LocalEngine
from converter.core.engines.local.text.text import TextReader


@pytest.fixture(scope="session")
def reader() -> TextReader:
    return TextReader()


@pytest.fixture(scope="session")
def engine() -> LocalEngine:
    return LocalEngine()
