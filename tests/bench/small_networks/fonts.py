"""The fonts that lines are set in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final, NamedTuple, Protocol

from PIL import ImageFont

Font = ImageFont.FreeTypeFont

COMMON: Final = (
    "Liberation", "Nimbus", "texgyreheros", "texgyretermes", "texgyrepagella", "Carlito", "Caladea",
    "lmroman10-", "lmroman12", "cmunrm", "cmunbx", "cmunti", "Roboto-", "OpenSans-", "NotoSans-",
    "NotoSerif-", "DejaVuSans", "C059", "P052", "Lato-", "Aerial", "Tymes", "Veranda",
    "Courier Prime", "FreeSans", "FreeSerif", "URWBookman", "OldStandard", "LinLibertine_R",
    "EBGaramond12",
)  # fmt: skip
"""How the names of fonts begin that most tables are set in, or that look like them."""
CAPITALS: Final = ("lmromancaps", "BebasNeue", "LinBiolinum_K", "lmsansquot", "texgyrechorus")
"""And of those whose small letters are none, or keys, or written."""


class Type(Protocol):
    """A font in any size in pixels."""

    def __call__(self, size: int) -> Font: ...


class Phrase(NamedTuple):
    """The text of a line, the label that a reader should return, and its font."""

    text: str
    label: str
    type: Type


class Phrases(Protocol):
    """Draws one phrase after the other."""

    def __call__(self, rnd: Random) -> Phrase: ...


class OpenType:
    """A font file, opened once for each size."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        self._opened: dict[int, Font] = {}
        self._has: dict[str, bool] = {}

    def __call__(self, size: int) -> Font:
        if size not in self._opened:
            self._opened[size] = ImageFont.truetype(str(self._path), size)
        return self._opened[size]

    def has(self, text: str) -> bool:
        """Whether it has all characters of a text: they do not look like a missing one."""
        for sign in set(text) - self._has.keys():
            lacking, drawn = (bytes(self(24).getmask(one)) for one in ("\uffff", sign))
            self._has[sign] = sign.isspace() or drawn != lacking
        return all(self._has[sign] for sign in text)


@dataclass(frozen=True, slots=True)
class Fonts:
    """Those below one folder. `script` looks as if it were written by hand; `foreign` has Chinese,
    Japanese and Korean signs; all others are `plain`, and some of them `common`."""

    plain: Sequence[OpenType]
    common: Sequence[OpenType]
    script: Sequence[OpenType]
    foreign: Sequence[OpenType]


def fonts_in(folder: Path) -> Fonts:
    """The fonts in a folder; script and foreign ones are in its folders of these names."""
    script, foreign = (_open(folder / name) for name in ("script", "foreign"))
    others = {font.name for font in [*script, *foreign]}
    plain = [
        font
        for font in _open(folder)
        if font.name not in others and not font.name.startswith(CAPITALS)
    ]
    common = [font for font in plain if font.name.startswith(COMMON)]
    return Fonts(plain, common or plain, script or plain, foreign or plain)


def _open(folder: Path) -> list[OpenType]:
    return [OpenType(path) for path in sorted(folder.rglob("*.[ot]t[fc]"))]
