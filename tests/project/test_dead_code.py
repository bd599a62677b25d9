"""Code that nothing uses is deleted, also when only its own tests still call it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("class", "function", "method", "property")
REGISTERED = (
    "@*.get", "@*.post", "@*.put", "@*.patch", "@*.delete", "@admin.*", "@*register*", "@property",
    "@env.parser_for", "@*_validator",
)  # fmt: skip

# Called by Django or a library by their names, which vulture cannot see.
CALLED_BY_NAME = {
    "Command", "ConverterConfig", "Meta", "Worker", "__getattr__", "add_arguments",
    "get_openapi_operation_id", "handle", "has_add_permission", "has_change_permission", "lookups",
    "process_exception", "queryset", "receive_data_chunk",
}  # fmt: skip


def _words_of_templates() -> set[str]:
    pages = (ROOT / "templates").rglob("*.html")
    return {word for page in pages for word in re.findall(r"\w+", page.read_text())}


def _dotted_names() -> set[str]:
    """Names that settings and tasks give as strings, such as `converter.tasks.work`."""
    names: set[str] = set()
    for folder in ("converter", "tablexl"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                text = node.value if isinstance(node, ast.Constant) else None
                if isinstance(text, str) and re.fullmatch(r"[\w.]+", text):
                    names.update(text.split("."))
    return names


def test_nothing_is_unused():
    vulture = Vulture(ignore_decorators=list(REGISTERED))
    folders = [str(ROOT / name) for name in ("converter", "tablexl", "manage.py")]
    vulture.scavenge(folders, exclude=["*/migrations/*"])
    used = CALLED_BY_NAME | _words_of_templates() | _dotted_names()
    unused = [
        f"{code.filename}:{code.first_lineno} {code.typ} {code.name}"
        for code in vulture.get_unused_code(min_confidence=60)
        if code.typ in KINDS and code.name not in used
    ]
    assert not unused
