"""Values without a printed label: a date on its own, a receipt's total, its first line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile
from typing import Final

from converter.core.fields.forms import DATE, MONEY, YEAR, Form, lone_date, stamped_date
from converter.core.fields.page import Page, union
from converter.core.tables.model import Word

# Below the threshold of doubt, since no label supports such a value.
_BY_FORM: Final = 0.75
_ONE_OF_SEVERAL: Final = 0.5

_TOTAL: Final = re.compile(
    r"\b(?:t[o0]ta[l1i]|am(?:oun)?t\.?\s+(?:due|payable|paid))\b", re.IGNORECASE
)
_NO_TOTAL: Final = re.compile(
    r"\bsub|\b(?:qty|quantity|items?|disc|discount|sav\w+|change|cash|point\w*|exc[li]\w*)\b",
    re.IGNORECASE,
)
_TAX: Final = re.compile(r"\b(?:gst|vat|tax|sst|mwst)\b", re.IGNORECASE)
_WITH_TAX: Final = re.compile(r"\b(?:incl\w*|inkl\w*|with|paid)\b", re.IGNORECASE)
_FINAL: Final = re.compile(r"\b(?:grand|nett?|round\w*|payable|paid|due|final)\b", re.IGNORECASE)
_ROUNDING: Final = re.compile(r"\bround", re.IGNORECASE)

_HEADING_NOISE: Final = re.compile(
    r"\b(?:invoice|receipt|welcome|copy|original|tel|fax|date|page)\b", re.IGNORECASE
)
_LEGAL_FORM: Final = re.compile(r"\b(?:bhd|ltd|inc|gmbh|llc|corp|plc|sarl)\b", re.IGNORECASE)
_REGISTRATION: Final = re.compile(r"\s*\((?=[^)]*\d)[^)]*\)\s*$")
_CONTACT: Final = re.compile(r"\b(?:tel|te1|fax|phone|hotline|gst|reg|www|h/p)\b|@", re.IGNORECASE)
_NO_ADDRESS: Final = re.compile(
    r"\b(?:invoice|receipt|bill|date|cashier|table|co\.? no)\b", re.IGNORECASE
)


_LINES_BETWEEN: Final = 3  # registration numbers between a name and its address
_LONGEST_ADDRESS: Final = 9


@dataclass(frozen=True, slots=True)
class Found:
    """A value, the words that hold it, and how far it can be trusted (0..1)."""

    text: str
    words: tuple[Word, ...]
    confidence: float


def value_with_prefix(page: Page, prefix: str) -> Found | None:
    """The word that begins with `prefix` and holds a digit, as shelf marks and numbers do."""
    wanted = prefix.casefold()
    return _first_of(
        (word.text, word)
        for word in page.words
        if word.text.casefold().startswith(wanted) and any(map(str.isdigit, word.text))
    )


def find_date(page: Page) -> Found | None:
    """A date on its own, else one followed by a time of day; not one within a sentence."""
    alone = [(date, word) for word in page.words if (date := lone_date(word.text))]
    stamped = [(date, word) for word in page.words if (date := stamped_date(word.text))]
    return _first_of(alone or stamped)


def find_year(page: Page) -> Found | None:
    """The only year on the page; None if there are two different ones."""
    years = [(match.group(), word) for word in page.words for match in YEAR.finditer(word.text)]
    return _first_of(years) if len({year for year, _ in years}) == 1 else None


def find_total(page: Page) -> Found | None:
    """The amount beside the words that most surely name the whole sum."""
    totals = [total for word in page.words if (total := _total_beside(page, word))]
    if not totals:
        return None
    best = max(total.weight for total in totals)
    chosen = max((t for t in totals if t.weight == best), key=lambda total: total.amount)
    agreed = len(totals) > 1 and all(total.amount == chosen.amount for total in totals)
    trust = 0.9 if agreed else _BY_FORM
    return Found(chosen.text, (chosen.word,), trust * chosen.word.confidence)


def find_company(page: Page) -> Found | None:
    """The first line that reads as a name, or a line near the top with a legal form."""
    if not page.words:
        return None
    names, print_box = [], union(page.words)
    end = print_box.top + 0.35 * print_box.height  # of the part that headings are in
    for word in page.words:
        if word.box.top > end or _CONTACT.search(word.text):
            break
        if _is_heading(word) and not any(map(_is_heading, page.left_of(word))):
            names.append(_with_second_line(page, page.line_from(word)))
    if not names:
        return None
    words = next((name for name in names if _LEGAL_FORM.search(_joined(name))), names[0])
    text = _REGISTRATION.sub("", _joined(words)).rstrip(" ,;:")
    return Found(text, words, _BY_FORM * min(word.confidence for word in words))


def find_title(page: Page) -> Found | None:
    """The tallest line, if it is much taller than the rest."""
    tallest = max(page.words, key=lambda word: word.box.height, default=None)
    if tallest is None or tallest.box.height < 1.5 * page.line_height:
        return None
    return Found(tallest.text, (tallest,), _BY_FORM * tallest.confidence)


def find_address(page: Page) -> Found | None:
    """The lines below the name at the top, up to one that is not part of an address."""
    company = find_company(page)
    if company is None:
        return None
    below: list[Word] = []
    line: Word | None = company.words[-1]
    while line and len(below) < _LONGEST_ADDRESS and (line := page.next_below(line, reach=1.2)):
        below.append(line)
    lines = list(dropwhile(lambda line: not _is_address_line(line), below))
    if len(below) - len(lines) > _LINES_BETWEEN:
        return None
    words = tuple(
        word for line in takewhile(_is_address_line, lines) for word in page.line_from(line)
    )
    text = _joined(words)
    if len(text) < 15 or not any(map(str.isdigit, text)):
        return None
    return Found(text, words, _BY_FORM * min(word.confidence for word in words))


FINDERS: Final[Mapping[Form, Callable[[Page], Found | None]]] = {
    Form.DATE: find_date,
    Form.YEAR: find_year,
    Form.TOTAL: find_total,
    Form.COMPANY: find_company,
    Form.TITLE: find_title,
    Form.ADDRESS: find_address,
}


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.text.strip() for word in words)


def _first_of(candidates: Iterable[tuple[str, Word]]) -> Found | None:
    candidates = list(candidates)
    if not candidates:
        return None
    text, word = candidates[0]
    alone = len({text for text, _ in candidates}) == 1
    return Found(text, (word,), (_BY_FORM if alone else _ONE_OF_SEVERAL) * word.confidence)


@dataclass(frozen=True, slots=True)
class _Total:
    text: str
    word: Word
    weight: int

    @property
    def amount(self) -> int:
        """In cents, so that 9.60 and $9.60 are the same."""
        return int(re.sub(r"\D", "", self.text))


def _total_beside(page: Page, word: Word) -> _Total | None:
    named = _TOTAL.search(word.text)
    if not named or _NO_TOTAL.search(word.text):
        return None
    with_tax = bool(_WITH_TAX.search(word.text))
    if _TAX.search(word.text) and not with_tax:
        return None
    texts = [(word, named.end()), *((other, 0) for other in page.right_of(word))]
    amounts = [
        (match.group().strip(), place)
        for place, start in texts
        for match in MONEY.finditer(place.text, start)
    ]
    # Several amounts on one line are a row of some table, such as that of the taxes.
    if len(amounts) != 1:
        return None
    rounded = any(
        _ROUNDING.search(other.text) and other.box.bottom <= word.box.top + 0.5 * word.box.height
        for other in page.words
    )
    return _Total(*amounts[0], weight=3 * rounded + 2 * bool(_FINAL.search(word.text)) + with_tax)


def _is_heading(word: Word) -> bool:
    letters = sum(map(str.isalpha, word.text))
    wordy = letters >= 4 and letters >= 0.6 * len(word.text.replace(" ", ""))
    return wordy and not _HEADING_NOISE.search(word.text) and not lone_date(word.text)


def _with_second_line(page: Page, line: tuple[Word, ...]) -> tuple[Word, ...]:
    below = page.next_below(line[0], reach=0.8)
    if below is None:
        return line
    goes_on = line[-1].text.rstrip().endswith(("&", "-"))
    legal = _LEGAL_FORM.search(below.text) and not _LEGAL_FORM.search(_joined(line))
    short = len(below.text) <= 16 and not any(map(str.isdigit, below.text))
    return (*line, below) if goes_on or (legal and short) else line


def _is_address_line(word: Word) -> bool:
    if any(pattern.search(word.text) for pattern in (_CONTACT, _NO_ADDRESS, MONEY, DATE)):
        return False
    # A number alone, such as that of the registration, is no address.
    return " " in word.text.strip() or not any(map(str.isdigit, word.text))
