"""Regular expressions that people give: matched in linear time, whatever they are.

RE2 has no backtracking, so no pattern can hold a worker up; what needs it (look-around, references
back) is refused when the pattern is written.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import re2

_LONGEST: Final = 500
_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 1 << 20


class BadPattern(ValueError):
    """A pattern that is none; its text says why."""


def check_pattern(pattern: str) -> None:
    """Raises BadPattern for what is no regular expression, or too long."""
    if len(pattern) > _LONGEST:
        raise BadPattern(f"it is longer than {_LONGEST} characters")
    _compiled(pattern)


def fits(pattern: str, text: str) -> bool:
    """Whether all of `text` is as `pattern` says."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=200)
def _compiled(pattern: str) -> Any:
    try:
        return re2.compile(pattern, _OPTIONS)
    except re2.error as error:
        reason = error.args[0]
        raise BadPattern(reason.decode() if isinstance(reason, bytes) else str(reason)) from None
