"""`python -m tests.api.fuzz.quick_app up`: the real app, whose engine reads any picture at once.

Every fourth or so fails, by its name, so that jobs end in every way there is.
"""

import os
import sys
from zlib import crc32

from django.core.management import execute_from_command_line

from converter.core.engines import registry
from converter.core.engines.protocol import Mode, Reading, ReadRequest
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue
from converter.core.images import PageImage
from converter.core.tables.model import Cell, Table


class QuickEngine:
    name = "quick"
    version = "1"

    def read(self, image: PageImage, request: ReadRequest) -> Reading:
        if crc32(image.name.encode()) % 4 == 0:
            raise EngineError("engine_failed", "It could not read this.", permanent=True)
        if request.mode == Mode.FIELDS:
            fields = tuple(
                FieldValue(field.name, image.name, confidence=1.0) for field in request.fields
            )
            return Reading("quick", fields=fields)
        cells = (
            Cell(0, 0, "Total", header=True, colspan=2),
            Cell(1, 0, image.name),
            Cell(1, 1, "7"),
        )
        return Reading("quick", tables=(Table(cells),))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tablexl.settings")
    registry._ENGINES[registry.LOCAL] = "tests.api.fuzz.quick_app.QuickEngine"
    execute_from_command_line(["manage.py", *(sys.argv[1:] or ["up"])])
