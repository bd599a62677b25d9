"""`python -m tests.fetching_worker`: the app itself, that may also ask the server of a test."""

import os
import sys

import django
from django.core.management import execute_from_command_line

from tests.elsewhere import THIS_MACHINE

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tablexl.settings")
    django.setup()
    from converter import fetch_claims, fetching, manifests  # models need settings

    fetching.guard, manifests.ports = THIS_MACHINE, None
    fetch_claims.BACKOFF_SECONDS = 0.2
    execute_from_command_line(["manage.py", *(sys.argv[1:] or ["worker"])])
