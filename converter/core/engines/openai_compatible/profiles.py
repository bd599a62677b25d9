"""The prompt and the request of each model. To add a model, only add a profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from converter.core.engines.openai_compatible.answers.answer import ParsedAnswer
from converter.core.engines.openai_compatible.answers.parse import parse_answer


class Structure(StrEnum):
    """How strictly a request asks a server for JSON."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """How a model is asked. Sides are in pixels, tokens are those of the answer."""

    name: str
    pattern: str  # of the model's id, case-insensitive
    prompt: str
    longest_side: int
    enlarge: bool = False  # small pictures are scaled up to the longest side
    text_first: bool = True
    max_tokens: int = 8000
    most_tokens: int = 16384  # when the answer was cut at max_tokens
    temperatures: tuple[float, ...] = (0.0, 0.2, 0.5)  # of each attempt at one picture
    fields_prompt: str = ""  # empty: the model cannot be asked for fields
    structure: Structure = Structure.JSON_SCHEMA  # the strictest to be tried, for fields
    extra: Mapping[str, Any] = field(default_factory=dict)  # more members of the request
    parse: Callable[[str | None, str | None], ParsedAnswer] = parse_answer


# Exactly as olmOCR was trained: leaving out even one word changes the answers.
_OLMOCR: Final = (
    "Attached is one page of a document that you must process. Just return the plain text"
    " representation of this document as if you were reading it naturally. Convert equations to"
    " LateX and tables to {tables}.\n"
    "{figures}"
    "Return your output as markdown, with a front matter section on top specifying values for the"
    " primary_language, is_rotation_valid, rotation_correction, is_table, and is_diagram"
    " parameters."
)
_FIGURES: Final = (
    "If there are any figures or charts, label them with the following markdown syntax"
    " ![Alt text describing the contents of the figure]"
    "(page_startx_starty_width_height.png)\n"
)
_OLMOCR_TEMPERATURES: Final = (0.1, 0.1, 0.2, 0.3, 0.5, 0.8, 0.9, 1.0)

_TABLES: Final = """\
Transcribe everything that is written on this picture, from top to bottom.
Write each table as an HTML table: <table>, <tr>, <td>, and <th> for the cells of a heading, with
rowspan and colspan where a cell goes over several rows or columns. Keep empty cells. No Markdown
tables, no LaTeX, no styles, no <br>: a cell is one line of text.
Write text outside of tables as plain paragraphs, where it stands.
Read handwriting too. Copy exactly what is there, with every sign, zero and unit. Do not calculate,
correct, translate, complete or leave out anything. For what you cannot read write [?].
If nothing is written on the picture, answer only: null"""

_FIELDS: Final = """\
Read these fields from the picture. Copy each value exactly as it is written, with its spelling,
punctuation, zeros and signs; do not expand, translate, correct, calculate or infer anything. A
field that isn't there or can't be read is null. Within a value write [?] for what you cannot read.

{fields}

Answer with one JSON object and nothing else. Its members:
- card: what the picture shows: "card", or "blank" if nothing is written on it, "verso" for a back
side, "cover" for a cover or divider.
- fields: an object with each name above, each a string or null.
- blank: a list of the names whose place is on the picture with nothing written in it.
- illegible: a list of the names where something is written that you cannot read."""

OLMOCR_2: Final = ModelProfile(
    "olmOCR-2",
    r"olmocr-2",
    _OLMOCR.format(tables="HTML", figures=_FIGURES),
    longest_side=1288,
    enlarge=True,
    max_tokens=8000,
    temperatures=_OLMOCR_TEMPERATURES,
)
OLMOCR_2025_08: Final = ModelProfile(
    "olmOCR 0725 and 0825",
    r"olmocr.*0[78]25",
    _OLMOCR.format(tables="markdown", figures=""),
    longest_side=1288,
    enlarge=True,
    max_tokens=4500,
    temperatures=_OLMOCR_TEMPERATURES,
)
GENERAL: Final = ModelProfile(
    "general vision model",
    r"",
    _TABLES,
    longest_side=2048,
    fields_prompt=_FIELDS,
)
# Small models that know a few fixed prompts, and answer in OTSL, HTML or Markdown.
MINERU: Final = ModelProfile(
    "MinerU 2.5",
    r"mineru",
    "\nTable Recognition:",
    longest_side=2048,
    text_first=False,
    extra={"skip_special_tokens": False},  # the tags of OTSL are some
)
TABLE_RECOGNITION: Final = ModelProfile(
    "PaddleOCR-VL and GLM-OCR", r"paddleocr-vl|glm-ocr", "Table Recognition:", longest_side=2048
)
DEEPSEEK_OCR: Final = ModelProfile("DeepSeek-OCR", r"deepseek-ocr", "Free OCR.", longest_side=2048)
PROFILES: Final = (
    OLMOCR_2,
    OLMOCR_2025_08,
    MINERU,
    TABLE_RECOGNITION,
    DEEPSEEK_OCR,
    GENERAL,
)


def profile_for(model: str, profiles: Iterable[ModelProfile] = PROFILES) -> ModelProfile:
    """The first profile whose pattern is found in a model's id; GENERAL if there is none."""
    fitting = (p for p in profiles if re.search(p.pattern, model, re.IGNORECASE))
    return next(fitting, GENERAL)
