"""Tables and fields out of images, in plain Python: no Django, no settings, no database.

The names below are the library; `docs/library.md` shows how to use them. Each is imported when it
is first used, so that `import converter.core.errors` loads neither NumPy nor Pillow.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from converter.core.engines.protocol import Mode, Reading, ReadRequest
    from converter.core.engines.registry import make_engine
    from converter.core.errors import EngineError, ImageError, TablexlError
    from converter.core.fields.specification import FieldSpec, FieldType
    from converter.core.fields.values import FieldValue
    from converter.core.images import Limits, PageImage, open_pages
    from converter.core.tables.doubt import needs_a_look, reasons
    from converter.core.tables.model import Cell, Table
    from converter.core.tables.values import Value, table_values
    from converter.core.workbook.fields_book import FieldRow, write_fields
    from converter.core.workbook.summary import ImageReport
    from converter.core.workbook.tables_book import TableBook

__all__ = [
    "Cell",
    "EngineError",
    "FieldRow",
    "FieldSpec",
    "FieldType",
    "FieldValue",
    "ImageError",
    "ImageReport",
    "Limits",
    "Mode",
    "PageImage",
    "ReadRequest",
    "Reading",
    "Table",
    "TableBook",
    "TablexlError",
    "Value",
    "make_engine",
    "needs_a_look",
    "open_pages",
    "reasons",
    "table_values",
    "write_fields",
]

_MODULES: Final = {
    "engines.protocol": ("Mode", "ReadRequest", "Reading"),
    "engines.registry": ("make_engine",),
    "errors": ("EngineError", "ImageError", "TablexlError"),
    "fields.specification": ("FieldSpec", "FieldType"),
    "fields.values": ("FieldValue",),
    "images": ("Limits", "PageImage", "open_pages"),
    "tables.doubt": ("needs_a_look", "reasons"),
    "tables.model": ("Cell", "Table"),
    "tables.values": ("Value", "table_values"),
    "workbook.fields_book": ("FieldRow", "write_fields"),
    "workbook.summary": ("ImageReport",),
    "workbook.tables_book": ("TableBook",),
}

if not TYPE_CHECKING:  # type checkers would take any name for one of this module

    def __getattr__(name: str) -> object:
        """Import a public name on its first use (PEP 562)."""
        for module, names in _MODULES.items():
            if name in names:
                value = getattr(import_module(f"{__name__}.{module}"), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
