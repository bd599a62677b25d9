"""The value that was found for a field, or that none was."""

from __future__ import annotations

from dataclasses import dataclass

from converter.core.tables.model import Box


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What was found for one field; `text` is None if the field was not found.

    `box` is in pixels of the upright image, None if unknown; `confidence` is 0..1.
    """

    name: str
    text: str | None = None
    box: Box | None = None
    confidence: float = 0.0
