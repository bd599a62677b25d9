"""System checks: what must hold before the app is served, each with an id and a way out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from converter.config.engine_choice import CHOICES
from converter.storage import layout


@register()
def secret_key_is_set(**_: Any) -> Sequence[CheckMessage]:
    if settings.DEBUG or settings.SECRET_KEY_IS_SET:
        return []
    return [
        Error(
            "SECRET_KEY is not set.",
            hint="Set it in the environment to a long random text, the same for web and worker;"
            " `manage.py up` makes one by itself and keeps it in DATA_DIR.",
            id="tablexl.E001",
        )
    ]


@register()
def folders_are_writable(**_: Any) -> Sequence[CheckMessage]:
    errors: list[CheckMessage] = []
    for folder in layout.data_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            writable = os.access(folder, os.W_OK | os.X_OK)
        except OSError:
            writable = False
        if not writable:
            hint = "Set DATA_DIR to a folder that this user may write to."
            errors.append(Error(f"Cannot write to {folder}.", hint=hint, id="tablexl.E002"))
    return errors


@register()
def times_are_in_order(**_: Any) -> Sequence[CheckMessage]:
    """A task is handed out again, and a claim runs out, only when its worker must be dead."""
    errors: list[CheckMessage] = []
    queue: dict[str, Any] = settings.Q_CLUSTER
    timeout, retry = queue["timeout"], queue["retry"]
    if retry <= timeout:
        hint = "Set Q_CLUSTER['retry'] above Q_CLUSTER['timeout'], or tasks run twice at once."
        errors.append(Error("The queue's retry is too short.", hint=hint, id="tablexl.E003"))
    if settings.CLAIM_SECONDS < 30:
        hint = "Set CLAIM_SECONDS to 30 or more, or a claim runs out before it can be renewed."
        errors.append(Error("Claims run out too soon.", hint=hint, id="tablexl.E004"))
    shift = max(settings.SHIFT_SECONDS, settings.REMOTE_SHIFT_SECONDS)
    if timeout <= shift + settings.IMAGE_TIMEOUT_SECONDS:
        hint = (
            "Set Q_CLUSTER['timeout'] above a shift's seconds and IMAGE_TIMEOUT_SECONDS together."
        )
        errors.append(Error("Shifts are killed at work.", hint=hint, id="tablexl.E005"))
    return errors


@register()
def engine_is_known(**_: Any) -> Sequence[CheckMessage]:
    if settings.ENGINE in CHOICES:
        return []
    hint = f"Use one of: {', '.join(CHOICES)}."
    return [Error(f"There is no engine {settings.ENGINE!r}.", hint=hint, id="tablexl.E006")]
