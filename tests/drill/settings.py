"""The app's settings with short times and the drill's own engine, for processes under drill."""

from tablexl.settings import *  # noqa: F403
from tablexl.settings import INSTALLED_APPS, Q_CLUSTER, SILENCED_SYSTEM_CHECKS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.drill.apps.DrillConfig"]
ENGINE = "drill"
SHIFT_SECONDS = REMOTE_SHIFT_SECONDS = 1
IMAGE_TIMEOUT_SECONDS = 3
CLAIM_SECONDS = 6
Q_CLUSTER = Q_CLUSTER | {"timeout": 5, "retry": 6}
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "tablexl.E004"]  # claims are short on purpose
