"""Makes the drill's changes in each process of the app that starts with the drill's settings."""

from django.apps import AppConfig


class DrillConfig(AppConfig):
    name = "tests.drill"
    label = "drill"

    def ready(self) -> None:
        from tests.drill import changes  # noqa: PLC0415  (needs the apps)

        changes.make()
