"""`python -m tests.support.fetching_worker`: the app, which may also call a test's server."""

import os
import sys

import django
from django.core.management import execute_from_command_line

from tests.support.misbehaving_server import THIS_MACHINE

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tablexl.settings")
    django.setup()
    from converter.imports import claims, fetcher, manifests  # models need settings

    fetcher.guard, manifests.ports = THIS_MACHINE, None
    claims.BACKOFF_SECONDS = 0.2
    execute_from_command_line(["manage.py", *(sys.argv[1:] or ["worker"])])
