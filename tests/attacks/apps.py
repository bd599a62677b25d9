"""Sets how long decoders may take, in each process that starts with the settings of an attack."""

import os

from django.apps import AppConfig


class AttackConfig(AppConfig):
    name = "tests.attacks"
    label = "attacks"

    def ready(self) -> None:
        from converter.config import decoders  # noqa: PLC0415  (needs the settings)
        from converter.core.decoding.decoders import Bounds  # noqa: PLC0415

        if seconds := float(os.environ.get("ATTACK_PAGE_SECONDS") or 0):
            decoders.BOUNDS = Bounds(page=seconds, file=3 * seconds, per_page=0.0)
