"""Invented tables of figures as authorities, observatories and papers print them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Final

from tests.bench.rendered import words
from tests.bench.rendered.source import Rows, SourceCell, heads, plain

Figure = Callable[[], str]

TOTALS: Final = ("Total", "TOTAL", "All regions", "Totale", "Summe", "Country")
STATES: Final = (
    "Cases", "New cases", "Tests", "Deaths", "Recovered", "In hospital", "Intensive care",
    "Vaccinated", "Positive", "Population", "Beds", "Doses", "Visits", "Admissions", "Change",
    "Cumulative total", "per 100,000 inhabitants", "Share of positive tests", "% of total",
)  # fmt: skip
DECADES: Final = (("Sum",), ("Mean",), ("I dec.", "II dec.", "III dec."), ("Decade",))
OUTCOMES: Final = (
    "Mean",
    "SD",
    "n",
    "%",
    "95% CI",
    "Median",
    "Range",
    "Score",
    "Δ",
    "Before",
    "After",
)
STYLES: Final = ("count", "error", "interval", "share", "plain", "decimal", "starred", "range")


def regions(rnd: Random, rows: int, columns: int) -> Rows:
    """Regions down, dates or counts across, some per cent; a row for the whole country."""
    parted = rnd.choice((",", ",", ".", " ", "\N{APOSTROPHE}", ""))
    figures = [_counted(rnd, parted) for _ in range(columns - 1)]
    made = _region_heads(rnd, columns) if columns > 4 and rnd.random() < 0.4 else []
    made = made or [heads(rnd.choice(("Region", "District", "")), *_dates_or_states(rnd, columns))]
    names = [_region(rnd) for _ in range(rows - len(made))]
    body: Rows = [plain(name, *(figure() for figure in figures)) for name in names]
    if body and rnd.random() < 0.85:
        body[rnd.choice((0, -1, -1, -1))] = plain(rnd.choice(TOTALS), *(f() for f in figures))
    return made + body


def _region_heads(rnd: Random, columns: int) -> Rows:
    """Dates over the counts of each date."""
    size = rnd.choice([size for size in (2, 3, 4) if size < columns])
    names, dates = rnd.sample(STATES[:12], size), _dates(rnd, columns)
    top, second, left, at = [SourceCell("Region", 2, header=True)], [], columns - 1, 0
    while left:
        wide = min(size, left)
        top.append(SourceCell(dates[at], 1 if wide > 1 else 2, wide, header=True))
        second += heads(*names[:wide]) if wide > 1 else ()
        left, at = left - wide, at + 1
    return [top, second]


def _dates_or_states(rnd: Random, columns: int) -> Sequence[str]:
    if columns - 1 > len(STATES) or rnd.random() < 0.5:
        return _dates(rnd, columns - 1)
    return rnd.sample(STATES, columns - 1)


def _dates(rnd: Random, count: int) -> list[str]:
    form = rnd.choice(
        ("%d %b", "%d/%m", "%d.%m.%Y", "%d/%m/%Y", "%b %Y", "%Y", "Week %W", "%d-%b-%y")
    )
    step = {"%Y": 366, "%b %Y": 31, "Week %W": 7}.get(form, rnd.choice((1, 1, 7)))
    first = words.day(rnd)
    return [(first + timedelta(days=step * at)).strftime(form) for at in range(count)]


def _region(rnd: Random) -> str:
    name = words.place(rnd)
    chance = rnd.random()
    if chance < 0.12:
        return f"{name}-{words.place(rnd)}"
    if chance < 0.24:
        return f"{rnd.choice(('North', 'South', 'Upper', 'P.A.', 'St.', 'West'))} {name}"
    return f"{name} ({words.place(rnd)})" if chance < 0.28 else name


def _counted(rnd: Random, parted: str) -> Figure:
    """What makes the figures of one column: counts, shares, or changes with a sign."""
    digits, decimals = rnd.uniform(1, 6), rnd.choice((0, 1, 1, 2))
    point = "," if parted in {".", " "} else "."
    percent = rnd.choice(("%", " %", ""))
    gap = rnd.choice((0, 0, 0, 0.1, 0.4))

    def count() -> str:
        return f"{10 ** rnd.uniform(0, digits):,.0f}".replace(",", parted)

    def share() -> str:
        return f"{rnd.uniform(0, 100):.{decimals}f}".replace(".", point) + percent

    def change() -> str:
        return rnd.choice(("+", "-", "+")) + count()

    made = rnd.choice((count, count, count, share, share, change))
    empty = rnd.choice(("", "-", "\N{EN DASH}", "n.d.", "0"))
    return lambda: empty if rnd.random() < gap else made()


def daily(rnd: Random, rows: int, columns: int) -> Rows:
    """Days of a month down, hours or stations across, with sums or means after each decade."""
    days = max(5, min(31, rows - 4))
    hours = rnd.random() < 0.5
    names = (
        [str(at + 1) for at in range(columns)] if hours else [_station(rnd) for _ in range(columns)]
    )
    figures = [_observed(rnd) for _ in range(columns - 1)]
    if rnd.random() < 0.5:
        names[columns - 2] = rnd.choice(("Mean", "Sum", "Max."))
    made: Rows = [heads(rnd.choice(("Day", "", "Date", "Tag")), *names[: columns - 1])]
    sums, named = rnd.random() < 0.6, rnd.choice(DECADES)
    for day in range(1, days + 1):
        made.append(plain(rnd.choice((f"{day}",)), *(figure() for figure in figures)))
        if sums and (day in {10, 20} or day == days):
            label = named[min(len(named), (day + 9) // 10) - 1]
            made.append(plain(label, *(figure() for figure in figures)))
    return made


def _station(rnd: Random) -> str:
    name = words.place(rnd)
    return rnd.choice((name[:4] + ".", name[:3], name))


def _observed(rnd: Random) -> Figure:
    low, spread, decimals = rnd.uniform(0, 700), rnd.uniform(1, 60), rnd.choice((0, 1, 1, 2))
    signed, gap = rnd.random() < 0.15, rnd.choice((0, 0, 0, 0.03, 0.2))

    def figure() -> str:
        if rnd.random() < gap:
            return rnd.choice(("", "—", "...", "."))
        return f"{low * (not signed) + rnd.uniform(-signed, 1) * spread:.{decimals}f}"

    return figure


def study(rnd: Random, rows: int, columns: int) -> Rows:
    """Results under one to three levels of headings; groups of rows have a label or a title."""
    labelled = columns > 4 and rnd.random() < 0.45
    stubs = 2 if labelled else 1
    made = _levels(rnd, columns, stubs, rnd.choice((1, 2, 2, 3)))
    makers = [_result(rnd) for _ in range(columns - stubs)]
    if rnd.random() < 0.4:
        makers[-1] = lambda: rnd.choice(
            (f"{rnd.random():.3f}", "<0.001", f"{rnd.random():.2f}", "NS")
        )
    titled = not labelled and rnd.random() < 0.5
    while len(made) < rows:
        size = min(rnd.randint(2, 6), rows - len(made))
        names = [_named(rnd) for _ in range(size)]
        if titled and size > 2:
            made.append((SourceCell(words.phrase(rnd, 1, 4), 1, columns),))
            names.pop()
        for at, name in enumerate(names):
            label = (SourceCell(words.phrase(rnd, 1, 3), size),) if labelled and not at else ()
            made.append((*label, *plain(name, *(maker() for maker in makers))))
    return made


def _named(rnd: Random) -> str:
    chance = rnd.random()
    if chance < 0.2:
        return f"{words.name(rnd, 2)}, n (%)"
    if chance < 0.3:
        return f"{words.name(rnd, 2)} ({rnd.choice(('mg/dl', 'years', 'kg', '%', 'mm', 'ng/mL'))})"
    if chance < 0.4:
        return rnd.choice(
            ("Yes", "No", "Male", "Female", "< 50", "50\N{EN DASH}65", "≥ 65", "Unknown")
        )
    return words.phrase(rnd, 1, rnd.choice((2, 4, 8))) + rnd.choice(("", "", "", "a", "*", "†"))


def _levels(rnd: Random, columns: int, stubs: int, levels: int) -> Rows:
    """Headings of so many levels: groups of groups over groups over names; some are single.

    A level in which no heading begins is left out.
    """
    names = [rnd.choice(("", words.name(rnd, 2))) for _ in range(stubs)]
    made: list[list[SourceCell]] = [[] for _ in range(levels)]
    _parted(rnd, made, columns - stubs, 0)
    if not all(made):
        return _levels(rnd, columns, stubs, levels - 1)
    top = [SourceCell(name, levels, header=True) for name in names] + made[0]
    return [top, *made[1:]]


def _parted(rnd: Random, made: list[list[SourceCell]], width: int, level: int) -> None:
    """Adds headings over `width` columns from `level` down."""
    last = len(made) - 1
    while width:
        wide = min(width, 1 if level == last or rnd.random() < 0.15 else rnd.randint(2, 5 - level))
        if wide == 1:
            name = rnd.choice(OUTCOMES) if level == last and level else words.phrase(rnd, 1, 3)
            made[level].append(SourceCell(name, last - level + 1, header=True))
        else:
            group = words.phrase(rnd, 1, 3) + rnd.choice(("", "", f" (n = {rnd.randint(8, 900)})"))
            made[level].append(SourceCell(group, 1, wide, header=True))
            _parted(rnd, made, wide, level + 1)
        width -= wide


def _result(rnd: Random) -> Figure:
    style, size, marked = rnd.choice(STYLES), rnd.uniform(0, 3), rnd.choice((0, 0, 0.1))
    gap, decimals = rnd.choice((0, 0, 0.1)), rnd.choice((1, 2, 2, 3))

    def figure() -> str:
        if rnd.random() < gap:
            return rnd.choice(("", "\N{EN DASH}", "-", "NA"))
        value = 10 ** rnd.uniform(size - 1, size)
        text = _styled(rnd, style, value, decimals)
        return text + rnd.choice("ab*†c") if rnd.random() < marked else text

    return figure


def _styled(rnd: Random, style: str, value: float, decimals: int) -> str:
    sign, stars = rnd.choice(("", "\N{MINUS SIGN}")), "*" * rnd.randint(0, 3)
    percent = rnd.choice(("", "%"))
    return {
        "count": f"{value * 10:.0f}",
        "share": f"{value * 3:.0f} ({rnd.uniform(0, 100):.1f}{percent})",
        "error": f"{value:.{decimals}f} ± {value * rnd.uniform(0.02, 0.5):.{decimals}f}",
        "interval": f"{value:.2f} ({value * 0.7:.2f}, {value * 1.4:.2f})",
        "range": f"{value:.1f}\N{EN DASH}{value * 1.5:.1f}",
        "starred": f"{sign}{value / 9:.{decimals}f}{stars}",
        "decimal": f".{rnd.randrange(1000):03}",
        "plain": f"{value:.{decimals}f}",
    }[style]
