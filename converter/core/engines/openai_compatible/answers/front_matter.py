"""The values that OlmOCR writes above a page, and the page below them.

They are read line by line: YAML would take the language `no` for false, and refuse all for one
line that is broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from converter.core.engines.openai_compatible.answers.answer import Cut, FrontMatter

KEYS: Final = frozenset(
    {"primary_language", "is_rotation_valid", "rotation_correction", "is_table", "is_diagram"}
)

_FENCE: Final = re.compile(r"-{2,}[ \t]*|\.{3}[ \t]*")
_KEY: Final = re.compile(r"[ \t]*[\"']?(\w+)[\"']?[ \t]*:(.*)")
_TURN: Final = re.compile(r"([-+]?\d{1,3})(?:\.0)?\s*(?:°|degrees?)?")
_MOST_LINES: Final = 40
_TRUE: Final = {"true", "yes", "on", "1"}
_FALSE: Final = {"false", "no", "off", "0"}


def split_front_matter(text: str) -> tuple[FrontMatter, str, frozenset[Cut]]:
    """The values above the page, the page, and whether the text ends among the values.

    The dashes above may be missing; without those below, the values end with the last known key.
    """
    lines = text.lstrip("\ufeff \t\r\n").split("\n", _MOST_LINES)
    opened = bool(_FENCE.fullmatch(lines[0].rstrip("\r")))
    end, last_known, closed = _extent(lines, first=int(opened))
    if last_known < 0:
        values, body = FrontMatter(), text
        is_cut = opened and len(lines) > 1 and end == len(lines) and _begins_a_key(lines[-1])
    else:
        length = end if closed else last_known + 1
        values = read_values(dict(_pair(line) for line in lines[:length]))
        body = "\n".join(lines[length:])
        is_cut = opened and not closed and not any(line.strip() for line in lines[end:])
    if is_cut:
        return values, "", frozenset({Cut.OPEN_FRONT_MATTER})
    return values, body, frozenset()


def read_values(values: Mapping[str, Any]) -> FrontMatter:
    """The values by their keys, from YAML lines or JSON; what cannot be read is None."""
    language = _plain(values.get("primary_language"))
    turn = _TURN.fullmatch(_plain(values.get("rotation_correction")).lower())
    degrees = int(turn[1]) % 360 if turn else -1
    return FrontMatter(
        primary_language=None if language.lower() in {"", "null", "none", "~"} else language,
        is_rotation_valid=_truth(values.get("is_rotation_valid")),
        rotation_correction=degrees if degrees in {0, 90, 180, 270} else None,
        is_table=_truth(values.get("is_table")),
        is_diagram=_truth(values.get("is_diagram")),
    )


def _extent(lines: list[str], first: int) -> tuple[int, int, bool]:
    """The line after the values, the last line with a known key or -1, and if dashes close it."""
    last_known = -1
    for index, line in enumerate(lines[first:], first):
        if last_known >= 0 and _FENCE.fullmatch(line.rstrip("\r")):
            return index + 1, last_known, True
        if line.strip() and not line.startswith((" ", "\t")) and not _KEY.match(line):
            is_last = index == len(lines) - 1
            return index + int(is_last and _begins_a_key(line)), last_known, False
        if _pair(line)[0] in KEYS:
            last_known = index
    return len(lines), last_known, False


def _begins_a_key(line: str) -> bool:
    """Whether the text may have been cut within a known key or the dashes below the values."""
    begun = line.strip().lower()
    return not begun.strip("-") or any(key.startswith(begun.split(":")[0]) for key in KEYS)


def _pair(line: str) -> tuple[str, str]:
    match = _KEY.match(line)
    return (match[1].lower(), match[2]) if match else ("", "")


def _truth(value: Any) -> bool | None:
    word = _plain(value).lower()
    return True if word in _TRUE else False if word in _FALSE else None


def _plain(value: Any) -> str:
    text = "" if value is None else str(value)
    return re.sub(r"\s#.*", "", text).strip(" \t\r\"',")
