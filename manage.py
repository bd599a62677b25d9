#!/usr/bin/env python
"""Django's command line for Tablexl."""

import os
import sys

from django.core.management import execute_from_command_line
from environs.exceptions import EnvError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tablexl.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvError as error:
        sys.exit(f"tablexl: a setting is wrong: {error}")


if __name__ == "__main__":
    main()
