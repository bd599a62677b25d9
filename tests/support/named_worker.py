"""`python -m tests.support.named_worker`: the real worker with one more engine, which does as it is
told, and with webhooks to receivers of the tests, which are on this machine and seldom slow."""

import os
import sys
from dataclasses import replace
from datetime import timedelta

import django
from django.core.management import execute_from_command_line

from converter.core.engines import registry
from tests.support.misbehaving_server import THIS_MACHINE

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tablexl.settings")
    registry._ENGINES["named"] = "tests.support.engines.NamedEngine"
    django.setup()
    from converter.webhooks import sender

    sender.GUARD = THIS_MACHINE
    sender.BOUNDS = replace(sender.BOUNDS, seconds=6)
    sender.LEASE = timedelta(seconds=8)
    execute_from_command_line(["manage.py", *(sys.argv[1:] or ["worker"])])
