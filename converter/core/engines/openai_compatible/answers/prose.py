"""The text outside tables: paragraphs and captions, without what is not printed on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from converter.core.engines.openai_compatible.answers.answer import Part, TablePart, TextPart
from converter.core.engines.openai_compatible.answers.markdown import plain_markdown
from converter.core.tables.model import Box

_PARAGRAPH: Final = re.compile(
    r"\n[ \t\r]*\n\s*|</(?:p|h[1-6]|div|page_number|watermark)>", re.IGNORECASE
)
_HEADING: Final = re.compile(r"#{1,6}[ \t]+")
_RULE: Final = re.compile(r"-{3,}|\*{3,}|_{3,}|(?:- ){2,}-|\|[-|: ]*")
_NOTHING: Final = re.compile(r"(?:null|none|n/a)?[.]?", re.IGNORECASE)
_CAPTION: Final = re.compile(
    r"(?:supplementary |extended data )?(?:table|tab\.|tabelle|tableau|tabla|tabella|tabela|tabel"
    r"|exhibit|schedule)\s*(?:[A-Z]?[\d.]+[a-z]?|[IVXL]+)\b",
    re.IGNORECASE,
)
_LONGEST_CAPTION: Final = 400


def read_prose(source: str, box: Box | None = None) -> Iterator[TextPart]:
    """The paragraphs of `source`. Pictures, rules and the word `null` for nothing are no text."""
    printed = (_printed(line.strip()) for line in source.split("\n"))
    for paragraph in _PARAGRAPH.split("\n".join(printed)):
        text = plain_markdown(paragraph.replace("\n", "<br>"))
        if text and not _NOTHING.fullmatch(text):
            yield TextPart(text, box=box)


def mark_captions(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts, with texts that stand beside a table and name it as captions."""
    return tuple(
        TextPart(part.text, _is_caption(parts, index), part.box)
        if isinstance(part, TextPart)
        else part
        for index, part in enumerate(parts)
    )


def _printed(line: str) -> str:
    """The line without the mark of a heading; empty for a picture or a rule."""
    if (line.startswith("![") and line.endswith(")")) or _RULE.fullmatch(line):
        return ""
    heading = _HEADING.match(line)
    return line[heading.end() :].rstrip(" \t#") if heading else line


def _is_caption(parts: Sequence[Part], index: int) -> bool:
    part = parts[index]
    if not isinstance(part, TextPart) or part.is_caption:
        return isinstance(part, TextPart)
    beside = parts[max(0, index - 1) : index + 2]
    by_table = any(isinstance(neighbour, TablePart) for neighbour in beside)
    return by_table and len(part.text) <= _LONGEST_CAPTION and bool(_CAPTION.match(part.text))
