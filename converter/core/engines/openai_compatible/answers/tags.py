"""The tags in a text, one after another, in time that grows with its length alone.

Only what models write on purpose is a tag: `p<0.05` and `<LOD` are text. A parser that mends HTML,
such as lxml's, would hide what matters here: that a cell or a table was cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TABLE: Final = "table caption colgroup col thead tbody tfoot tr td th"
_TEXT: Final = (
    "br p div span li ul ol dl dt dd h1 h2 h3 h4 h5 h6 hr pre code center blockquote header footer"
    " figure figcaption section article html body head meta font small big mark ins del strike"
    " strong em sup sub label input img watermark page_number signature math style script wbr nobr"
    " mi mn mo mrow msup msub msubsup mfrac msqrt mtext mspace mtable mtr mtd semantics annotation"
    " main title kbd tt abbr cite otsl chart"
)
_SHORT: Final = "b i u s a q"  # likely to follow a raw `<`, so without odd attributes

# Each choice depends on the next character alone, so nothing is looked at again when no tag ends
# there. The numbers of repetitions have a bound, since each takes memory until the match ends.
_QUOTED: Final = r"[^<>\"']*(?:(?:\"[^\"<]*\"|'[^'<]*')[^<>\"']*){0,100}"
_ASSIGNED: Final = r"\s+[a-z-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')"
_MARK: Final = re.compile(
    r"<!--"
    rf"|<(/?)({'|'.join((_TABLE + ' ' + _TEXT).split())})(?![\w:-])({_QUOTED}|[^<>]*)>"
    rf"|<(/?)({'|'.join(_SHORT.split())})((?:{_ASSIGNED}){{0,100}}\s*/?)>"
    r"|<[!?](?:doctype|xml)[^<>]*>",
    re.IGNORECASE,
)
_CUT_NAME: Final = re.compile(r"</?([A-Za-z]*)|<!-{0,2}")
_CUT_ATTRIBUTES: Final = re.compile(r"</?([A-Za-z]+)\s[^<>]*")
_OTSL: Final = "otsl loc fcel ecel lcel ucel xcel nl ched rhed srow"
_OTSL_TAG: Final = re.compile(r"<(?:otsl|[fe]cel|nl|ched)>")
_FRAMES: Final = ("div", "html", *_TABLE.split(), *_OTSL.split())
_BEFORE_TAGS: Final = ("", "\n", ">")
_LONGEST_TAG: Final = 2_000


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, or with `name` "!" a comment; `start` and `end` are its place in the text."""

    name: str
    closing: bool
    attributes: str
    start: int
    end: int
    source: str

    @property
    def void(self) -> bool:
        return self.attributes.endswith("/")


def find_tags(text: str) -> Iterator[Tag]:
    """The tags and comments of `text`. A comment that has no end is its first mark alone."""
    at, has_end = 0, True
    while match := _MARK.search(text, at):
        at = match.end()
        if match[0] == "<!--":
            end = text.find("-->", at) if has_end else -1
            has_end = end >= 0
            at = end + 3 if has_end else at
        yield Tag(
            name=(match[2] or match[5] or "!").lower(),
            closing=bool(match[1] or match[4]),
            attributes=(match[3] or match[6] or "").strip(),
            start=match.start(),
            end=at,
            source=text[match.start() : at],
        )


def number_of(tag: Tag, attribute: str) -> int:
    """The whole number that an attribute holds; 1 if there is none."""
    pattern = rf"(?<![\w-]){attribute}\s*=\s*\\?[\"'\u201c\u201d]?\s*([-+]?\d{{1,9}})"
    match = re.search(pattern, tag.attributes, re.IGNORECASE)
    return int(match[1]) if match else 1


def value_of(tag: Tag, attribute: str) -> str:
    """The text that an attribute holds between quotes; empty if there is none."""
    pattern = rf"(?<![\w-]){attribute}\s*=\s*([\"'])([^\"']*)\1"
    match = re.search(pattern, tag.attributes, re.IGNORECASE)
    return match[2] if match else ""


def cut_tag(text: str) -> int:
    """Where a tag begins that `text` ends within; its length if there is none.

    Only the tags of tables count, where they are allowed: any other is as likely a raw `<`.
    """
    begin = text.rfind("<", max(0, len(text) - _LONGEST_TAG))
    tail = text[begin:] if begin >= 0 else ">"
    if match := _CUT_NAME.fullmatch(tail):
        begun = (match[1] or "").lower()
        in_place = text[begin - 1 : begin] in _BEFORE_TAGS or (begun and text[begin - 1].isspace())
        names = _OTSL.split() if _OTSL_TAG.search(text) else _FRAMES if in_place else ()
        return begin if any(name.startswith(begun) for name in names) else len(text)
    match = _CUT_ATTRIBUTES.fullmatch(tail)
    return begin if match and match[1].lower() in _FRAMES else len(text)
