"""No possessive quantifier and no atomic group: CPython 3.11.0 to 3.11.3 match some wrongly.

See https://github.com/python/cpython/issues/106052. Debian 12 has Python 3.11.2.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import converter

ROOT = Path(converter.__file__).parent
ESCAPE_OR_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
POSSESSIVE = re.compile(r"[*+?}]\+|\(\?>")


def is_possessive(pattern: str) -> bool:
    """Whether a regular expression has a possessive quantifier or an atomic group."""
    return bool(POSSESSIVE.search(ESCAPE_OR_CLASS.sub("x", pattern)))


def texts_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of each string but docstrings; "x" stands for each value in an f-string."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            skipped.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "x" for part in node.values]
            skipped.update(node.values)
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and node not in skipped:
            if isinstance(node.value, bytes):
                yield node.lineno, node.value.decode("latin-1")
            elif isinstance(node.value, str):
                yield node.lineno, node.value


def possessive_in(source: str) -> list[int]:
    """The lines of a module that uses `re` in which a possessive expression begins."""
    if not re.search(r"^\s*(?:import re\b|from re import)", source, re.MULTILINE):
        return []
    return [line for line, text in texts_in(ast.parse(source)) if is_possessive(text)]


def test_converter_has_no_possessive_expression():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(ROOT.rglob("*.py"))
        for line in possessive_in(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        '"a*+"',
        'rb"[^b]++"',
        'r"(?:a|b)?+c"',
        'r"a{2,}+"',
        'r"(?>a)"',
        'rf"{x}*+"',
        'rf"{{1,2}}a++"',
    ],
)
def test_possessive_expression_is_found(source: str):
    assert possessive_in(f"import re\nre.compile({source})") == [2]


@pytest.mark.parametrize(
    "source", ['r"[*+]"', 'r"\\*+"', 'r"[^\\]*+]"', 'r"[]*+]"', "1 * +x", 'r"a+?"', 'rf"a{x}+"']
)
def test_other_expressions_are_not_found(source: str):
    assert possessive_in(f'"""C++"""\nimport re\nre.compile({source})') == []
