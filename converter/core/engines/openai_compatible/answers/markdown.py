"""Markdown tables: lines of cells between pipes, however loosely they are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from converter.core.engines.openai_compatible.answers.answer import (
    Cut,
    Found,
    Note,
    Repair,
    TablePart,
)
from converter.core.engines.openai_compatible.answers.cell_text import CellText
from converter.core.engines.openai_compatible.answers.tags import find_tags
from converter.core.tables.model import Box, Cell, Table

_RULE_MARKS: Final = frozenset("|+:-=\u2013\u2014 \t")
_FRAME_MARKS: Final = frozenset("+-=:")
_DASHES: Final = re.compile(r":?(?:-+|=+|\u2013+|\u2014+):?")
_CLEAR_DASHES: Final = re.compile(r":?(?:-{3,}|={3,}):?|:-+:?|-+:")
_MARK: Final = re.compile(r"\\.|\|")
_GUARDED: Final = re.compile(
    r"\\\([^\n]{0,200}?\\\)|\\.|`[^`\n]{1,200}`|\$(?!\s)[^$\n]{1,200}(?<![\s\\])\$(?!\d)|\|"
)
_FORMULA_PIPE: Final = re.compile(r"\$[^$|]*\|[^\s|]")
_ESCAPED: Final = re.compile(r"\\([|*_`#~\[\]>])")
_BOLD: Final = re.compile(r"\*\*(?=[^\s*])([^*]{1,500}?)(?<=[^\s*])\*\*")
_ITALIC: Final = re.compile(r"(?<![\w*])\*([^\W\d_](?:[^\W\d_]|[ .'-])*?)\*(?![\w*])")
_UNDERLINED: Final = re.compile(r"__([^\s_](?:[^_]{0,500}?[^\s_])?)__")
_CODE: Final = re.compile(r"(?<!`)`([^`\n]{1,500})`(?!`)")
_PICTURE: Final = re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,500}\)")
_LINK: Final = re.compile(r"\[([^\[\]\n]{1,500})\]\((?:https?:|#|/)[^()\s]{0,500}\)")
_MOST_HEADER_ROWS: Final = 3


def split_markdown(source: str, box: Box | None, *, at_end: bool) -> Iterator[str | Found]:
    """The Markdown tables in `source`, and between them the text, in order.

    With `at_end`, the answer ends with `source`, and a table that ends there may have been cut.
    """
    lines = source.split("\n")
    prose: list[str] = []
    at = 0
    while at < len(lines):
        run = _run(lines, at)
        table = _Table.of(lines[at:run]) if run > at else None
        if table is None:
            prose += lines[at : max(run, at + 1)]
            at = max(run, at + 1)
            if at_end and _may_begin_a_table(lines[at - 1]) and not any(map(str.strip, lines[at:])):
                yield Found(notes=frozenset({Cut.SHORT_ROW}))
            continue
        yield "\n".join([*prose, *table.before])
        rest = [line for line in (*table.behind, *lines[run:]) if line.strip()]
        yield table.found(box, is_last=at_end and not rest)
        if at_end and table.may_end_in(rest):
            yield Found(notes=frozenset({Cut.SHORT_ROW}))
        prose, at = list(table.behind), run
    yield "\n".join(prose)


def _run(lines: Sequence[str], begin: int) -> int:
    """The line after those, from `begin` on, that could be one table."""
    end = begin
    while end < len(lines) and ("|" in lines[end].replace("\\|", "") or _is_frame(lines[end])):
        end += 1
        if _continues(lines, end):
            end += 1
        elif end + 1 < len(lines) and not lines[end].strip():
            # A blank line may be between two rows, unless a table with its own header follows.
            is_header = end + 2 < len(lines) and _is_rule(lines[end + 2]) and end - begin > 1
            above, below = lines[end - 1], lines[end + 1]
            both_begin = below.lstrip().startswith("|") and above.lstrip().startswith("|")
            end += both_begin and not is_header and len(_split(above)) == len(_split(below))
    return end


def _continues(lines: Sequence[str], at: int) -> bool:
    """Whether the line is the rest of a cell that was broken over two lines."""
    if not 0 < at < len(lines) or not lines[at].strip():
        return False
    upper, lower = lines[at - 1].strip(), lines[at].strip()
    is_open = upper.startswith("|") and not _has_end(upper)
    return is_open and lower.endswith("|") and not lower.startswith("|")


def plain_markdown(text: str) -> str:
    """`text` as it is read, without the marks of Markdown and the tags in it.

    Stars that mark significance or a footnote stay: only pairs that enclose text go.
    """
    collector = CellText()
    at = 0
    text = _LINK.sub(r"\1", _PICTURE.sub("", text))
    for tag in find_tags(text):
        collector.text(_shown(text[at : tag.start]))
        collector.tag(tag)
        at = tag.end
    collector.text(_shown(text[at:]))
    return collector.finish()


def _shown(text: str) -> str:
    for pattern in (_BOLD, _UNDERLINED, _ITALIC, _CODE):
        text = pattern.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", text)


def _is_frame(line: str) -> bool:
    """Whether the line draws a part of a frame, as in `+---+---`, whole or not."""
    line = line.strip()
    return line.startswith("+") and _FRAME_MARKS.issuperset(line)


def _is_rule(line: str, dashes: re.Pattern[str] = _CLEAR_DASHES) -> bool:
    line = line.strip()
    if _is_frame(line):
        return True
    if not _RULE_MARKS.issuperset(line) or not line.strip("|"):
        return False
    cells = line.strip("|").split("|")
    return all(dashes.fullmatch(cell.strip()) for cell in cells)


def _may_begin_a_table(line: str) -> bool:
    """Whether the line looks like a table's first row rather than a text with pipes."""
    line = line.strip()
    if _is_frame(line) and len(line) > 3:
        return True
    begins = line.startswith("|") and (line[1:2] in {"", " "} or _RULE_MARKS.issuperset(line))
    return begins or (_is_enclosed(line) and len(_split(line)) > 1)


def _split(line: str, pattern: re.Pattern[str] = _MARK) -> list[str]:
    """The cells of a line. `pattern` finds the pipes, and what may hold pipes that are text."""
    line = line.strip()
    cells, begin = [], 0
    for match in pattern.finditer(line):
        if match[0] == "|":
            cells.append(line[begin : match.start()])
            begin = match.end()
    if line[begin:].strip() or begin == 0:
        cells.append(line[begin:])
    return cells[1:] if line.startswith("|") else cells


@dataclass(frozen=True, slots=True)
class _Table:
    header: tuple[str, ...]
    body: tuple[str, ...]
    width: int
    lines: tuple[str, ...]
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()

    @classmethod
    def of(cls, run: Sequence[str]) -> _Table | None:
        """The table that these lines are, or None if their pipes mean something else."""
        lines: list[str] = []
        written = [line for line in run if line.strip()]
        for index, line in enumerate(written):
            if lines and _continues(written, index):
                lines[-1] += f"<br>{line.strip()}"
            else:
                lines.append(line)
        rules = [index for index, line in enumerate(lines) if _is_rule(line)]
        # A row of single dashes is a rule only below the header: elsewhere its cells mean no value.
        if not rules and len(lines) > 1 and _is_rule(lines[1], _DASHES):
            rules = [1]
        if rules:
            return cls._ruled(lines, rules)
        # Rows without a rule are a table if pipes enclose them and they are alike. The last may
        # lack its end, if it was cut.
        whole = lines if len(lines) < 3 or _is_enclosed(lines[-1]) else lines[:-1]
        if len(whole) < 2 or not all(_is_enclosed(line) for line in whole):
            return None
        widths = Counter(len(_split(line)) for line in whole)
        if min(widths) < 2 or (len(widths) > 1 and len(whole) < 3):
            return None
        if not lines[-1].lstrip().startswith("|"):
            return None
        return cls((), tuple(lines), widths.most_common(1)[0][0], tuple(lines))

    @classmethod
    def _ruled(cls, lines: Sequence[str], rules: Sequence[int]) -> _Table | None:
        rule, is_rule = lines[rules[0]].strip(), set(rules)
        rows = [line for index, line in enumerate(lines) if index not in is_rule]
        is_frame, width = rule.startswith("+"), len(_split(rule))
        counts = Counter(len(_split(row)) for row in rows)
        if is_frame:
            width = rule.count("+") - 1
        elif width not in counts and width < 2:
            width = max(counts, default=0)
        if not rows or (width < 2 and not rule.startswith(("|", "+"))):
            return None
        # The first rule below a row ends the header; the n rules above it are not rows.
        header = next((index - n for n, index in enumerate(rules) if index > n), 0)
        first = max(header - 1, 0)
        if rule.startswith(("|", "+")):  # lines above the header may be text with a pipe in it
            first = next((n for n, row in enumerate(rows[:header]) if row.lstrip()[:1] == "|"), 0)
        before, above, body = rows[:first], rows[first:header], rows[header:]
        if len(above) > _MOST_HEADER_ROWS:
            above, body = [], [*above, *body]
        end = len(body)  # and so may lines behind the last row
        example = above or body
        if example and example[0].lstrip().startswith("|"):
            strays = (
                n
                for n, row in enumerate(body)
                if row.lstrip()[:1] != "|" and len(_split(row)) != width
            )
            end = next(strays, end)
        return cls(
            tuple(above), tuple(body[:end]), width, tuple(lines), tuple(before), tuple(body[end:])
        )

    def may_end_in(self, rest: Sequence[str]) -> bool:
        """Whether the lines behind the table may be the beginning of another row."""
        encloses = (self.header or self.body)[0].lstrip().startswith("|")
        return len(rest) == 1 and (not encloses or self._is_open())

    def found(self, box: Box | None, *, is_last: bool) -> Found:
        rows = []
        for line in (*self.header, *self.body):
            # Pipes in formulas and code are text if that makes the row fit.
            plain, guarded = _split(line), _split(line, _GUARDED)
            is_guarded = len(plain) > self.width == len(guarded)
            rows.append(guarded if is_guarded else plain)
        header = len(self.header)
        if header and not any(cell.strip() for row in rows[:header] for cell in row):
            rows, header = rows[header:], 0
        cells = tuple(
            Cell(row, col, plain_markdown(text), header=row < header)
            for row, texts in enumerate(rows)
            for col, text in enumerate(texts)
        )
        notes: set[Note] = {Repair.RAGGED} if len({len(row) for row in rows}) > 1 else set()
        if is_last:
            notes.add(Cut.NO_END)
        # Does the last line, row or rule, have less than the lines above it?
        top, last = self.lines[0].strip(), self.lines[-1].strip()
        if top.startswith("+"):
            is_closed = last.startswith("+") and last.endswith("+")
            ends_early = last != top and not (is_closed and last.count("+") == self.width + 1)
        else:
            in_formula = last.count("\\(") > last.count("\\)") or (
                last.count("$") % 2 == 1 and bool(_FORMULA_PIPE.search(last))
            )
            fewest = min(len(_split(last)), len(_split(last, _GUARDED)))
            ends_early = self._is_open() or in_formula or fewest < self.width
        if is_last and (not self.body or ends_early):
            notes.add(Cut.SHORT_ROW)
        return Found((TablePart(Table(cells), box),) if cells else (), frozenset(notes))

    def _is_open(self) -> bool:
        """Whether the last line lacks the pipe that ends the others."""
        ended = any(_has_end(line) for line in self.lines[:-1])
        return ended and not _has_end(self.lines[-1])


def _has_end(line: str) -> bool:
    line = line.rstrip()
    return line.endswith("|") and not line.endswith("\\|")


def _is_enclosed(line: str) -> bool:
    line = line.strip()
    return line.startswith("|") and _has_end(line)
