"""The app's settings with short times and the drill's own engine, for processes under drill."""

from tablexl.settings import *  # noqa: F403
from tablexl.settings import INSTALLED_APPS, Q_CLUSTER

INSTALLED_APPS = [*INSTALLED_APPS, "tests.drill.apps.DrillConfig"]
ENGINE = "drill"
LANE_SECONDS = 2
CLAIM_SECONDS = 5
Q_CLUSTER = Q_CLUSTER | {"timeout": 4, "retry": 8}
