"""Regular expressions written by users, matched in linear time.

RE2 does not backtrack, so no pattern can block a worker. Patterns that need backtracking
(look-around, back references) are refused when the field is saved.
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
    """A pattern that cannot be used; the text says why."""


def check_pattern(pattern: str) -> None:
    """Raise BadPattern unless `pattern` is a regular expression of RE2 that is not too long."""
    if len(pattern) > _LONGEST:
        raise BadPattern(f"it is longer than {_LONGEST} characters")
    _compiled(pattern)


def fits(pattern: str, text: str) -> bool:
    """Whether the whole of `text` matches `pattern`. Raises BadPattern."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=200)
def _compiled(pattern: str) -> Any:
    try:
        return re2.compile(pattern, _OPTIONS)
    except re2.error as error:
        reason = error.args[0]
        raise BadPattern(reason.decode() if isinstance(reason, bytes) else str(reason)) from None
