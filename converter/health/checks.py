"""System checks: what must hold before the app is served, each with an id and a hint."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Final

from django.conf import settings
from django.core import checks

from converter.config.options import CHOICES
from converter.storage import layout

# Packages whose private methods we override, and where: any release may change those.
OVERRIDDEN: Final = {"gunicorn": "tablexl/serving.py", "django-q2": "converter/workers/queue.py"}


_OWN_ADDRESSES: Final = {"localhost", "127.0.0.1", "::1"}


@checks.register()
def secret_key_is_set(**_: Any) -> Sequence[checks.CheckMessage]:
    if settings.DEBUG or settings.SECRET_KEY_IS_SET:
        return []
    return [
        checks.Error(
            "SECRET_KEY is not set.",
            hint="Set it in the environment to a long random text, the same for web and worker;"
            " `manage.py up` makes one by itself and keeps it in DATA_DIR.",
            id="tablexl.E001",
        )
    ]


@checks.register()
def folders_are_writable(**_: Any) -> Sequence[checks.CheckMessage]:
    errors: list[checks.CheckMessage] = []
    for folder in layout.data_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            writable = os.access(folder, os.W_OK | os.X_OK)
        except OSError:
            writable = False
        if not writable:
            hint = "Set DATA_DIR to a folder that this user may write to."
            errors.append(checks.Error(f"Cannot write to {folder}.", hint=hint, id="tablexl.E002"))
    return errors


@checks.register()
def times_are_in_order(**_: Any) -> Sequence[checks.CheckMessage]:
    """A task is handed out again, and a claim runs out, only when its worker must be dead."""
    errors: list[checks.CheckMessage] = []
    queue: dict[str, Any] = settings.Q_CLUSTER
    timeout, retry = queue["timeout"], queue["retry"]
    if retry <= timeout:
        hint = "Set Q_CLUSTER['retry'] above Q_CLUSTER['timeout'], or tasks run twice at once."
        errors.append(checks.Error("The queue's retry is too short.", hint=hint, id="tablexl.E003"))
    if settings.CLAIM_SECONDS < 30:
        hint = "Set CLAIM_SECONDS to 30 or more, or a claim runs out before it can be renewed."
        errors.append(checks.Error("Claims run out too soon.", hint=hint, id="tablexl.E004"))
    shift = max(settings.SHIFT_SECONDS, settings.REMOTE_SHIFT_SECONDS)
    if timeout <= shift + settings.IMAGE_TIMEOUT_SECONDS:
        hint = (
            "Set Q_CLUSTER['timeout'] above a shift's seconds and IMAGE_TIMEOUT_SECONDS together."
        )
        errors.append(checks.Error("Shifts are killed at work.", hint=hint, id="tablexl.E005"))
    return errors


@checks.register()
def engine_is_known(**_: Any) -> Sequence[checks.CheckMessage]:
    if settings.ENGINE in CHOICES:
        return []
    hint = f"Use one of: {', '.join(CHOICES)}."
    return [checks.Error(f"There is no engine {settings.ENGINE!r}.", hint=hint, id="tablexl.E006")]


@checks.register()
def strangers_spend_no_money(**_: Any) -> Sequence[checks.CheckMessage]:
    is_limited = settings.REMOTE_DAILY_LIMIT or settings.REMOTE_DAILY_COST_LIMIT
    if settings.REQUIRE_LOGIN or not settings.OLMOCR_API_KEY or is_limited or not _is_public():
        return []
    return [
        checks.Warning(
            "Everybody who reaches this app may spend the money of OLMOCR_API_KEY.",
            hint="Set REQUIRE_LOGIN=true, or at least a REMOTE_DAILY_LIMIT.",
            id="tablexl.W008",
        )
    ]


def _is_public() -> bool:
    """Whether others than this machine's own users can reach the app."""
    elsewhere = set(settings.ALLOWED_HOSTS) - {"localhost", "127.0.0.1", "[::1]", "testserver"}
    return bool(elsewhere or settings.PUBLIC_URL or settings.HOST not in _OWN_ADDRESSES)


@checks.register()
def overridden_packages_are_the_tested_ones(**_: Any) -> Sequence[checks.CheckMessage]:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    pins = dict(line.split("==") for line in project["dependencies"] if "==" in line)
    return [
        checks.Warning(
            f"{name} is {version(name)}; {pins.get(name, 'no version')} is what was tested.",
            hint=f"Install what requirements.txt says: {where} overrides private methods of it.",
            id="tablexl.W007",
        )
        for name, where in OVERRIDDEN.items()
        if version(name) != pins.get(name)
    ]
