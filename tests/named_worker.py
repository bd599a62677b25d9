"""`python -m tests.named_worker`: the real worker, with one more engine, that obeys."""

import os
import sys

from django.core.management import execute_from_command_line

from converter.core.engines import registry

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tablexl.settings")
    registry._ENGINES["named"] = "tests.engines.NamedEngine"
    execute_from_command_line(["manage.py", *(sys.argv[1:] or ["worker"])])
