"""The text on the lines that the network for words is trained on: Latin and other print."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from pydoc_data.topics import topics
from random import Random
from typing import Final

from converter.core.engines.local.recognition.small_network import OTHER
from converter.core.engines.local.recognition.words import ACCENTED, SIGNS
from tests.bench.small_networks.digits import SYLLABLES, printed_number
from tests.bench.small_networks.fonts import Fonts, Phrase

LONGEST: Final = 26
STRANGE: Final = "ıłšžčřąęőűþðæœ¹²³½¼¾αβγδεθλμπρσφωΓΔΣΦΩ≤≥≠≈→←↑†‡¢«»¿¡¶ﬁ∑√∞■□●○★✓"
_HEADINGS: Final = """
Total|Sum|Mean|Average|Median|Year|Date|Month|Name|Type|Unit|Units|Code|No.|Nr.|n|N|p|r|SD|SE
CI|95% CI|Min|Max|Range|Rate|Ratio|Number|Number of|Share|Share of|per cent|percent|Percentage
of which|Other|Others|Yes|No|n/a|N/A|n.a.|n.d.|Amount|Price|Cost|Value|Index|Age|Age (years)
Sex|Male|Female|Men|Women|Group|Control|Sample|Variable|Country|Region|Source|Note|Notes|Table
Figure|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|January|February|March|April|June|July
August|September|October|November|December|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Q1|Q2|Q3|Q4|I|II|III
IV|V|VI|VII|VIII|IX|X|kg|g|mg|km|m|mm|cm|ha|t|h|min|s|EUR|USD|GBP|million|billion|thousand
in the|and the|of the|to|by|for|with|from|The|A|An|In|Of|On|At|Is|It|All|Ill|Illinois|Ireland
Italy|Island|Isle|Iowa|Idaho|India|Iran|Iraq|Israel|Iceland|ill|fill|still|filling|million
parallel|small|village|Oslo|Ohio|Ontario|Oman|Oxford|October|OECD|OK|CO2|H2O|SO2|NOx|IQ|OR
HIV|DNA|RNA|USA|U.S.|UK|U.K.|EU|UN|WHO|IMF|GDP|GNP|VAT|TV|PC|ID|IDs|URL|ISO|IEC|DIN|EN
"""
HEADINGS: Final = re.split(r"[|\n]", _HEADINGS.strip())
AROUND: Final = (
    *["{}"] * 9, "({})", "[{}]", "{}:", "{},", "{}.", "{};", "“{}”", '"{}"', "{}*", "{} *", "{}**",
    "- {}", "• {}", "– {}", "{}?", "{}!", "‘{}’", "'{}'",  # noqa: RUF001
)  # fmt: skip
BETWEEN: Final = (
    *[" "] * 5, ", ", " - ", " – ", "-", "/", " / ", " & ", ": ", "; ", ". ", " = ", "’",  # noqa: RUF001
)  # fmt: skip
MIXED: Final = (
    "{f} {w}", "{w} {f}", "{w} ({f})", "{f}{l}", "{L}{d}", "{L}-{d}", "{L}{L}{d}", "{w} {d}",
    "{d}. {w}", "{d}) {w}", "({l}) {w}", "{l}) {w}", "{w} {L}", "{f} ± {f}", "{f} ({f})",
    "{f} ({f}–{f})", "{f}–{f}", "[{f}, {f}]", "{f} × {f}", "{l} = {f}", "{l} < {f}",  # noqa: RUF001
    "(n = {d})", "{l} > {f}", "{w}={f}", "{f} °C", "€{f}", "{f} €", "£{f}", "${f}", "{f} %", "{f}%",
    "+{f}", "-{f}", "–{f}", "{f}/{f}", "§ {d}", "{w}_{w}", "{w}.{l}{l}", "{w}@{w}.{l}{l}",  # noqa: RUF001
    "www.{w}.{l}{l}", "{w}({d})", "#{d}", "{L}.{L}. {w}", "{w}, {L}.", "{w}, {L}. {L}.",
    "{w} et al.", "{d}{L}", "{d}{l}{d}", "{L}{l}{d}{L}", "{l}{d}", "{d} {w} {d}", "{w} {w} {d}",
    "{d}-{l}{l}", "{w}’s {w}", "{w}'s",  # noqa: RUF001
)  # fmt: skip
"""f is a number, w a word, d a whole number, l a small letter, L a capital."""
ALIKE: Final = "Il1|iO0o5S2Zz6b8BgqcCvVwWxXuUsS.,:;'’-–"  # noqa: RUF001
ENDS: Final = ("", "", "n", "r", "s", "t", "l", "ll", "rn", "m", "ing", "ed", "fi", "ff")
CYRILLIC: Final = "".join(map(chr, range(0x410, 0x450)))
GREEK: Final = "".join(map(chr, [*range(0x391, 0x3A2), *range(0x3B1, 0x3CA)]))
CHINESE: Final = range(0x4E00, 0x9FA6)
JAPANESE: Final = (*range(0x3041, 0x3094), *range(0x30A1, 0x30F5))
LOCALES: Final = """
en_US en_GB de_DE fr_FR es_ES it_IT pt_BR nl_NL sv_SE da_DK no_NO fi_FI pl_PL cs_CZ hu_HU ro_RO
tr_TR id_ID
"""
ENGLISH: Final = sorted(
    set(re.findall(r"[A-Za-z][A-Za-z'-]*", " ".join(map(str, topics.values()))))
)


class Words:
    """Draws lines of `words`, beside those of Python's documentation, and what tables have else."""

    def __init__(self, fonts: Fonts, words: Iterable[str] = ()) -> None:
        self._fonts = fonts
        self._words = [*ENGLISH, *words]

    def __call__(self, rnd: Random) -> Phrase:
        """Handwriting, and signs that are not Latin, are all OTHER."""
        while True:
            kind = rnd.random()
            is_script = kind < 0.03
            if is_script:
                text, font = self.text(rnd), rnd.choice(self._fonts.script)
            elif kind < 0.045:
                text, font = _east_asian(rnd), rnd.choice(self._fonts.foreign)
            else:
                text, fonts = self.text(rnd), self._fonts
                font = rnd.choice(fonts.common if rnd.random() < 0.5 else fonts.plain)
            if font.has(text):
                label = "".join(
                    sign if sign in SIGNS and (sign == " " or not is_script) else OTHER
                    for sign in text
                )
                wide = " " * rnd.randint(2, 3) if rnd.random() < 0.1 else " "
                return Phrase(text.replace(" ", wide), label, font)

    def text(self, rnd: Random) -> str:
        """The text of one line."""
        kind = rnd.random()
        if kind < 0.10:
            text = printed_number(rnd)
        elif kind < 0.32:
            text = self._mixed(rnd)
        elif kind < 0.36:
            text = "".join(rnd.choices(SIGNS, k=rnd.randint(1, 9)))
        elif kind < 0.38:
            text = "".join(rnd.choices(ALIKE, k=rnd.randint(1, 7)))
        elif kind < 0.40:
            alphabet = rnd.choice([CYRILLIC, CYRILLIC, GREEK])
            words = ("".join(rnd.choices(alphabet, k=rnd.randint(2, 8))) for _ in range(2))
            text = " ".join(list(words)[: rnd.randint(1, 2)])
        else:
            text = self._in_a_row(rnd)
        if text and rnd.random() < 0.06:
            place = rnd.randrange(len(text))
            text = text[:place] + rnd.choice(STRANGE) + text[place + rnd.randint(0, 1) :]
        if len(text) > LONGEST:
            start = rnd.randint(0, len(text) - LONGEST)
            text = text[start : start + rnd.randint(6, LONGEST)]
        return re.sub(" +", " ", text).strip() or "-"

    def _in_a_row(self, rnd: Random) -> str:
        text = self._word(rnd)
        for _ in range(rnd.choice((1, 1, 1, 2, 2, 3, 4)) - 1):
            text += rnd.choice(BETWEEN) + self._word(rnd)
        how = rnd.random()
        if how < 0.12:
            text = text.upper()
        elif how < 0.22:
            text = text.title()
        elif how < 0.45:
            text = text[:1].upper() + text[1:]
        elif how < 0.65:
            text = text.lower()
        return rnd.choice(AROUND).format(text)

    def _word(self, rnd: Random) -> str:
        kind = rnd.random()
        if kind < 0.62:
            text = rnd.choice(self._words)
        elif kind < 0.77:
            text = rnd.choice(HEADINGS)
        elif kind < 0.93:
            text = "".join(rnd.choices(SYLLABLES, k=rnd.randint(1, 4))) + rnd.choice(ENDS)
        else:
            text = "".join(rnd.choices(string.ascii_letters, k=rnd.randint(1, 6)))
        if rnd.random() < 0.07:
            place = rnd.randrange(len(text))
            text = text[:place] + rnd.choice(ACCENTED) + text[place + 1 :]
        return text

    def _mixed(self, rnd: Random) -> str:
        draw = {
            "f": lambda: printed_number(rnd),
            "w": lambda: self._word(rnd),
            "d": lambda: str(rnd.randrange(10 ** rnd.randint(1, 4))),
            "l": lambda: rnd.choice(string.ascii_lowercase),
            "L": lambda: rnd.choice(string.ascii_uppercase),
        }
        return re.sub(r"\{(\w)\}", lambda slot: draw[slot[1]](), rnd.choice(MIXED))


def _east_asian(rnd: Random) -> str:
    """A few Chinese and Japanese signs, sometimes with a number."""
    only_japanese = rnd.random() < 0.2
    signs = [
        rnd.choice(JAPANESE if only_japanese or rnd.random() < 0.5 else CHINESE)
        for _ in range(rnd.randint(1, 8))
    ]
    text = "".join(map(chr, signs))
    return f"{text} {rnd.randint(1, 9999)}" if rnd.random() < 0.3 else text


def names(count: int = 1500) -> list[str]:
    """Names of people, places, firms and professions in eighteen languages, as Faker has them."""
    from faker import Faker  # noqa: PLC0415 - for training alone

    found = set()
    for locale in LOCALES.split():
        faker = Faker(locale)
        faker.seed_instance(1)
        for kind in ("last_name", "first_name", "city", "country", "company", "job", "word"):
            found |= {getattr(faker, kind)() for _ in range(count)}
    return sorted(name for name in found if 1 < len(name) < LONGEST)
