"""What schemathesis is told about our API: what a picture is; and a journal of all calls.

Loaded by schemathesis in its own process, by `SCHEMATHESIS_HOOKS`.
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from uuid import uuid4
from zlib import crc32

import schemathesis
from hypothesis import strategies as st
from PIL import Image

JOURNAL: Final = Path(os.environ["FUZZ_JOURNAL"])
STOCK: Final[list[dict[str, Any]]] = json.loads(Path(os.environ["FUZZ_STOCK"]).read_text())
AS_WHOM: Final = os.environ["FUZZ_AS"]
MOST_IMAGES: Final = 10_000
ONCE: Final = "Idempotency-Key"

# How what fits its schema may be refused, because of what is beside it.
BEYOND_A_SCHEMA: Final = {
    "bad_template",  # two fields of one name, none active, a pattern that RE2 does not know
    "fields_missing",  # fields are to be read, and none is named
    "unsupported_type",  # a list among pictures
    "csv_not_text",  # a picture in the place of a list
    "name_taken",  # there is another one
}
PLACES_BEYOND_A_SCHEMA: Final = (
    "body.fields",  # two fields of one name; in a form, a line of the text that is too long
    "body.webhook_url",  # no public address
)
# Whatever fits the schema, there is no such template, and no such address.
MOSTLY_REFUSED: Final = {"template_id", "webhook_url"}
# What a call can be of use with, by how it ends; all others with anything.
SUITS: Final = {
    "PATCH /{job_id}": "draft",
    "POST /images": "draft",
    "POST /check": "draft",
    "GET /check": "draft",
    "DELETE /{image_id}": "draft",
    "PUT /values": "cards",
    "DELETE /values": "cards",
    "POST /resume": "cancelled",
    "POST /go-on": "paused",
    "POST /send": "tables",
    "GET /tables": "tables",
    "PATCH /cells": "tables",
    "POST /structure": "tables",
    "POST /undo": "tables",
    "GET /{file_id}": "tables",
    "GET /info": "tables",
    "GET /preview": "tables",
    # What takes a thing away does not take it from other calls.
    "POST /start": "paused",
    "POST /cancel": "cancelled",
    "DELETE /{job_id}": "cancelled",
    "DELETE /{file_id}": "spare",
}
_to_start: Final[list[str]] = []  # drafts that took pictures
_gone: Final[set[str]] = set()
_NAMES: Final = ("image_data", "image")
MENTIONED: Final = {"template_id", "image_id"}
NO_CONTENT: Final = 204
URI_TOO_LONG: Final = 414
FIELD: Final = "Surname"  # of the cards in `stock`
_FEW: Final = 20


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Valid bodies get real pictures: what draws them knows that they are base64, and no more."""
    images = case.body.get("images") if isinstance(case.body, dict) else None
    if isinstance(images, list) and _FEW < len(images) <= MOST_IMAGES:
        case.body["images"] = images[:_FEW]  # all of them take minutes
    if _mode(case) != "positive":
        return
    if isinstance(case.body, dict) and case.media_type == "application/json":
        case.body = {
            name: _with_pictures(name, value)
            for name, value in case.body.items()
            if name not in MOSTLY_REFUSED or _seldom(value)
        }
    if _phase(case) == "fuzzing":
        _take_from_stock(case)
        if case.path.endswith("/start") and _to_start:
            case.path_parameters = {"job_id": _to_start.pop()}
        if case.path.endswith("/upload") and isinstance(case.body, dict):
            _send_list(case)
    if case.headers and ONCE in case.headers:
        case.headers[ONCE] = uuid4().hex  # each new call needs its own


def _take_from_stock(case: Any) -> None:
    """Most calls are of something that is there."""
    end = f"{case.method} /{case.path.rpartition('/')[2]}"
    kind, wanted = SUITS.get(end), set(case.path_parameters or ())
    fitting = [
        thing
        for thing in STOCK
        if wanted <= thing.keys()
        and kind in {None, thing["kind"]}
        and not _gone & {str(thing[name]) for name in wanted}
    ]
    chance = crc32(repr((case.path_parameters, case.query, case.body)).encode())
    if not wanted or not fitting or chance % 4 == 0:
        return
    thing = fitting[chance % len(fitting)]
    case.path_parameters = {name: str(thing[name]) for name in case.path_parameters}
    if end == "PUT /values" and isinstance(case.body, dict):
        case.body["field"] = FIELD
    if end == "PATCH /cells" and isinstance(case.body, dict):
        case.body["cells"] = [cell | {"row": 0, "col": 0} for cell in case.body["cells"]]
    if end == "POST /structure" and chance % 2:
        case.body = {"do": "insert_rows", "at": 0}
    if end == "DELETE /values":
        case.query = {"field": FIELD}


def _send_list(case: Any) -> None:
    """Most lists that are sent are some."""
    if not _seldom(case.body):
        kept = {name: value for name, value in case.body.items() if name not in MOSTLY_REFUSED}
        case.body = kept | {"file": LIST}


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Whether it is one: a schema cannot say all that makes a request valid."""
    if response.status_code == URI_TOO_LONG:
        return False  # the web server refused it before it came to us
    match failure.code:
        case "ST201":  # invalid data was taken
            # Where the tool adds an id to a form, it takes its own files for invalid.
            return "positive test case" not in failure.message
        case "ST202":  # valid data was refused
            return not _is_beyond_a_schema(case, response)
        case "ST302":  # what was made is not there
            return not _may_be_missing(case)
    return True


def _is_beyond_a_schema(case: Any, response: Any) -> bool:
    if "problem" not in response.headers["content-type"][0]:
        return False
    problem = response.json()
    if problem["code"] == "bad_request":
        return "\\x00" in repr(case.body)  # no database takes it
    places = [error["at"] for error in problem.get("errors", ())]
    return problem["code"] in BEYOND_A_SCHEMA or any(
        place.startswith(PLACES_BEYOND_A_SCHEMA) for place in places
    )


def _may_be_missing(case: Any) -> bool:
    if isinstance(case.body, dict) and MENTIONED & case.body.keys():
        return True  # it is what is mentioned that is not there
    if _gone & set(map(str, case.path_parameters.values())):
        return True  # a job goes with its file, which is deleted at another address
    # Who keeps no cookie finds no field template again.
    return AS_WHOM == "nobody" and "/templates" in case.operation.path


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    if response.status_code == NO_CONTENT and case.method == "DELETE":
        _gone.add(str([*case.path_parameters.values()][-1]))
    if response.status_code < 300 and case.path.endswith("/images") and case.method == "POST":
        _to_start.append(str(case.path_parameters["job_id"]))
    line = [case.operation.label, _phase(case), _mode(case), response.status_code]
    with JOURNAL.open("a") as journal:
        journal.write(f"{json.dumps(line)}\n")


def _phase(case: Any) -> str:
    return str(case.meta.phase.name.value) if case.meta else "probe"


def _mode(case: Any) -> str:
    return str(case.meta.generation.mode.value) if case.meta else ""


def _seldom(value: Any) -> bool:
    return crc32(repr(value).encode()) % 4 == 0


def _with_pictures(name: str, value: Any) -> Any:
    if name == "images" and isinstance(value, list):
        return [
            {key: _with_pictures(key, one) for key, one in item.items()}
            if isinstance(item, dict)
            else item
            for item in value
        ]
    if name in _NAMES and isinstance(value, str):
        return b64encode(PICTURES[crc32(value.encode()) % len(PICTURES)]).decode()
    return value


def _drawn(kind: str) -> bytes:
    buffer = BytesIO()
    Image.new("1", (24, 16), 1).save(buffer, kind)
    return buffer.getvalue()


# One of each kind that people send.
PICTURES: Final = [_drawn(kind) for kind in ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP", "PDF")]
LIST: Final = b"number,name,image\n1,Apples,http://127.0.0.1/a.png\n"  # which is not public
schemathesis.openapi.format("binary", st.sampled_from([*PICTURES, LIST]))
