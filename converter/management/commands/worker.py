"""`manage.py worker`: read the images of started batches until told to stop."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from converter.maintenance import recovery
from converter.workers import queue


class Command(BaseCommand):
    help = "Read the images of started batches, with WORKERS processes, until SIGTERM or Ctrl+C."

    def handle(self, *_args: Any, **_options: Any) -> None:
        sys.exit(queue.run_cluster(recovery.Guardian()))
