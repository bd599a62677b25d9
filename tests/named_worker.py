"""`python -m tests.named_worker`: the real worker, with one more engine, that obeys, and with
webhooks for the receivers of tests, which are on this machine and seldom slow."""

import os
import sys
from dataclasses import replace
from datetime import timedelta

import django
from django.core.management import execute_from_command_line

from converter.core.engines import registry
from tests.elsewhere import THIS_MACHINE

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tablexl.settings")
    registry._ENGINES["named"] = "tests.engines.NamedEngine"
    django.setup()
    from converter import webhooks

    webhooks.GUARD = THIS_MACHINE
    webhooks.BOUNDS = replace(webhooks.BOUNDS, seconds=6)
    webhooks.LEASE = timedelta(seconds=8)
    execute_from_command_line(["manage.py", *(sys.argv[1:] or ["worker"])])
