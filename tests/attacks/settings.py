"""The app's settings, with decoders that may take as long as the attack says."""

from tablexl.settings import *  # noqa: F403
from tablexl.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.attacks.apps.AttackConfig"]
