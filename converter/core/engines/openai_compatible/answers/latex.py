"""LaTeX tables: `tabular` and its kin, and the environments around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
_SPAN: Final = re.compile(r"\s*\\multi(column|row)\s*")
_ENVIRONMENT: Final = re.compile(
    r"\\(?:begin|end)\s*\{[^{}\n]{0,20}\}(?:\[[a-z]\])?(?:\{(?:[^{}\n]|\{[^{}\n]{0,40}\}){0,60}\})?"
)


@dataclass(slots=True)
class _Rows:
    """The cells of each row, as source, and what rules stand above which row."""

    rows: list[list[str]]
    rules: list[tuple[str, int]]
    is_balanced: bool = True


def split_latex(source: str, box: Box | None, *, at_end: bool) -> Iterator[str | Found]:
    """The LaTeX tables in `source`, and between them the text, in order."""
    at = depth = begin = 0
    has_tables = bool(_BORDER.search(source))
    for border in _BORDER.finditer(source):
        if border[1] == "begin":
            if depth == 0:
                yield from _outside(source[at : border.start()])
                begin, at = border.end(), len(source)
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield _read(unescape(source[begin : border.start()]), box, is_open=False)
                at = border.end()
    if depth:
        yield _read(unescape(source[begin:]), box, is_open=True)
    else:
        cut = _CUT_BEGIN.search(source, max(0, len(source) - 40)) if at_end else None
        rest = source[at : cut.start() if cut else len(source)]
        yield from _outside(rest) if has_tables or "\\caption" in rest else [rest]
        if cut:
            yield Found(notes=frozenset({Cut.OPEN_TAG}))


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
    source = _without_specification(source)
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


def _without_specification(source: str) -> str:
    """The rows, without the widths and columns that stand before them."""
    at = 0
    while match := re.compile(r"\s*(?:\[[^\[\]\n]{0,20}\]|(?=\{))").match(source, at):
        if match.end() == match.start() or source[match.end() : match.end() + 1] == "{":
            group, end = _group(source, match.end())
            if "&" in group or "\\\\" in group:
                break
            at = end
        else:
            at = match.end()
    return source[at:]


def _group(source: str, at: int) -> tuple[str, int]:
    """What stands between the brace at `at` and its partner, and where that ends."""
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
    inner = _inner(source)
    while match := _TOKEN.search(source, at):
        at = match.end()
        depth = max(0, depth + bool(match["open"]) - bool(match["close"]))
        if (depth and heeds_braces) or _is_within(inner, match.start()):
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
                at = _behind_rule(source, match)
            begin = at
    rows.rows[-1].append("".join([*cell, source[begin:]]))
    rows.is_balanced = depth == 0
    return rows


def _inner(source: str) -> list[tuple[int, int]]:
    """Where tables within cells begin and end, in order."""
    found, depth, begin = [], 0, 0
    for border in _BORDER.finditer(source):
        if border[1] == "begin":
            begin = begin if depth else border.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                found.append((begin, border.end()))
    return found[::-1]


def _is_within(inner: list[tuple[int, int]], at: int) -> bool:
    """Whether `at` lies in a table within a cell. Asked in order, it forgets those behind."""
    while inner and inner[-1][1] <= at:
        inner.pop()
    return bool(inner) and inner[-1][0] <= at


def _behind_rule(source: str, rule: re.Match[str]) -> int:
    if rule[0] not in _TAKES_ARGUMENTS:
        return rule.end()
    arguments = _RULE_ARGUMENTS.match(source, rule.end())
    return arguments.end() if arguments else rule.end()


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
            cell = _cell(source, row, col)
            upright = _upright(replace(cell, header=row < header), placed)
            placed[upright.row, upright.col] = upright
            col += cell.colspan
    return list(placed.values())


def _upright(cell: Cell, above: Mapping[tuple[int, int], Cell]) -> Cell:
    """The cell from its topmost row on: a negative \\multirow stands in its last, below blanks."""
    top = cell.row
    while cell.row - top < -cell.rowspan - 1 and top:
        upper = above.get((top - 1, cell.col))
        if upper is None or upper.text or upper.colspan > 1:
            break
        top -= 1
    return replace(cell, row=top, rowspan=max(cell.rowspan, cell.row - top + 1))


def _cell(source: str, row: int, col: int) -> Cell:
    """The cell that LaTeX makes of `source`; its `rowspan` may be negative."""
    spans = {"column": 1, "row": 1}
    for _ in range(2):
        match = _SPAN.match(source)
        if not match:
            break
        spans[match[1]], source = _span(source, match.end())
    shown = plain_latex(_lines(source))
    tidy = re.sub(r"[ \t]*\n\s*", "\n", re.sub(r"[ \t]+", " ", shown)).strip()
    return Cell(row, col, tidy, spans["row"] or 1, min(max(spans["column"], 1), 1_000))


def _span(source: str, at: int) -> tuple[int, str]:
    """How far a \\multicolumn or \\multirow reaches, and what it holds."""
    groups: list[str] = []
    while len(groups) < 3 and at < len(source):
        at = _behind_options(source, at)
        if source[at : at + 1] == "{":
            group, at = _group(source, at)
        else:  # \multirow{2}*{text}
            group, at = source[at : at + 1], at + 1
        groups.append(group)
    number = re.fullmatch(r"\s*(-?\d{1,6})(?:\.0)?\s*", groups[0]) if groups else None
    return int(number[1]) if number else 1, groups[2] + source[at:] if len(groups) == 3 else source


def _behind_options(source: str, at: int) -> int:
    while match := re.compile(r"\s+|\[[^\[\]\n]{0,20}\]").match(source, at):
        at = match.end()
    return at


def _lines(source: str) -> str:
    """The source with a space for each line's end, and formulas without their dollars."""
    source = re.sub(r"(?<!\\)\$|\\[()]", "", _ENVIRONMENT.sub("", source))
    return re.sub(r"(?<!\\)&", " | ", source.replace("\n", " "))


def _header_rows(rows: _Rows, written: Sequence[int]) -> int:
    """How many rows stand above the rule that parts the header from the body."""
    heads = [at for name, at in rows.rules if name in {"\\midrule", "\\endhead", "\\endfirsthead"}]
    if not heads:
        heads = _single_rule([at for name, at in rows.rules if name == "\\hline"], written)
    above = sum(index < heads[0] for index in written) if heads else 0
    return above if above < len(written) else 0


def _single_rule(rules: Sequence[int], written: Sequence[int]) -> list[int]:
    """The row below the first inner \\hline, unless there is one below most rows."""
    inner = sorted({at for at in rules if written and written[0] < at <= written[-1]})
    return inner[:1] if inner and len(inner) * 2 <= max(len(written) - 1, 2) else []
