"""Engines by name. Each call makes a fresh engine; whoever calls keeps it."""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from converter.core.engines.protocol import Engine
from converter.core.errors import EngineError

# By name, so that a process that reads nothing, such as the web server, loads no engine.
_ENGINES: Final = {"local": "converter.core.engines.local.engine.LocalEngine"}

ENGINE_NAMES: Final = tuple(_ENGINES)


def make_engine(name: str) -> Engine:
    """The engine of that name, with its models loaded.

    Raises EngineError (`engine_unavailable`, permanent) for a name that is not in ENGINE_NAMES.
    """
    if name not in _ENGINES:
        known = ", ".join(ENGINE_NAMES)
        raise EngineError(
            "engine_unavailable",
            f"There is no engine {name!r}; set ENGINE to one of: {known}.",
            permanent=True,
        )
    module, _, kind = _ENGINES[name].rpartition(".")
    return cast(Engine, getattr(import_module(module), kind)())
