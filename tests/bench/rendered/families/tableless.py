"""Pages of print that hold no table, though much on them stands in lines and columns."""

from __future__ import annotations

from random import Random

from tests.bench.rendered import words
from tests.bench.rendered.families.dressing import any_theme, light_theme, page_css
from tests.bench.rendered.family import beside, document, family
from tests.bench.rendered.tables import Supply

GREETINGS = (
    "Dear Sir or Madam,",
    "Dear colleagues,",
    "Dear Ms Weber,",
    "Sehr geehrte Damen und Herren,",
)
ENDINGS = ("Yours faithfully,", "With kind regards,", "Sincerely,", "Mit freundlichen Grüßen")


@family("letter", tableless=True)
def letter(rnd: Random, supply: Supply) -> str:
    """A letter: sender, address, date, subject, paragraphs, a signature, a foot in columns."""
    theme = light_theme(rnd)
    street = f"{rnd.choice(words.NOUNS).title()} Street {rnd.randint(1, 90)}"
    town = f"{rnd.randint(10000, 99999)} {words.place(rnd)}"
    sender = _lines(rnd, [words.firm(rnd), street, town, f"Phone {rnd.randrange(10**8)}"], "right")
    address = _lines(rnd, [words.firm(rnd), words.person(rnd), street, town], "left")
    date = beside("text", f"{words.place(rnd)}, {words.day(rnd):%d %B %Y}", "text-align:right")
    subject = beside("heading", words.phrase(rnd, 3, 8), "font-weight:700;margin:22px 0 12px")
    body = "".join(_paragraph(rnd, rnd.randint(1, 5)) for _ in range(rnd.randint(2, 5)))
    end = _lines(rnd, [rnd.choice(ENDINGS), "", words.person(rnd)], "left")
    css = page_css(rnd, theme, "sans", "serif", width=rnd.choice((680, 794)))
    css += "body{padding:50px 70px}p{margin:0 0 10px}"
    greeting = beside("text", rnd.choice(GREETINGS), "margin-bottom:10px")
    foot = _foot_in_columns(rnd) if rnd.random() < 0.4 else ""
    return document(sender + address + date + subject + greeting + body + end + foot, css)


def _lines(rnd: Random, texts: list[str], side: str) -> str:
    inner = "".join(beside("text", each) or "<br>" for each in texts)
    return f'<div style="text-align:{side};margin-bottom:18px">{inner}</div>'


def _paragraph(rnd: Random, sentences: int, style: str = "") -> str:
    return beside("text", words.paragraph(rnd, sentences), style, "p")


def _foot_in_columns(rnd: Random) -> str:
    """Two or three short columns of small print, as letters have them at the foot."""
    columns = (
        [words.firm(rnd), f"{words.place(rnd)} {rnd.randint(1, 99)}", words.code(rnd)]
        for _ in range(rnd.randint(2, 3))
    )
    inner = "".join(_lines(rnd, texts, "left") for texts in columns)
    style = "display:flex;justify-content:space-between;font-size:75%;margin-top:40px"
    return f'<div style="{style}">{inner}</div>'


@family("book-page", tableless=True)
def book_page(rnd: Random, supply: Supply) -> str:
    """Justified text of a book, often old: running head, a chapter, footnotes, verse."""
    theme = light_theme(rnd)
    paper = rnd.choice(("#ffffff", "#fbf6e6", "#f1ead6", "#f4f1ea"))
    number = beside("page-number", str(rnd.randint(1, 600)), tag="span")
    head = beside("heading", words.phrase(rnd, 1, 4).upper(), tag="span")
    chapter = beside(
        "heading", f"CHAPTER {rnd.choice(('I', 'II', 'IV', 'XII'))}.", "text-align:center"
    )
    parts = [_paragraph(rnd, rnd.randint(2, 8)) for _ in range(rnd.randint(3, 7))]
    if rnd.random() < 0.35:
        verse = "\n".join(words.phrase(rnd, 3, 6) for _ in range(rnd.randint(4, 12)))
        parts.insert(
            rnd.randint(0, 3), beside("text", verse, "margin:8px 0 8px 60px;font-size:92%")
        )
    notes = "".join(
        beside("note", f"{at + 1} {words.sentence(rnd)}", "font-size:80%")
        for at in range(rnd.choice((0, 0, 1, 3)))
    )
    css = page_css(rnd, theme, "serif", width=rnd.choice((440, 540, 640)))
    css += f"body{{background:{paper};padding:{rnd.choice((20, 40, 60))}px}}"
    css += f"p{{margin:0;text-indent:{rnd.choice((14, 20))}px;text-align:justify}}hr{{width:30%}}"
    top = f'<div style="display:flex;justify-content:space-between">{number}{head}<i></i></div>'
    body = (chapter if rnd.random() < 0.3 else "") + "".join(parts)
    return document(top + body + (f"<hr>{notes}" if notes else ""), css)


@family("menu", tableless=True)
def menu(rnd: Random, supply: Supply) -> str:
    """A bill of fare: dishes with a description below them, set to the middle, prices in line."""
    theme = any_theme(rnd, 0.3)
    parts = [beside("title", words.place(rnd), "font-size:30px;margin-bottom:14px")]
    sign = rnd.choice(("", "", "€ ", "$"))
    for _ in range(rnd.randint(2, 4)):
        parts.append(beside("heading", words.name(rnd, 2), "font-size:130%;margin:16px 0 6px"))
        for _ in range(rnd.randint(2, 5)):
            price = f" {sign}{rnd.uniform(3, 30):.2f}" if rnd.random() < 0.6 else ""
            parts.append(beside("text", words.phrase(rnd, 2, 5) + price, "font-weight:700"))
            parts.append(beside("text", words.phrase(rnd, 4, 12).lower(), "margin-bottom:8px"))
    css = page_css(rnd, theme, "serif", "sans", width=rnd.choice((380, 460, 560)))
    return document("".join(parts), css + "body{text-align:center}")


@family("title-page", tableless=True)
def title_page(rnd: Random, supply: Supply) -> str:
    """The first page of a book, thesis or report: a title, names, a place and a year."""
    theme = light_theme(rnd)
    gap = rnd.choice((18, 40, 70))
    big = f"font-size:{rnd.choice((24, 32, 40))}px;font-weight:{rnd.choice((400, 700))}"
    texts = [
        beside("text", words.firm(rnd), f"margin-bottom:{gap}px"),
        beside("title", words.phrase(rnd, 3, 9), f"{big};margin-bottom:{gap}px"),
        *(beside("text", words.person(rnd)) for _ in range(rnd.randint(1, 4))),
        beside("text", words.sentence(rnd), f"margin:{gap}px 0"),
        beside("text", f"{words.place(rnd)}, {words.year(rnd)}", f"margin-top:{gap}px"),
    ]
    css = page_css(rnd, theme, "serif", "sans", width=rnd.choice((560, 680)))
    return document("".join(texts), css + f"body{{padding:{gap}px 60px;text-align:center}}")


@family("newspaper", tableless=True)
def newspaper(rnd: Random, supply: Supply) -> str:
    """Articles in three to five narrow columns, some with lines between them."""
    theme = light_theme(rnd)
    count = rnd.randint(3, 5)
    parts = []
    for _ in range(rnd.randint(4, 8)):
        parts.append(beside("heading", words.phrase(rnd, 3, 7), "font-weight:700;margin:8px 0 4px"))
        parts += [_paragraph(rnd, rnd.randint(1, 4)) for _ in range(rnd.randint(1, 3))]
    line = rnd.choice(("", f"column-rule:1px solid {theme.quiet};"))
    css = page_css(rnd, theme, "serif", width=rnd.choice((760, 900, 1060)))
    css += f".all{{column-count:{count};column-gap:{rnd.choice((14, 20))}px;{line}}}"
    css += "p{margin:0;text-align:justify}"
    css += f"body{{font-size:{rnd.choice((9, 10, 11, 12))}px}}"
    name = beside("title", f"The {words.place(rnd)} Courier", "font-size:38px;text-align:center")
    return document(f'{name}<div class="all">{"".join(parts)}</div>', css)


@family("references", tableless=True)
def references(rnd: Random, supply: Supply) -> str:
    """A list of literature, notes or words with their meaning, in one column or two."""
    theme = light_theme(rnd)
    kind = rnd.choice(("numbered", "hanging", "words"))
    parts = [_reference(rnd, kind, at + 1) for at in range(rnd.randint(10, 30))]
    css = page_css(rnd, theme, "serif", "sans", width=rnd.choice((560, 700, 820)))
    css += f".all{{column-count:{rnd.choice((1, 1, 2))};column-gap:24px}}"
    css += f"body{{font-size:{rnd.choice((9, 10, 11, 12))}px}}"
    head = beside("heading", rnd.choice(("References", "Notes", "Glossary")), "font-weight:700")
    return document(f'{head}<div class="all">{"".join(parts)}</div>', css)


def _reference(rnd: Random, kind: str, number: int) -> str:
    if kind == "words":
        return beside(
            "text",
            f"{words.name(rnd, 1)}: {words.phrase(rnd, 5, 14).lower()}.",
            "margin-bottom:4px",
        )
    pages = f"{rnd.randint(1, 99)}, {rnd.randint(100, 200)}\N{EN DASH}{rnd.randint(201, 300)}"
    text = f"{words.person(rnd)}, {words.person(rnd)} ({words.year(rnd)}). "
    text += f"{words.phrase(rnd, 4, 12)}. {words.name(rnd)} {pages}."
    if kind == "hanging":
        return beside("text", text, "padding-left:20px;text-indent:-20px;margin-bottom:3px")
    mark = beside("text", f"[{number}]", "flex:0 0 32px", "span")
    text = beside("text", text, "", "span")
    return f'<div style="display:flex;margin-bottom:3px">{mark}{text}</div>'


@family("formulas", tableless=True)
def formulas(rnd: Random, supply: Supply) -> str:
    """Text with formulas in lines of their own, numbered at the margin."""
    theme = light_theme(rnd)
    parts = []
    for at in range(rnd.randint(3, 8)):
        parts.append(_paragraph(rnd, rnd.randint(1, 3)))
        terms = [
            f"{rnd.choice('abckxyz')}{rnd.choice(('', '²', '₁', 'ᵢ'))}"
            for _ in range(rnd.randint(3, 7))
        ]
        sign = rnd.choice(("+", "\N{MINUS SIGN}", "·", "/"))
        formula = f"{rnd.choice('fgyzF')}(x) = " + f" {sign} ".join(terms)
        left = beside(
            "text", formula, f"font-style:italic;margin-left:{rnd.choice((40, 120))}px", "span"
        )
        number = beside("text", f"({at + 1})", tag="span")
        parts.append(
            f'<div style="display:flex;justify-content:space-between">{left}{number}</div>'
        )
    css = page_css(rnd, theme, "serif", width=rnd.choice((520, 640, 760)))
    return document("".join(parts), css + "p{margin:8px 0}")
