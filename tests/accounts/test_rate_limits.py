"""What a client may do in a window: exactly so much, however many ask at once."""

from __future__ import annotations

import json

import pytest

from converter.accounts import rate_limits
from converter.accounts.rate_limits import RateLimit
from converter.maintenance import recovery
from converter.models import RateLimitUsage
from tests.support.app import RunningApp
from tests.support.migrated import migrate

TWO = RateLimit("starts", 2, 60)
BEGAN = 1_790_000_000.0


@pytest.mark.django_db
def test_what_is_over_the_limit_is_told_until_the_window_ends():
    seen = [rate_limits.record("ann", TWO, BEGAN + second) for second in (0, 10, 20.5, 59.9)]
    assert [one.is_over for one in seen] == [False, False, True, True]
    assert [one.left for one in seen] == [1, 0, 0, 0]
    assert [one.resets_in for one in seen] == [60, 50, 40, 1]
    again = rate_limits.record("ann", TWO, BEGAN + 60)
    assert (again.used, again.resets_in) == (1, 60)


@pytest.mark.django_db
def test_clients_and_kinds_are_counted_apart():
    rate_limits.record("ann", TWO, BEGAN)
    assert rate_limits.record("bob", TWO, BEGAN).used == 1
    assert rate_limits.record("ann", TWO._replace(name="reads"), BEGAN).used == 1
    assert rate_limits.record("ann", TWO, BEGAN).used == 2


@pytest.mark.django_db
def test_windows_that_are_over_are_forgotten(settings):
    rate_limits.record("ann", TWO, BEGAN)
    rate_limits.record("bob", TWO, BEGAN + settings.RATE_LIMIT_WINDOW)
    rate_limits.prune(BEGAN + settings.RATE_LIMIT_WINDOW + 1)
    assert [row.client for row in RateLimitUsage.objects.all()] == ["starts bob"]
    recovery.sweep()
    assert not RateLimitUsage.objects.exists()


@pytest.mark.process
def test_of_calls_that_come_together_as_many_get_through_as_may(tmp_path, database_url):
    app = RunningApp(tmp_path, DATABASE_URL=database_url)
    migrate(app)
    script = (
        "from tests.support.row_races import spend_together\n"
        "print(spend_together(threads=8, each=10, most=20))"
    )
    told = json.loads(app.manage("shell", "--no-imports", "-c", script).splitlines()[-1])
    assert sorted(told) == list(range(1, 81))
    assert sum(used <= 20 for used in told) == 20
    script = "from tests.support import row_races; print(row_races.begin_together(threads=8))"
    told = json.loads(app.manage("shell", "--no-imports", "-c", script).splitlines()[-1])
    assert sorted(told) == ["new"] + ["still_under_way"] * 7
