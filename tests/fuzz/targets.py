"""Our own parsers: what they may raise, what a good input looks like, and its words.

A target takes any bytes. Whatever it raises, its callers do not expect.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final

from pydantic import ValidationError

from converter.api.bodies import Body
from converter.api.options import Submission
from converter.core.decoding import decoders, wire
from converter.core.engines.local.networks import onnx_file
from converter.core.engines.openai_compatible.answers.body import read_body
from converter.core.engines.openai_compatible.answers.layout_json import read_json
from converter.core.engines.openai_compatible.answers.maths import plain_latex, without_maths
from converter.core.engines.openai_compatible.field_repair import mend_fields
from converter.core.engines.openai_compatible.field_values import NotAnObject, read_fields
from converter.core.engines.openai_compatible.profiles import PROFILES
from converter.core.engines.openai_compatible.replies import ApiError, read_models, read_reply
from converter.core.errors import ImageError, TablexlError
from converter.core.fields.specification import FieldSpec, FieldType, parse_template
from converter.core.images import Limits as ImageLimits
from converter.core.manifests.model import Limits
from converter.core.manifests.reading import read
from converter.core.tables.dates import parse_date
from converter.core.tables.values import column_values, number_values

PARSERS: Final = {profile.parse for profile in PROFILES}
FIELDS: Final = (
    FieldSpec("Name"),
    FieldSpec("Price", type=FieldType.NUMBER),
    FieldSpec("Kind", type=FieldType.CHOICE, values=("a", "b")),
)
WEIGHTS: Final = onnx_file.message_of([onnx_file.Field(onnx_file.TENSOR_DIMS, 0, 300)])


@dataclass(frozen=True, slots=True)
class Target:
    """A parser, inputs that it reads, and words of its language."""

    parse: Callable[[bytes], object]
    seeds: Sequence[str | bytes]
    words: str = ""


def _text(data: bytes) -> str:
    """Any text at all, with what no encoding has, as models have been seen to write it."""
    return data.decode(errors="surrogateescape")


def _answer(data: bytes) -> None:
    for parse in PARSERS:
        parse(_text(data), None)


def _layout(data: bytes) -> None:
    read_json(_text(data), read_body)


def _maths(data: bytes) -> None:
    plain_latex(_text(data))
    without_maths(_text(data))


def _fields(data: bytes) -> None:
    try:
        read_fields(_text(data), FIELDS)
    except NotAnObject:
        mend_fields(_text(data), "stop", FIELDS)


def _reply(data: bytes) -> None:
    for status in (200, 429):
        with suppress(ApiError):
            read_reply(status, {"retry-after": _text(data[:40])}, data, 0.0)
        with suppress(ApiError):
            read_models(status, {}, data)


def _manifest(data: bytes) -> None:
    with suppress(TablexlError):
        read(data, Limits(rows=1_000, addresses=1_000))


def _template(data: bytes) -> None:
    with suppress(TablexlError):
        parse_template(data)


def _values(data: bytes) -> None:
    lines = _text(data).split("\n")
    column_values(lines)
    number_values(lines)
    for line in lines:
        parse_date(line)


def _network(data: bytes) -> None:
    """ValueError and the like are what a damaged file is told by."""
    with suppress(ValueError, TypeError, KeyError, IndexError, StopIteration):
        fields = onnx_file.fields_of(data)
        assert onnx_file.fields_of(onnx_file.message_of(fields)) == fields
        for field in fields:
            for part in (onnx_file.node_of, onnx_file.name_of, onnx_file.tensor_of):
                with suppress(ValueError, TypeError, StopIteration):
                    part(field)
        onnx_file.metadata_of(fields, "character")


def _body(data: bytes) -> None:
    request: Any = SimpleNamespace(read=BytesIO(data).read)
    with suppress(TablexlError, ValidationError), closing(Body(request)) as body:
        for picture in Submission.model_validate(body.parsed()).images:
            picture.file(1)


def _message(data: bytes) -> None:
    """What a decoder says that a file has taken over."""
    stream = BytesIO(data)
    connection: Any = SimpleNamespace(recv_into=stream.readinto)
    with suppress(wire.Closed, ImageError, decoders._Fault):
        decoders._page_of(*wire.receive(connection, 1_000), ImageLimits())


HTML: Final = (
    "<table><thead><tr><th colspan=2>a</th></tr></thead><tr><td rowspan='2'>1<sup>2</sup></td>"
    "<td>x<br>y &amp; z</td></tr></table>\n<p>text</p>"
)
MARKDOWN: Final = "| a | b |\n|---|:-:|\n| 1 \\| 2 | **x** |\n\ntext\n"
OTSL: Final = "<otsl><ched>a<lcel><nl><fcel>1<ecel><nl><ucel><xcel><nl></otsl>"
LATEX: Final = (
    "\\begin{tabular}{l|r} \\hline \\multicolumn{2}{c}{a} \\\\ \\multirow{2}{*}{b} & $x^{2}$ \\\\"
    " & \\textbf{1} \\\\ \\end{tabular}"
)
LAYOUT: Final = json.dumps(
    [
        {"bbox": [1, 2, 30, 40], "category": "Table", "text": HTML},
        {"rows": [["a", "b"], ["1", "2"]], "header": 1},
    ]
)
TEMPLATE: Final = json.dumps(
    {
        "version": 1,
        "name": "Card",
        "fields": [
            {"name": "A", "type": "choice", "values": ["x"], "labels": ["B"], "required": True},
            {"name": "C", "pattern": "[0-9]{4}", "active": False},
        ],
    }
)
CHAT: Final = json.dumps(
    {
        "model": "m",
        "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "cost": 0.1},
    }
)
SUBMISSION: Final = json.dumps(
    {
        "name": "n",
        "images": [{"image_data": "aGVsbG8=", "filename": "a.png"}],
        "priority": 1,
        "fields": [{"name": "A"}],
    }
)

MESSAGE: Final = (
    b'{"page": 1, "count": 1, "suffix": "png", "width": 9, "height": 9, "thumbnail": 0}'
)
LONG_PICTURE: Final = '{"images": [{"image": "%s/"}]}' % ("a" * 17_000)
HEAD: Final = len(MESSAGE).to_bytes(4, "big") + bytes(8)

TARGETS: Final[Mapping[str, Target]] = {
    "html": Target(
        _answer,
        [HTML],
        "<table> </table> <tr> <td </td> colspan= rowspan= <sup> <!-- -->"
        " <math> <mfrac> <thead> <caption> <div> data-bbox= &amp;",
    ),
    "markdown": Target(
        _answer, [MARKDOWN], "|---| \\| ``` ``` --- ** $ [ ]( # : primary_language:"
    ),
    "otsl": Target(
        _answer, [OTSL], "<otsl> <fcel> <ecel> <lcel> <ucel> <xcel> <nl> <ched> <loc_1>"
    ),
    "latex": Target(
        _answer,
        [LATEX],
        "\\begin{tabular} \\end{tabular} \\multicolumn{ \\multirow{"
        " \\hline \\\\ & { } \\frac{ \\( \\) $",
    ),
    "layout": Target(_layout, [LAYOUT], 'bbox category Table text rows [ ] { } " : , <|ref|>'),
    "maths": Target(
        _maths,
        ["$\\frac{1}{2}$ x^{2}_1 \\alpha \\text{a} \\sqrt{3}"],
        "\\frac{ \\text{ \\sqrt{ ^{ _{ \\left( \\right) $ \\( \\) \\[ \\]",
    ),
    "fields": Target(
        _fields,
        ['{"fields": {"Name": "x", "Price": 1.50, "Kind": "a"}}', "{'Name': 5}"],
        'fields Name Price Kind null ``` ```json " : , { }',
    ),
    "replies": Target(
        _reply,
        [CHAT, '{"error": {"message": "no", "code": 429}}', '{"data":[{"id":"m"}]}'],
        "choices message content finish_reason usage error code data id null",
    ),
    "manifests": Target(
        _manifest,
        [
            "No;Image URL\n1;https://example.org/a.png\n",
            'url\r\n"https://example.org/a.png"\r\n',
            "\ufeffa\tlink\n1\thttp://x.org/1.jpg http://x.org/2.jpg\n".encode("utf-16-le"),
        ],
        'https:// http:// .png url link image ; , \t " \r\n \ufeff',
    ),
    "templates": Target(
        _template,
        [TEMPLATE],
        "version name fields type choice values labels pattern"
        " active required description multiline yes_no",
    ),
    "values": Target(
        _values,
        ["1,234.50\n(12)\n5 %\n-\n", "12.03.2024\n1 March 2024\n2024-01-31\n"],
        "1,234 1.234,5 % ( ) - € $ CR Dr March 2024-01-31 1/2 ½ e+9 ' *",
    ),
    "networks": Target(
        _network,
        [
            WEIGHTS,
            onnx_file.message_of(
                [
                    onnx_file.submessage(
                        7, [onnx_file.submessage(1, [onnx_file.Field(4, 2, b"Add")])]
                    )
                ]
            ),
        ],
    ),
    "messages": Target(
        _message,
        [HEAD + MESSAGE],
        "page count suffix png jpg raw width height thumbnail fault error message 1e999 { } : ,",
    ),
    "bodies": Target(
        _body,
        [SUBMISSION, LONG_PICTURE, LONG_PICTURE.replace("/", r"\q")],
        'images image_data filename priority fields name \\u0000 \\ud800 NaN 1e999 " { [',
    ),
}


def seeds_of(target: Target) -> list[bytes]:
    return [seed.encode() if isinstance(seed, str) else seed for seed in target.seeds]
