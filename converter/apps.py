"""Configures the app for Django, and registers its system checks."""

from django.apps import AppConfig


class ConverterConfig(AppConfig):
    name = "converter"
    verbose_name = "Tablexl"

    def ready(self) -> None:
        from converter.health import (  # noqa: F401, PLC0415  (registers on import; needs the apps)
            checks,
        )
