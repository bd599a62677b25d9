"""Rows of dots that lead from words to a number, and lists of contents, which have them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import text_of
from converter.core.engines.local.page.ruling_lines import RulingLine
from converter.core.engines.local.page.text_lines import PrintLine

DOTS: Final = r".\u2026\u00b7"
LEADING: Final = re.compile(rf"^([{DOTS}]{{2,}}\s*|[{DOTS}]\s+)+(?=[\d(+$\u20ac\u00a3-])")
TRAILING: Final = re.compile(rf"(\s+[{DOTS}][{DOTS}\s]*|[{DOTS}]{{4,}}|\u2026{{2,}})$")
PAGE: Final = re.compile(rf"^[{DOTS}\s]*(\d{{1,4}})$")
NUMBERED: Final = re.compile(r"^\d+(\.\d+)+\.?(\s|$)")
CONTENTS: Final = re.compile(
    r"^(table of )?contents\b|^(inhalt|inhaltsverzeichnis|sommaire|table des mati\u00e8res"
    r"|indice|\u00edndice|\u00edndex|inhoud)\b",
    re.IGNORECASE,
)
FEWEST: Final = 4  # lines with a page: the numbers of fewer may go up by chance
MOST: Final = 0.8  # of the lines end with a page
SOME: Final = 0.3  # of the lines show leaders, or numbers of sections


def without_leaders(fragments: Sequence[Fragment]) -> list[Fragment]:
    """The same fragments without dots that lead to or from their text; dots alone stay."""
    bare = list(fragments)
    for place, item in enumerate(fragments):
        start = match.end() if (match := LEADING.search(item.text)) else 0
        end = match.start() if (match := TRAILING.search(item.text)) else len(item.text)
        text = item.text[start:end]
        if text != item.text and any(map(str.isalnum, text)):
            # what is read of a line begins and ends with blanks that its text does not have
            read = text_of(item.glyphs)
            blank = len(read) - len(read.lstrip())
            glyphs = item.glyphs[blank + start : blank + end]
            bare[place] = replace(item, text=text, glyphs=glyphs)
    return bare


def is_contents(
    lines: Sequence[PrintLine], leaders: Sequence[RulingLine], above: Sequence[Fragment] = ()
) -> bool:
    """Whether lines are a list of contents: words and pages, which never go back.

    Rows of dots, numbers of sections or the title in the line `above` must speak for it too.
    """
    pages = [match for line in lines if (match := PAGE.match(line[-1].text)) and len(line) > 1]
    numbers = [int(match[1]) for match in pages]
    if len(pages) < max(FEWEST, MOST * len(lines)) or any(b < a for a, b in pairwise(numbers)):
        return False
    if any(PAGE.match(item.text) for line in lines for item in line[1:-1]):
        return False
    if above and CONTENTS.match(above[0].text):
        return True
    shown = 0
    for line in lines:
        end, start = line[0].box.right, line[-1].box.left
        shown += (
            bool(NUMBERED.match(line[0].text))
            or line[-1].text.startswith("..")
            or any(TRAILING.search(item.text) for item in line[:-1])
            or any(
                abs(rule.at - line.middle) < line[0].box.height and rule.covers(end, start) > 0.3
                for rule in leaders
            )
        )
    return shown > SOME * len(lines)
