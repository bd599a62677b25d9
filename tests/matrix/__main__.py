"""`python -m tests.matrix` writes the page about access anew, from the code and the rules."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Final

from tests.support.app import ROOT

PAGE: Final = "docs/access.md"
_END_OF_TEXT: Final = "<!-- What follows is written by `python -m tests.matrix`. -->\n"


def page() -> str:
    """What is written by hand, and the table as it must be."""
    text, _, _ = (ROOT / PAGE).read_text().partition(_END_OF_TEXT)
    return f"{text}{_END_OF_TEXT}\n" + "".join(f"{line}\n" for line in _table())


def _table() -> Iterator[str]:
    from tests.matrix.asking import url_of_nothing  # noqa: PLC0415  (Django must be set up)
    from tests.matrix.routes import addresses, is_of_admin, methods_of  # noqa: PLC0415
    from tests.matrix.rules import SHARED, Who, who_may  # noqa: PLC0415

    yield "| address | methods | for |"
    yield "|---|---|---|"
    for address in addresses():
        who = who_may(address)
        if who is Who.NOBODY or is_of_admin(address):
            continue
        methods = ", ".join(methods_of(url_of_nothing(address)))
        name = address.replace("uuidstr:", "uuid:")
        yield f"| `/{name}` | {methods} | {SHARED.get(address, who)} |"
    yield "| `/admin/` and all below it | | staff, each as far as their permissions go |"


def _main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tablexl.settings"
    os.environ["STATUS_LIMIT_REQUESTS"] = "0"  # nothing is to be counted, for there is no database
    import django  # noqa: PLC0415  (after it was told where the settings are)

    django.setup()
    logging.disable()  # of what is asked in a way that nobody knows
    (ROOT / PAGE).write_text(page())


if __name__ == "__main__":
    _main()
