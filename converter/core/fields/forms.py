"""Values that are recognised by their form: dates, amounts of money, years."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from converter.core.fields.specification import FieldSpec, FieldType

# The beginnings of the months' names in English, German and French.
_MONTH: Final = (
    "jan|feb|fév|fev|mar|mär|mrz|apr|avr|may|mai|jun|juin|jul|juil|aug|aoû|aou|sep|oct|okt|nov|dec|"
    "dez|déc"
)
_MONTH_WORD: Final = rf"(?:{_MONTH})[^\W\d_]{{0,6}}\.?"

DATE: Final = re.compile(
    rf"""(?<![\d/.-])(?:
      \d{{4}}([-/.])\d{{1,2}}\1\d{{1,2}}
    | \d{{1,2}}([-/.]\s?)\d{{1,2}}\2(?:\d{{4}}|\d{{2}})
    | \d{{1,2}}[.]?[\s-]?{_MONTH_WORD},?[\s-]?(?:\d{{4}}|\d{{2}})
    | {_MONTH_WORD}\s?\d{{1,2}},?\s?\d{{4}}
    )(?=\d\d?:\d\d|[^\d/-]|$)""",
    re.VERBOSE | re.IGNORECASE,
)
_CURRENCY: Final = "(?:[$€£¥]|RM|USD|EUR|GBP|CHF|SGD|AUD|CAD)"
MONEY: Final = re.compile(
    rf"""(?<![\d.,])-?{_CURRENCY}?\s?
    (?:\d{{1,3}}(?:[,'\ ]\d{{3}})+|\d+)[.,]\d{{2}}(?:\s?[$€£¥])?(?![\d%]|[.,]\d)""",
    re.VERBOSE,
)
NUMBER: Final = re.compile(r"[-+]?\d[\d.,']*\d|[-+]?\d")
YEAR: Final = re.compile(r"(?<![\d.,/-])(?:1[5-9]|20)\d\d(?![\d/-]|[.,]\d)")
_TIME: Final = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?", re.IGNORECASE)
_STARTS_WITH: Final = re.compile(r"\b(?:starts?|begin(?:s|ning)?) with (\S{1,12})", re.IGNORECASE)


class Form(Enum):
    """The form of a field's value, by which it is found without a label."""

    TEXT = "text"
    DATE = "date"
    YEAR = "year"
    NUMBER = "number"
    TOTAL = "total"
    COMPANY = "company"
    TITLE = "title"
    ADDRESS = "address"


_WORDS: Final = {
    Form.DATE: {"date", "dated", "datum"},
    Form.YEAR: {"year", "jahr", "année"},
    Form.TOTAL: {"total", "gesamt", "gesamtbetrag", "summe"},
    Form.COMPANY: {"company", "firm", "firma", "merchant", "seller", "shop", "store", "vendor"},
    Form.TITLE: {"title", "titel", "titre"},
    Form.ADDRESS: {"address", "adresse", "anschrift"},
}
_TYPES: Final = {FieldType.DATE: Form.DATE, FieldType.NUMBER: Form.NUMBER}
_PATTERNS: Final = {
    Form.DATE: DATE,
    Form.YEAR: YEAR,
    Form.NUMBER: NUMBER,
    Form.TOTAL: MONEY,
}


def form_of(spec: FieldSpec) -> Form:
    """The form of a field by its type, else by the last words of its name or labels."""
    if spec.type in _TYPES:
        return _TYPES[spec.type]
    for phrase in (spec.name, *spec.labels):
        words = {word.casefold() for word in re.findall(r"[^\W\d_]+", phrase)}
        # "Total pages" or "Store No." are no total and no store.
        for form, known in _WORDS.items():
            if len(words & known) and len(words) <= 2 and not words & {"no", "nr", "number"}:
                return form
    return Form.TEXT


def fitting_part(text: str, form: Form) -> str | None:
    """The part of `text` that has the form. A form without a pattern takes all of a text that has
    letters or digits."""
    if form not in _PATTERNS:
        return text if any(map(str.isalnum, text)) else None
    match = _PATTERNS[form].search(text)
    return match.group().strip() if match else None


def stamped_date(text: str) -> str | None:
    """The date in `text` if a time of day follows it, as on a till's slip."""
    match = DATE.search(text)
    return match.group() if match and _TIME.match(text[match.end() :].lstrip()) else None


def lone_date(text: str) -> str | None:
    """The date, if `text` holds nothing else but a time of day."""
    match = DATE.search(text)
    if match is None:
        return None
    around = _TIME.sub("", text[: match.start()] + text[match.end() :])
    return None if any(letter.isalnum() for letter in around) else match.group()


def required_prefix(spec: FieldSpec) -> str | None:
    """The beginning that a value must have, if the description says "starts with …"."""
    match = _STARTS_WITH.search(spec.description)
    return match[1].strip("\"'“”,;") if match else None
