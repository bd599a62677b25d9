"""Invented words, names, sentences, amounts and dates, from which content is made."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NOUNS: Final = _split(
    """
    account activity asset balance benefit building capital carbon cash charge claim class
    coast copper cost credit crop delivery demand deposit design device district dose energy
    engine equipment exchange expense export factor farm fee fibre field forest freight fuel
    fund glass grain grant group growth harbour harvest hazard height hotel import income
    index input inventory investment iron island labour land lease level license loan loss
    machine margin market material member metal method mill model network note office output
    paper patient pension period plan plant plot pressure price process product profit
    project property protein pump railway rainfall rate reactor region rent reserve resin
    return revenue risk river road rock salary sale sample school season sector sensor
    service share silver site soil species station steel stock storage student supply
    surface survey tax temperature test timber tonnage trade traffic transfer treatment
    truck unit valve vehicle vessel volume voltage wage warehouse water weight wheat wind
    worker yield zone
    """
)
ADJECTIVES: Final = _split(
    """
    accrued active actual adjusted annual average basic central coastal combined commercial
    common current deferred diluted direct domestic early eastern estimated external final
    financial fixed foreign general gross high industrial initial intangible internal large
    late local long low marginal mean medical minor monthly national net new nominal
    northern old operating other ordinary outstanding partial permanent preferred prior
    private public quarterly raw real recurring regional relative rural seasonal secondary
    short small southern standard steady surplus temporary total upper urban usual variable
    western
    """
)
VERBS: Final = _split(
    """
    rose fell improved declined recovered doubled remained changed exceeded reached followed
    reflected included required reduced supported
    """
)
FORENAMES: Final = _split(
    """
    Ada Alan Anna Boris Carla Chen Clara David Elena Emil Fatma Grace Hana Hugo Ines Ivan
    Jana Jonas Karim Lea Lina Luis Maja Marco Mira Nadia Nils Omar Paula Petr Rosa Samir
    Sofia Tarek Tom Uma Vera Victor Wei Yara Zoe
    """
)
SURNAMES: Final = _split(
    """
    Abel Adler Bauer Becker Blom Brandt Castell Cole Costa Dahl Dumont Eriksen Falk Fischer
    Gomez Grant Haas Hansen Ito Jansen Keller Kovac Lang Larsen Lopez Maier Marsh Meyer
    Moreau Nagy Novak Okafor Olsen Park Petrov Quist Rossi Sato Schmid Silva Stone Tanaka
    Turner Urban Vance Weber Winter Young Zeller
    """
)
PLACES: Final = _split(
    """
    Aldmoor Ambria Bergenau Brackwell Calder Corvia Danemouth Dorlan Eastmere Elbrook Farlow
    Fenwick Galmar Greyfield Halden Hexley Istria Jorvik Kelstow Kingsby Lorne Luma Marlow
    Merrin Northam Norvia Oakham Ostia Pell Ravensk Rillby Saltash Selwick Tarn Thorby Ulmar
    Valden Westra Whitby Wrexford Yarrow Zellin
    """
)
MONTHS: Final = _split(
    """
    January February March April May June July August September October November December
    """
)
CONNECTIVES: Final = ("of", "and", "for", "in", "under", "from", "to", "excluding")
FIRM_KINDS: Final = ("Ltd", "GmbH", "Inc.", "S.A.", "& Sons", "AG", "Holdings", "plc", "LLC", "Co.")


def name(rnd: Random, most: int = 3) -> str:
    """A thing's name in one to `most` words, such as `Deferred water tax`."""
    count = rnd.randint(1, most)
    words = [rnd.choice(NOUNS)]
    for _ in range(count - 1):
        words.insert(0, rnd.choice(ADJECTIVES if rnd.random() < 0.6 else NOUNS))
    text = " ".join(words)
    return text.capitalize() if rnd.random() < 0.85 else text.title()


def phrase(rnd: Random, least: int, most: int) -> str:
    """Several names joined, of about that many words, as long labels are."""
    words = name(rnd).split()
    while len(words) < rnd.randint(least, most):
        words += [
            rnd.choice(CONNECTIVES),
            *name(rnd, 2).split(),
        ]
    return " ".join([words[0], *(word.lower() for word in words[1:])])


def sentence(rnd: Random) -> str:
    subject = phrase(rnd, 2, 7)
    end = rnd.choice(
        (
            f"by {rnd.uniform(0.2, 40):.1f} % in {year(rnd)}",
            f"to {amount(rnd, 6)} at the end of {rnd.choice(MONTHS)} {year(rnd)}",
            f"as {phrase(rnd, 2, 6).lower()} {rnd.choice(VERBS)}",
            f"because of {phrase(rnd, 3, 9).lower()}",
            f"(see note {rnd.randint(1, 40)})",
        )
    )
    return f"{subject} {rnd.choice(VERBS)} {end}."


def paragraph(rnd: Random, sentences: int) -> str:
    return " ".join(sentence(rnd) for _ in range(sentences))


def person(rnd: Random) -> str:
    return f"{rnd.choice(FORENAMES)} {rnd.choice(SURNAMES)}"


def firm(rnd: Random) -> str:
    core = rnd.choice((rnd.choice(SURNAMES), f"{rnd.choice(PLACES)} {rnd.choice(NOUNS).title()}"))
    return f"{core} {rnd.choice(FIRM_KINDS)}"


def place(rnd: Random) -> str:
    return rnd.choice(PLACES)


def year(rnd: Random) -> int:
    return rnd.randint(1990, 2026)


def day(rnd: Random) -> date:
    return date(year(rnd), 1, 1) + timedelta(days=rnd.randrange(365))


def clock(minutes: int, sign: str = ":") -> str:
    return f"{minutes // 60 % 24:02}{sign}{minutes % 60:02}"


def amount(rnd: Random, digits: int, decimals: int = 0) -> str:
    """A positive amount of up to that many digits before the point, its thousands parted."""
    return f"{10 ** rnd.uniform(0, digits):,.{decimals}f}"


def code(rnd: Random) -> str:
    """A part number, an account or a reference."""
    letters = "".join(rnd.choices("ABCDEFGHKLMNPRSTVWXZ", k=rnd.randint(1, 3)))
    number = "".join(rnd.choices("0123456789", k=rnd.randint(2, 6)))
    return f"{letters}{rnd.choice(('', '-', '/', ' '))}{number}"
