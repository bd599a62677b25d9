"""The corpus: answers as models write them, each with what must come of it.

A file holds cases; `tests/core/engines/openai_compatible/answers/corpus/README.md` tells the form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from converter.core.engines.openai_compatible.answers.answer import (
    FrontMatter,
    ParsedAnswer,
    TablePart,
)
from converter.core.engines.openai_compatible.answers.parse import parse_answer
from converter.core.tables.model import Box, Table

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    finish_reason: str | None
    wanted: str

    def parse(self) -> ParsedAnswer:
        return parse_answer(self.text, self.finish_reason)

    @property
    def is_whole(self) -> bool:
        """Whether the answer is well-formed: nothing cut, mended or unread is expected of it."""
        flags = ("cut:", "repaired:", "repeating", "unparsed:")
        return not any(line.startswith(flags) for line in self.wanted.splitlines())


def read_corpus() -> list[Case]:
    return [case for path in sorted(CORPUS.glob("*.txt")) for case in _cases(path)]


def _cases(path: Path) -> Iterator[Case]:
    for block in path.read_text(encoding="utf-8").split("@@@ ")[1:]:
        head, _, rest = block.partition("\n")
        name, _, finish = head.partition(" finish=")
        text, _, wanted = f"\n{rest}".partition("\n>>>")
        yield Case(
            f"{path.stem}: {name}",
            text[1:],
            {"": "stop", "none": None}.get(finish, finish),
            wanted.strip(),
        )


def show(answer: ParsedAnswer) -> str:
    """The answer in the form in which the corpus says what is wanted."""
    values = {key.name: getattr(answer.front_matter, key.name) for key in fields(FrontMatter)}
    lines = [f"{name}: {value}" for name, value in values.items() if value is not None]
    for number, part in enumerate(answer.parts):
        if isinstance(part, TablePart):
            after_table = number and isinstance(answer.parts[number - 1], TablePart)
            lines += ["--"] if after_table and not part.box else []
            lines += [*_show_box(part.box), *show_table(part.table)]
        else:
            kind = "caption" if part.is_caption else "text"
            lines += [*_show_box(part.box), f"{kind}: {_escaped(part.text)}"]
    lines += [f"unparsed: {_escaped(piece)}" for piece in answer.unparsed]
    lines += [f"cut: {' '.join(sorted(answer.cuts))}"] if answer.cuts else []
    lines += [f"repaired: {' '.join(sorted(answer.repairs))}"] if answer.repairs else []
    lines += ["repeating"] if answer.repeating else []
    return "\n".join(lines)


def show_table(table: Table) -> list[str]:
    shown = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        for row, col in cell.places():
            shown[row][col] = "<" if col > cell.col else "^"
        shown[cell.row][cell.col] = ("# " if cell.header else "") + _escaped(cell.text)
    return ["|" + "|".join(f" {text} ".replace("  ", " ") for text in row) + "|" for row in shown]


def _escaped(text: str) -> str:
    return text.replace("\n", "\\n")


def _show_box(box: Box | None) -> list[str]:
    return [f"box: {' '.join(f'{edge:g}' for edge in box)}"] if box else []
