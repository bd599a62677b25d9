"""From what a model wrote to its tables and text, with every sign that it is not whole."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from converter.core.engines.openai_compatible.answers.answer import (
    Cut,
    FrontMatter,
    ParsedAnswer,
    Repair,
    TablePart,
)
from converter.core.engines.openai_compatible.answers.body import read_body
from converter.core.engines.openai_compatible.answers.front_matter import split_front_matter
from converter.core.engines.openai_compatible.answers.layout_json import read_json
from converter.core.engines.openai_compatible.answers.prose import mark_captions
from converter.core.engines.openai_compatible.answers.repetition import (
    ends_in_a_loop,
    is_one_character,
)
from converter.core.engines.openai_compatible.answers.wrapping import unwrap
from converter.core.tables.model import Table

_DOTS: Final = frozenset({"...", ". . .", "\u2026", "\u22ee", "\u22ef"})
_WHOLE: Final = frozenset(
    {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "completed", "done", "finished"}
)


def parse_answer(text: str | None, finish_reason: str | None) -> ParsedAnswer:
    """The tables and texts of an answer, in order; boxes are in the model's own units.

    Never raises: an answer that was cut, repeats itself or cannot be read says so in the result,
    for the client to go on from, and `require_whole` makes errors of that. An empty answer, or
    `null`, has no parts. `finish_reason` is what the server gave; None if it gave none.
    """
    text = text or ""
    body, unwrapped = unwrap(text.replace("\r\n", "\n").replace("\0", "").lstrip("\ufeff"))
    front_matter, body, cut_front = split_front_matter(body)
    found, values = read_json(body, read_body) or (read_body(body), FrontMatter())
    cuts = {note for note in found.notes if isinstance(note, Cut)} | unwrapped | cut_front
    if any(_has_row_of_dots(part.table) for part in found.parts if isinstance(part, TablePart)):
        cuts.add(Cut.ROW_OF_DOTS)
    reason = (finish_reason or "").strip().lower()
    if reason in _WHOLE:
        cuts.discard(Cut.NO_END)
    elif reason:
        cuts.add(Cut.FINISH_REASON)
    is_loop = bool(cuts) and ends_in_a_loop(text)
    return ParsedAnswer(
        parts=mark_captions(found.parts),
        front_matter=front_matter if values == FrontMatter() else values,
        cuts=frozenset(cuts),
        repairs=frozenset(note for note in found.notes if isinstance(note, Repair)),
        repeating=reason == "repetition" or is_one_character(text) or is_loop,
        unparsed=found.unparsed,
    )


def _has_row_of_dots(table: Table) -> bool:
    """Whether two or more cells of a row, and all that are not empty, hold dots alone."""
    rows: dict[int, list[str]] = defaultdict(list)
    for cell in table.cells:
        if cell.text:
            rows[cell.row].append(cell.text)
    return any(len(texts) > 1 and _DOTS.issuperset(texts) for texts in rows.values())
