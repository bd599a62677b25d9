"""Commands of `manage.py`, and the type of an argument that several of them take."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

from converter.core.errors import TemplateError
from converter.core.fields.specification import TemplateSpec, parse_template


def template_file(name: str) -> TemplateSpec:
    """The template in a JSON file."""
    try:
        return parse_template(Path(name).read_bytes())
    except (OSError, TemplateError) as error:
        raise ArgumentTypeError(f"{name}: {error}") from error
