"""The app's settings with an engine that answers at once, for measuring everything around it."""

from converter.core.engines import registry
from tablexl.settings import *  # noqa: F403
from tablexl.settings import INSTALLED_APPS

registry._ENGINES["instant"] = "tests.bench.instant.InstantEngine"
registry.ENGINE_NAMES += ("instant",)
ENGINE = "instant"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.apps.BenchConfig"]
