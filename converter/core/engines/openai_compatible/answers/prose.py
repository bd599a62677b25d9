"""The text outside tables: paragraphs and captions, without what is not printed on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from converter.core.engines.openai_compatible.answers.answer import AnswerPart, TablePart, TextPart
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
    printed = []
    for line in map(str.strip, source.split("\n")):
        if (line.startswith("![") and line.endswith(")")) or _RULE.fullmatch(line):
            printed.append("")
        elif heading := _HEADING.match(line):
            printed.append(line[heading.end() :].rstrip(" \t#"))
        else:
            printed.append(line)
    for paragraph in _PARAGRAPH.split("\n".join(printed)):
        text = plain_markdown(paragraph.replace("\n", "<br>"))
        if text and not _NOTHING.fullmatch(text):
            yield TextPart(text, box=box)


def mark_captions(parts: Sequence[AnswerPart]) -> tuple[AnswerPart, ...]:
    """The parts; texts next to a table that name it become captions."""
    marked: list[AnswerPart] = []
    for index, part in enumerate(parts):
        if isinstance(part, TextPart) and not part.is_caption:
            beside = parts[max(0, index - 1) : index + 2]
            by_table = any(isinstance(neighbour, TablePart) for neighbour in beside)
            names_it = len(part.text) <= _LONGEST_CAPTION and bool(_CAPTION.match(part.text))
            marked.append(replace(part, is_caption=by_table and names_it))
        else:
            marked.append(part)
    return tuple(marked)
