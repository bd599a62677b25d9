from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.options import Endpoint, RemoteOptions
from converter.core.engines.registry import ENGINE_NAMES, make_engine
from converter.core.errors import EngineError


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_engines_know_their_names(name: str) -> None:
    options = RemoteOptions(Endpoint("http://127.0.0.1:9/v1"), "some/model")
    assert make_engine(name, options).name == name


def test_the_remote_engine_cannot_be_made_without_knowing_where() -> None:
    with pytest.raises(EngineError, match="set ENGINE"):
        make_engine("remote")


def test_unknown_engine() -> None:
    with pytest.raises(EngineError, match="set ENGINE to one of: local") as caught:
        make_engine("crystal ball")
    assert caught.value.code == "engine_unavailable"
    assert caught.value.permanent
