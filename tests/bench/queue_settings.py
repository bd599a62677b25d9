"""The app's settings with an engine that answers at once, for measuring everything around it."""

from converter.core.engines import registry
from tablexl.settings import *  # noqa: F403

registry._ENGINES["instant"] = "tests.bench.instant.InstantEngine"
registry.ENGINE_NAMES += ("instant",)
ENGINE = "instant"
