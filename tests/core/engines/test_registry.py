from __future__ import annotations

import pytest

from converter.core.engines.registry import ENGINE_NAMES, make_engine
from converter.core.errors import EngineError


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_engines_know_their_names(name: str) -> None:
    assert make_engine(name).name == name


def test_unknown_engine() -> None:
    with pytest.raises(EngineError, match="set ENGINE to one of: local") as caught:
        make_engine("crystal ball")
    assert caught.value.code == "engine_unavailable"
    assert caught.value.permanent
