"""Lists and bodies that cost more to read than they weigh."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

Made = Callable[[], bytes]

MEBIBYTE: Final = 1 << 20
URL: Final = b"https://example.org/a.png"


class Body(NamedTuple):
    """What is sent where, as what."""

    path: str
    kind: str
    made: Made


def listed(made: Made) -> Body:
    return Body("/api/v1/upload", "text/csv", made)


def sent(made: Made) -> Body:
    return Body("/api/v1/jobs/batch", "application/json", made)


LISTS: Final[Mapping[str, Body]] = {
    "CSV, line feeds": listed(lambda: b"\n" * (5 * MEBIBYTE)),
    "CSV, carriage returns": listed(lambda: b"Image URL" + b"\r" * (5 * MEBIBYTE)),
    "CSV, lines of commas": listed(lambda: b"Image URL" + b"\n,\r" * (2 * MEBIBYTE)),
    "CSV, quoted nothing": listed(lambda: b"Image URL\n" + b'""\n' * (2 * MEBIBYTE)),
    "CSV, quotes": listed(lambda: b'"' * (5 * MEBIBYTE)),
    "CSV, open quotes": listed(lambda: b"no,url\n" + b'1,"a\n' * MEBIBYTE),
    "CSV, one cell": listed(lambda: b"Image URL\n" + b"a" * (5 * MEBIBYTE)),
    "CSV, commas": listed(lambda: b"," * (5 * MEBIBYTE)),
    "CSV, a row for each delimiter": listed(lambda: b",;\t|\n" * MEBIBYTE),
    "CSV, zeros": listed(lambda: bytes(5 * MEBIBYTE)),
    "CSV, wide letters": listed(lambda: b"\xff\xfe" + b"\x0a\x0d" * (2 * MEBIBYTE)),
    "CSV, one address 200,000 times": listed(lambda: b"Image URL\n" + (URL + b"\n") * 200_000),
    "JSON, 1,000,000 deep": sent(lambda: b"[" * MEBIBYTE),
    "JSON, objects in objects": sent(lambda: b'{"a":' * MEBIBYTE),
    "JSON, escapes": sent(lambda: b'{"images": "' + b"\\u0000" * MEBIBYTE + b'"}'),
    "JSON, backslashes": sent(lambda: b'{"images": "' + b"\\" * (8 * MEBIBYTE)),
    "JSON, a long number": sent(lambda: b'{"priority": ' + b"9" * (4 * MEBIBYTE) + b"}"),
    "JSON, a small number": sent(lambda: b'{"priority": 1e-' + b"9" * MEBIBYTE + b"}"),
    "JSON, keys": sent(lambda: json.dumps({str(n): n for n in range(300_000)}).encode()),
    "JSON, the same key": sent(lambda: b"{" + b'"images":[],' * 500_000 + b'"a":1}'),
    "JSON, empty pictures": sent(lambda: b'{"images": [' + b"{}," * 500_000 + b"{}]}"),
    "JSON, spaces": sent(lambda: b"{" + b" " * (8 * MEBIBYTE) + b"}"),
}
