"""The body of an answer: tables of every form, one after another, with text between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

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


def read_body(text: str) -> Found:
    """The parts of `text` in order, and what was noticed.

    HTML, Markdown, OTSL and LaTeX may follow one another; boxes come from grounding tags and from
    blocks with `data-bbox`.
    """
    if _ESCAPED_TABLE.search(text) and not _TABLE.search(text):
        text = unescape(text)
    sources = [(source, box) for source, box in _grounded(text) if source.strip()]
    found = join(
        found
        for number, (source, box) in enumerate(sources, 1)
        for found in _blocks(source, box, at_end=number == len(sources))
    )
    open_at = max(text.rfind("<|ref|>"), text.rfind("<|det|>"))
    if open_at > max(text.rfind("<|/ref|>"), text.rfind("<|/det|>")):
        return found + Found(notes=frozenset({Cut.OPEN_TAG}))
    return found


def _grounded(text: str) -> Iterator[tuple[str, Box | None]]:
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


def _blocks(source: str, box: Box | None, *, at_end: bool) -> Iterator[Found]:
    """HTML tables, and the text between them: each form is looked for in what the last one left.

    `at_end` says that the answer ends with `source`.
    """
    gaps = list(split_html(source, box))
    last_gap = _last_written(gaps)
    for place, gap in enumerate(gaps):
        if isinstance(gap, Found):
            yield gap
            continue
        pieces: list[str | Found] = [gap.source]
        for split in (split_latex, split_otsl, split_markdown):
            last = _last_written(pieces)
            pieces = [
                smaller
                for index, piece in enumerate(pieces)
                for smaller in (
                    [piece]
                    if isinstance(piece, Found)
                    else split(
                        piece, gap.box, at_end=at_end and place >= last_gap and index >= last
                    )
                )
            ]
        for piece in pieces:
            yield piece if isinstance(piece, Found) else Found(tuple(read_prose(piece, gap.box)))


def _last_written(pieces: Sequence[Gap | str | Found]) -> int:
    """The index of the last piece that is not blank; 0 if all are."""
    last = 0
    for index, piece in enumerate(pieces):
        if isinstance(piece, Found):
            is_written = bool(piece.parts or piece.unparsed)
        else:
            is_written = bool((piece.source if isinstance(piece, Gap) else piece).strip())
        last = index if is_written else last
    return last
