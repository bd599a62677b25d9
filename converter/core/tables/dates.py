"""Printed dates that can be read in one way only, with the format they were printed in."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

# Excel takes 1900 for a leap year, so its count of days is right only from March of that year.
FIRST_DATE: Final = date(1900, 3, 1)

# Without it Excel would name the months in the reader's own language.
_ENGLISH: Final = "[$-409]"

# fmt: off
_MONTHS: Final = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]
# fmt: on
_NAMES: Final = {name[:3]: (number, "mmm") for number, name in enumerate(_MONTHS, 1)} | {
    name: (number, "mmmm") for number, name in enumerate(_MONTHS, 1)
}

_ISO: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_DAY_FIRST: Final = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<a>[ -])(?P<month>[A-Z][a-z]+)(?P<b>,? |-)(?P<year>[0-9]{4})"
)
_MONTH_FIRST: Final = re.compile(
    r"(?P<month>[A-Z][a-z]+)(?P<a> )(?P<day>[0-9]{1,2})(?P<b>,? )(?P<year>[0-9]{4})"
)


def parse_date(text: str) -> tuple[date, str] | None:
    """The date that `text` is and the Excel number format that shows it just so, or None.

    Only ISO dates and those with an English month's name are read: 3/4/2024 is a day in March or
    in April. None also before March 1900, where Excel's calendar is wrong.
    """
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return _dated(match, int(match["month"]), "yyyy-mm-dd")
    match = _DAY_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
    if match is None or match["month"] not in _NAMES:
        return None
    month, month_format = _NAMES[match["month"]]
    day_format = "dd" if match["day"].startswith("0") else "d"
    first, second = day_format, month_format
    if match.re is _MONTH_FIRST:
        first, second = second, first
    return _dated(match, month, f"{_ENGLISH}{first}{match['a']}{second}{match['b']}yyyy")


def _dated(match: re.Match[str], month: int, number_format: str) -> tuple[date, str] | None:
    try:
        found = date(int(match["year"]), month, int(match["day"]))
    except ValueError:
        return None
    return (found, number_format) if found >= FIRST_DATE else None
