"""`manage.py doctor`: check the installation and the API, a line each, with what to do."""

import sys
from argparse import ArgumentParser
from itertools import chain
from typing import Any, Final

from django.core.management.base import BaseCommand

from converter.health import doctor
from converter.health.doctor import State

MARKS: Final = {State.OK: "ok", State.WARNING: "look", State.FAILED: "FAIL", State.OFF: "off"}


class Command(BaseCommand):
    help = (
        "Check database, queue, storage, memory and engines; the API by a picture that it reads."
        " Exit status: 0 all works, 1 something does not."
    )
    requires_system_checks: list[str] = []  # it is run to find what they would stop at

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-api", action="store_true", help="do not ask the API, which costs a picture"
        )

    def handle(self, *_args: Any, no_api: bool, **_options: Any) -> None:
        failed = False
        server = () if no_api else doctor.ask_server()
        for finding in chain(doctor.check_machine(thorough=True), server):
            message = " ".join(finding.message.split())  # a library's may have several lines
            line = f"{MARKS[finding.state]:<5}{finding.name}: {message}"
            self.stdout.write(f"{line}. {finding.advice}" if finding.advice else line)
            self.stdout.flush()
            failed = failed or finding.state is State.FAILED
        sys.exit(1 if failed else 0)
