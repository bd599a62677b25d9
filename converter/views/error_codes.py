"""The page of error codes, which the `type` of an API error links to.

It shows `docs/errors.md`, which tests hold to the code: sections of paragraphs and one table each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_safe

SOURCE: Final = "docs/errors.md"

_SECTION: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]*\)")  # they lead to other files, which no page shows
_CODE: Final = re.compile("`([^`]+)`")
_STRONG: Final = re.compile(r"\*\*([^*]+)\*\*")


@dataclass(frozen=True)
class Entry:
    """One code: what it means and, if something can be done, what."""

    code: str
    meaning: SafeString
    remedy: SafeString


@dataclass(frozen=True)
class Section:
    title: str
    paragraphs: list[SafeString]
    entries: list[Entry]

    @property
    def anchor(self) -> str:
        return slugify(self.title)

    @property
    def has_remedies(self) -> bool:
        return any(entry.remedy for entry in self.entries)


@login_not_required
@require_safe
def error_codes(request: HttpRequest) -> HttpResponse:
    return render(request, "error_codes.html", {"sections": sections()})


@cache
def sections() -> list[Section]:
    """The sections of the file, in their order."""
    _, *parts = _SECTION.split((settings.BASE_DIR / SOURCE).read_text(encoding="utf-8"))
    found = []
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        blocks = [block for block in text.strip().split("\n\n") if block]
        tables = [block for block in blocks if block.startswith("|")]
        paragraphs = [_inline(" ".join(b.splitlines())) for b in blocks if b not in tables]
        entries = []
        for line in [line for table in tables for line in table.splitlines()[2:]]:
            code, meaning, *remedy = [cell.strip() for cell in line.strip("|").split("|")]
            entries.append(Entry(code.strip("`"), _inline(meaning), _inline(" ".join(remedy))))
        found.append(Section(title, paragraphs, entries))
    return found


def _inline(text: str) -> SafeString:
    """Code, bold and the text of links; everything else is plain text."""
    plain = escape(_LINK.sub(r"\1", text))
    marked = _STRONG.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", plain))
    return mark_safe(marked)  # noqa: S308  (escaped, and a file of ours)
