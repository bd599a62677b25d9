"""Makes engines by name. Each call makes a new engine, which the caller keeps."""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from converter.core.engines.openai_compatible.options import RemoteOptions
from converter.core.engines.protocol import Engine
from converter.core.errors import EngineError

LOCAL: Final = "local"
REMOTE: Final = "remote"

# Imported by name: a process that reads nothing, such as the web server, loads no engine.
_ENGINES: Final = {
    LOCAL: "converter.core.engines.local.engine.LocalEngine",
    REMOTE: "converter.core.engines.openai_compatible.engine.RemoteEngine",
}

ENGINE_NAMES: Final = tuple(_ENGINES)


def make_engine(name: str, remote: RemoteOptions | None = None) -> Engine:
    """The engine of that name, with its models loaded; only the remote engine takes `remote`.

    Raises EngineError (`engine_unavailable`, permanent) for a name that is not in ENGINE_NAMES,
    and for the remote engine without options.
    """
    if name not in _ENGINES or (name == REMOTE and remote is None):
        known = ", ".join(ENGINE_NAMES)
        raise EngineError(
            "engine_unavailable",
            f"There is no engine {name!r} here; set ENGINE to one of: {known}.",
            permanent=True,
        )
    module, _, kind = _ENGINES[name].rpartition(".")
    make = getattr(import_module(module), kind)
    return cast(Engine, make(remote) if name == REMOTE else make())
