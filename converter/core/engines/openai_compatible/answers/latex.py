"""LaTeX tables: `tabular` and its kin, and the environments around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from converter.core.engines.openai_compatible.answers.answer import (
    Cut,
    Found,
    Note,
    Repair,
    TablePart,
    TextPart,
)
from converter.core.engines.openai_compatible.answers.cell_text import unescape
from converter.core.engines.openai_compatible.answers.maths import plain_latex
from converter.core.engines.openai_compatible.answers.spans import settle
from converter.core.tables.model import Box, Cell

_KINDS: Final = r"(?:tabular[xy*]?|longtable\*?|tabulary|supertabular|xltabular|array|tblr)"
_BORDER: Final = re.compile(rf"\\(begin|end)\s*\{{\s*{_KINDS}\s*\}}")
_CUT_BEGIN: Final = re.compile(r"\\(?:b(?:e(?:g(?:in?)?)?)?)?$|\\begin\s*\{[^{}\n]{0,20}$")
_AROUND: Final = re.compile(
    r"\\(?:begin|end)\s*\{(?:table\*?|center|sidewaystable|threeparttable|tablenotes|adjustbox"
    r"|document|small|footnotesize|landscape|wraptable)\}(?:\[[^\[\]\n]{0,40}\])?"
    r"|\\(?:label|vspace\*?|hspace\*?|documentclass|usepackage|renewcommand|setlength)"
    r"(?:\[[^\[\]\n]{0,80}\])?(?:\s*\\\w{1,40}|\{[^{}\n]{0,80}\}){1,3}"
    r"|\\(?:centering|small|footnotesize|scriptsize|normalsize|noindent|par|maketitle)\b"
    r"|\\(?:resizebox|scalebox)\*?(?:\{[^{}\n]{0,40}\}){1,2}\{%?"
    r"|\\\[\s*$|^\s*\\\]|\$\$\s*$|^\s*\$\$|^\s*\}"
)
_CAPTION: Final = re.compile(r"\\caption\*?(?:\[[^\[\]\n]{0,200}\])?\s*(?=\{)")
_TOKEN: Final = re.compile(
    r"(?P<end>\\\\\*?[ \t]*(?:\[[^\[\]\n&]{0,20}\])?|\\tabularnewline\b)"
    r"|(?P<rule>\\(?:hline|toprule|midrule|bottomrule|endhead|endfirsthead|endfoot|endlastfoot"
    r"|addlinespace|specialrule|cline|cmidrule|hhline|noalign|arrayrulecolor|rowcolor)(?![A-Za-z]))"
    r"|(?P<comment>^[ \t]*%[^\n]*$)"
    r"|\\.|(?P<and>&)|(?P<open>\{)|(?P<close>\})",
    re.DOTALL | re.MULTILINE,
)
_RULE_ARGUMENTS: Final = re.compile(
    r"(?:\s*\([a-zA-Z0-9.{} ]{0,20}\)|\[[^\[\]\n]{0,20}\]|\{[^{}\n]{0,60}\}){0,4}"
)
_ARGUMENT_RULES: Final = (
    "addlinespace specialrule cline cmidrule hhline noalign arrayrulecolor rowcolor toprule"
    " midrule bottomrule"
)
_TAKES_ARGUMENTS: Final = frozenset(f"\\{name}" for name in _ARGUMENT_RULES.split())
_OPTION_OR_GROUP: Final = re.compile(r"\s*(?:\[[^\[\]\n]{0,20}\]|(?=\{))")
_BLANK_OR_OPTION: Final = re.compile(r"\s+|\[[^\[\]\n]{0,20}\]")
_WHOLE_NUMBER: Final = re.compile(r"\s*(-?\d{1,6})(?:\.0)?\s*")
_SPAN: Final = re.compile(r"\s*\\multi(column|row)\s*")
_ENVIRONMENT: Final = re.compile(
    r"\\(?:begin|end)\s*\{[^{}\n]{0,20}\}(?:\[[a-z]\])?(?:\{(?:[^{}\n]|\{[^{}\n]{0,40}\}){0,60}\})?"
)


@dataclass(slots=True)
class _Rows:
    """The cells of each row, as source, and the rules with the row below each."""

    rows: list[list[str]]
    rules: list[tuple[str, int]]
    is_balanced: bool = True


def split_latex(source: str, box: Box | None, *, at_end: bool) -> Iterator[str | Found]:
    """The LaTeX tables in `source`, and between them the text, in order.

    With `at_end`, the answer ends with `source`, and a \\begin may have been cut there.
    """
    at = 0
    for begin, end in _tables(source):
        yield from _outside(source[at : begin.start()])
        if end is None:
            yield _read(unescape(source[begin.end() :]), box, is_open=True)
            return
        yield _read(unescape(source[begin.end() : end.start()]), box, is_open=False)
        at = end.end()
    cut = _CUT_BEGIN.search(source, max(0, len(source) - 40)) if at_end else None
    rest = source[at : cut.start() if cut else len(source)]
    is_latex = "\\caption" in rest or _BORDER.search(source)
    yield from _outside(rest) if is_latex else [rest]
    if cut:
        yield Found(notes=frozenset({Cut.OPEN_TAG}))


def _tables(source: str) -> Iterator[tuple[re.Match[str], re.Match[str] | None]]:
    """The \\begin and the \\end of each outermost table; None if the \\end is missing."""
    depth = 0
    begin: re.Match[str] | None = None
    for border in _BORDER.finditer(source):
        if border[1] == "begin":
            begin = begin or border
            depth += 1
        elif begin:
            depth -= 1
            if depth == 0:
                yield begin, border
                begin = None
    if begin:
        yield begin, None


def _outside(source: str) -> Iterator[str | Found]:
    """The text around tables, without what only LaTeX needs; captions apart."""
    source = _AROUND.sub("", source)
    at = 0
    for match in _CAPTION.finditer(source):
        if match.start() >= at:
            yield source[at : match.start()]
            text, at = _group(source, match.end())
            yield Found((TextPart(plain_latex(text).strip(), is_caption=True),))
    yield source[at:]


def _read(source: str, box: Box | None, *, is_open: bool) -> Found:
    captions: tuple[TextPart, ...] = ()
    if match := _CAPTION.search(source):  # a longtable holds its own
        text, end = _group(source, match.end())
        captions = (TextPart(plain_latex(text).strip(), is_caption=True),)
        source = source[: match.start()] + re.sub(r"^\s*\\\\", "", source[end:])
    at = 0  # where the rows begin, behind the widths and columns that \\begin takes
    while match := _OPTION_OR_GROUP.match(source, at):
        end = match.end()
        if end == match.start() or source[end : end + 1] == "{":
            group, end = _group(source, end)
            if "&" in group or "\\\\" in group:
                break
        at = end
    source = source[at:]
    rows = _split(source)
    notes: set[Note] = {Cut.OPEN_TABLE} if is_open else set()
    if is_open:
        rows.rows = rows.rows[:-1]
    elif not rows.is_balanced:  # one brace too many would swallow all rows behind it
        rows = _split(source, heeds_braces=False)
        notes.add(Repair.TAGS)
    grid = settle(_cells(rows))
    if grid.table is None:
        return Found(captions, frozenset(notes), (source[:10_000],))
    if grid.mended:
        notes.add(Repair.SPANS)
    parts = (TablePart(grid.table, box),) if grid.table.cells else ()
    return Found((*captions, *parts), frozenset(notes))


def _group(source: str, at: int) -> tuple[str, int]:
    """The text between the brace at `at` and its partner, and where that ends."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(source, at):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and match[0] == "}":
            return source[at + 1 : match.start()], match.end()
    return source[at + 1 :], len(source)


def _split(source: str, *, heeds_braces: bool = True) -> _Rows:
    rows = _Rows([[]], [])
    depth = begin = at = 0
    cell: list[str] = []
    inner = [(opened.start(), closed.end()) for opened, closed in _tables(source) if closed][::-1]
    while match := _TOKEN.search(source, at):
        at = match.end()
        depth = max(0, depth + bool(match["open"]) - bool(match["close"]))
        while inner and inner[-1][1] <= match.start():
            inner.pop()
        if (depth and heeds_braces) or (inner and inner[-1][0] <= match.start()):
            continue
        if match["end"] or match["and"]:
            rows.rows[-1].append("".join([*cell, source[begin : match.start()]]))
            cell, begin = [], at
            if match["end"]:
                rows.rows.append([])
        elif match["rule"] or match["comment"]:
            cell.append(source[begin : match.start()])
            if match["rule"]:
                rows.rules.append((match[0], len(rows.rows) - 1))
                arguments = _RULE_ARGUMENTS.match(source, at)
                at = arguments.end() if arguments and match[0] in _TAKES_ARGUMENTS else at
            begin = at
    rows.rows[-1].append("".join([*cell, source[begin:]]))
    rows.is_balanced = depth == 0
    return rows


def _cells(rows: _Rows) -> list[Cell]:
    written = [
        (index, cells)
        for index, cells in enumerate(rows.rows)
        if len(cells) > 1 or any(cell.strip() for cell in cells)
    ]
    header = _header_rows(rows, [index for index, _ in written])
    placed: dict[tuple[int, int], Cell] = {}
    for row, (_, sources) in enumerate(written):
        col = 0
        for source in sources:
            cell = replace(_cell(source, row, col), header=row < header)
            # A negative \multirow is in the last of its rows: it moves up into the blanks above.
            top = row
            while (
                row - top < -cell.rowspan - 1
                and (upper := placed.get((top - 1, col)))
                and not upper.text
                and upper.colspan == 1
            ):
                top -= 1
            placed[top, col] = replace(cell, row=top, rowspan=max(cell.rowspan, row - top + 1))
            col += cell.colspan
    return list(placed.values())


def _cell(source: str, row: int, col: int) -> Cell:
    """The cell that LaTeX makes of `source`; its `rowspan` may be negative."""
    spans = {"column": 1, "row": 1}
    for _ in range(2):
        match = _SPAN.match(source)
        if not match:
            break
        groups: list[str] = []
        at = match.end()
        while len(groups) < 3 and at < len(source):
            while blank := _BLANK_OR_OPTION.match(source, at):
                at = blank.end()
            if source[at : at + 1] == "{":
                group, at = _group(source, at)
            else:  # \\multirow{2}*{text}
                group, at = source[at : at + 1], at + 1
            groups.append(group)
        number = _WHOLE_NUMBER.fullmatch(groups[0]) if groups else None
        spans[match[1]] = int(number[1]) if number else 1
        source = groups[2] + source[at:] if len(groups) == 3 else source
    source = re.sub(r"(?<!\\)\$|\\[()]", "", _ENVIRONMENT.sub("", source))
    shown = plain_latex(re.sub(r"(?<!\\)&", " | ", source.replace("\n", " ")))
    tidy = re.sub(r"[ \t]*\n\s*", "\n", re.sub(r"[ \t]+", " ", shown)).strip()
    return Cell(row, col, tidy, spans["row"] or 1, min(max(spans["column"], 1), 1_000))


def _header_rows(rows: _Rows, written: Sequence[int]) -> int:
    """How many rows are above the rule that separates the header from the body.

    Of plain \\hline that is the first inner one, unless there is one below most rows.
    """
    heads = [at for name, at in rows.rules if name in {"\\midrule", "\\endhead", "\\endfirsthead"}]
    if not heads and written:
        lines = {at for name, at in rows.rules if name == "\\hline"}
        inner = sorted(at for at in lines if written[0] < at <= written[-1])
        heads = inner if len(inner) * 2 <= max(len(written) - 1, 2) else []
    above = sum(index < heads[0] for index in written) if heads else 0
    return above if above < len(written) else 0
