"""The body of an answer: tables of every form, one after another, with text between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from converter.core.engines.openai_compatible.answers.answer import Cut, Found, join
from converter.core.engines.openai_compatible.answers.cell_text import unescape
from converter.core.engines.openai_compatible.answers.html_tables import Gap, read_box, split_html
from converter.core.engines.openai_compatible.answers.latex import split_latex
from converter.core.engines.openai_compatible.answers.markdown import split_markdown
from converter.core.engines.openai_compatible.answers.otsl import split_otsl
from converter.core.engines.openai_compatible.answers.prose import read_prose
from converter.core.tables.model import Box

_ESCAPED_TABLE: Final = re.compile(r"&lt;(?:table|tr|td)\b", re.IGNORECASE)
_TABLE: Final = re.compile(r"<(?:table|tr|td)\b", re.IGNORECASE)
_GROUNDING: Final = re.compile(
    r"<\|ref\|>(?P<ref>[^<>]{0,2000})<\|/ref\|>"
    r"|<\|det\|>(?P<det>[^<>|]{0,2000})<\|/det\|>|<\|/?(?:ref|det)\|>"
)
_LABEL_WORDS: Final = (
    "text title sub_title table image figure table_caption image_caption figure_caption "
    "equation table_footnote image_footnote footnote header footer page_number list reference"
)
_LABELS: Final = frozenset(_LABEL_WORDS.split())

Source: TypeAlias = tuple[str, Box | None]


def read_body(text: str) -> Found:
    """The parts of `text` in order, and what was noticed.

    HTML, Markdown, OTSL and LaTeX may follow one another; boxes come from grounding tags and from
    blocks with `data-bbox`.
    """
    if _ESCAPED_TABLE.search(text) and not _TABLE.search(text):
        text = unescape(text)
    found = join(
        found
        for source, box, is_last in _with_ends(_grounded(text))
        for found in _blocks(source, box, at_end=is_last)
    )
    open_at = max(text.rfind("<|ref|>"), text.rfind("<|det|>"))
    if open_at > max(text.rfind("<|/ref|>"), text.rfind("<|/det|>")):
        return found + Found(notes=frozenset({Cut.OPEN_TAG}))
    return found


def _grounded(text: str) -> Iterator[Source]:
    """The text between grounding tags, with the box that the tags before it name."""
    box: Box | None = None
    at, words = 0, ""
    for match in _GROUNDING.finditer(text):
        before = text[at : match.start()]
        at = match.end()
        if match["det"] is not None and words and not before.strip():
            yield words, read_box(match["det"])
            words, box = "", None
            continue
        yield words + before, box
        label = (match["ref"] or "").strip()
        words = "" if label.lower() in _LABELS else label
        box = read_box(match["det"]) if match["det"] else None
    yield words + text[at:], box


def _with_ends(pieces: Iterable[Source]) -> Iterator[tuple[str, Box | None, bool]]:
    """Each piece of text that is not blank, with whether the answer ends with it."""
    written = [piece for piece in pieces if piece[0].strip()]
    for number, (source, box) in enumerate(written, 1):
        yield source, box, number == len(written)


def _blocks(source: str, box: Box | None, *, at_end: bool) -> Iterator[Found]:
    """HTML tables, and of the text between them what the other forms find."""
    pieces = list(split_html(source, box))
    last = _last_written(pieces)
    for index, piece in enumerate(pieces):
        if isinstance(piece, Found):
            yield piece
        else:
            yield from _other_forms(piece.source, piece.box, at_end=at_end and index >= last)


def _other_forms(source: str, box: Box | None, *, at_end: bool) -> Iterator[Found]:
    """Each form looks at the text that the one before it left."""
    pieces: list[str | Found] = [source]
    for split in (split_latex, split_otsl, split_markdown):
        last = _last_written(pieces)
        pieces = [
            smaller
            for index, piece in enumerate(pieces)
            for smaller in (
                [piece]
                if isinstance(piece, Found)
                else split(piece, box, at_end=at_end and index >= last)
            )
        ]
    for piece in pieces:
        yield piece if isinstance(piece, Found) else Found(tuple(read_prose(piece, box)))


def _last_written(pieces: Sequence[Gap | str | Found]) -> int:
    """The index of the last piece that is more than blank."""
    written = [index for index, piece in enumerate(pieces) if not _is_blank(piece)]
    return written[-1] if written else 0


def _is_blank(piece: Gap | str | Found) -> bool:
    if isinstance(piece, Found):
        return not (piece.parts or piece.unparsed)
    return not (piece.source if isinstance(piece, Gap) else piece).strip()
