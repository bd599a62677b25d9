"""Drawings and screens that hold no table: maps, charts, diagrams, posters, slides, messages."""

from __future__ import annotations

from math import sin
from random import Random

from tests.bench.rendered import words
from tests.bench.rendered.families.dressing import (
    Theme,
    any_theme,
    font,
    light_theme,
    mix,
    page_css,
)
from tests.bench.rendered.family import beside, document, family
from tests.bench.rendered.tables import Supply


@family("poster", tableless=True)
def poster(rnd: Random, supply: Supply) -> str:
    """Few words in large and small letters, set to the middle, turned or scattered."""
    theme = any_theme(rnd, 0.5)
    ground = rnd.choice((theme.paper, theme.panel, mix(theme.accent, 0.3, theme.paper)))
    parts = []
    for _ in range(rnd.randint(3, 8)):
        style = f"font:{rnd.choice((400, 700))} {rnd.choice((14, 18, 26, 40, 64))}px "
        style += f"{font(rnd, 'sans', 'serif')};margin:{rnd.choice((4, 14, 30))}px 0;"
        style += rnd.choice(("", "", "letter-spacing:4px;", f"color:{theme.accent};"))
        text = rnd.choice((words.name, words.place, words.firm))(rnd)
        parts.append(beside("text", text.upper() if rnd.random() < 0.4 else text, style))
    day = words.day(rnd).strftime("%A %d %B, ") + words.clock(rnd.randrange(1440))
    css = page_css(rnd, theme, width=rnd.choice((480, 620, 760)))
    side = rnd.choice(("center", "center", "left"))
    css += f"body{{background:{ground};text-align:{side};padding:40px}}"
    return document("".join(parts) + beside("text", day, "font-size:22px"), css)


@family("label-map", tableless=True)
def label_map(rnd: Random, supply: Supply) -> str:
    """Names scattered over lines and areas, as on maps and drawings."""
    theme = light_theme(rnd)
    width, height = rnd.choice((560, 720, 900)), rnd.choice((380, 520, 680))
    taken: list[tuple[int, int]] = []
    labels = []
    for _ in range(rnd.randint(10, 50)):
        x, y = rnd.randint(10, width - 130), rnd.randint(10, height - 30)
        if all(abs(x - left) > 125 or abs(y - top) > 22 for left, top in taken):
            taken.append((x, y))
            size, text = rnd.choice((9, 10, 11, 12, 15)), words.place(rnd)
            text = rnd.choice((text, text.upper()[:9], str(rnd.randint(1, 900)), text[:8]))
            labels.append(
                beside("text", text, f"position:absolute;left:{x}px;top:{y}px;font-size:{size}px")
            )
    areas = "".join(_area(rnd, theme, width, height) for _ in range(rnd.randint(2, 9)))
    svg = _drawing(width, height, areas)
    css = page_css(rnd, theme, "sans", "serif", width=width)
    css += f"body{{position:relative;height:{height}px;padding:0;overflow:hidden}}"
    return document(svg + "".join(labels), css)


def _area(rnd: Random, theme: Theme, width: int, height: int) -> str:
    """A patch, a road or a river."""
    points = " ".join(
        f"{rnd.randint(0, width)},{rnd.randint(0, height)}" for _ in range(rnd.randint(3, 6))
    )
    if rnd.random() < 0.5:
        fill = mix(rnd.choice((theme.accent, "#4a8f5a", "#5a8fc0")), 0.18, theme.paper)
        return f'<polygon points="{points}" fill="{fill}" stroke="{theme.line}"/>'
    look = f'fill="none" stroke="{theme.quiet}" stroke-width="{rnd.choice((1, 2, 3))}"'
    return f'<polyline points="{points}" {look}/>'


@family("chart", tableless=True)
def chart(rnd: Random, supply: Supply) -> str:
    """Bars, lines or points with labels on both axes, grid lines, a legend, values at the bars."""
    theme = any_theme(rnd, 0.2)
    width, height, left, top = rnd.choice((420, 560, 720)), rnd.choice((220, 320, 420)), 62, 46
    count = rnd.randint(4, 14)
    heights = [rnd.uniform(0.1, 0.95) * (height - 20) for _ in range(count)]
    step = width / count
    kind = rnd.choice(("bars", "bars", "line", "points"))
    shapes = _ticks(rnd, theme, width, height) + _shapes(rnd, theme, kind, heights, step, height)
    svg = _drawing(width, height, shapes, left, top)
    first, small = words.year(rnd), rnd.choice((9, 10, 11))
    names = rnd.choice(
        ([str(first + at) for at in range(count)], [words.place(rnd)[:5] for _ in heights])
    )
    labels = [
        _at(name, left + step * at + 2, top + height + 5, small) for at, name in enumerate(names)
    ]
    most = 10 ** rnd.randint(0, 4)
    labels += [
        _at(f"{most * at / 5:g}", 24, top + height * (1 - at / 5) - 7, small) for at in range(6)
    ]
    if kind == "bars" and rnd.random() < 0.5:
        labels += [
            _at(f"{tall:.0f}", left + step * at + 3, top + height - tall - 15, small)
            for at, tall in enumerate(heights)
        ]
    for at in range(rnd.choice((0, 0, 2, 3))):
        labels.append(_at(words.name(rnd, 2), left + 130 * at + 14, top + height + 26, small))
    title = beside("title", words.phrase(rnd, 3, 8), "font-weight:700")
    css = page_css(rnd, theme, width=width + 110)
    css += f"body{{position:relative;height:{height + 110}px;padding:10px}}"
    return document(title + svg + "".join(labels), css)


def _at(text: str, x: float, y: float, size: int) -> str:
    style = f"position:absolute;left:{x:.0f}px;top:{y:.0f}px;font-size:{size}px;white-space:nowrap"
    return beside("text", text, style)


def _ticks(rnd: Random, theme: Theme, width: int, height: int) -> str:
    """The axes, and lines across from the marks of the left one."""
    lines = [f'<path d="M1 0V{height - 1}H{width}" fill="none" stroke="{theme.ink}"/>']
    if rnd.random() < 0.6:
        lines += [
            f'<path d="M0 {height * at / 5:.0f}H{width}" stroke="{theme.line}"/>' for at in range(5)
        ]
    return "".join(lines)


def _shapes(
    rnd: Random, theme: Theme, kind: str, heights: list[float], step: float, height: int
) -> str:
    if kind == "bars":
        wide = step * rnd.uniform(0.5, 0.9)
        return "".join(
            f'<rect x="{step * at:.0f}" y="{height - tall:.0f}" width="{wide:.0f}"'
            f' height="{tall:.0f}" fill="{theme.accent}"/>'
            for at, tall in enumerate(heights)
        )
    points = [(step * (at + 0.4), height - tall) for at, tall in enumerate(heights)]
    if kind == "line":
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        return f'<polyline points="{line}" fill="none" stroke="{theme.accent}" stroke-width="2"/>'
    return "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="{theme.accent}"/>' for x, y in points
    )


@family("slide", tableless=True)
def slide(rnd: Random, supply: Supply) -> str:
    """A slide with a heading and points on one or two levels, sometimes in two halves."""
    theme = any_theme(rnd, 0.35)
    sign = rnd.choice(("•", "\N{EN DASH}", "▪", "→", "1."))
    halves = rnd.choice((1, 1, 2))
    drawn = "".join(f'<div style="flex:1">{_points(rnd, sign)}</div>' for _ in range(halves))
    bar = rnd.choice(
        (f"border-top:12px solid {theme.accent}", f"border-left:16px solid {theme.accent}", "")
    )
    css = page_css(rnd, theme, width=rnd.choice((900, 1120)))
    css += (
        f"body{{min-height:560px;padding:36px 50px;font-size:{rnd.choice((17, 20, 24))}px;{bar}}}"
    )
    title = beside(
        "heading",
        words.phrase(rnd, 2, 6),
        f"font-size:34px;color:{theme.accent};margin-bottom:24px",
    )
    number = beside(
        "page-number", str(rnd.randint(1, 60)), "text-align:right;font-size:13px;margin-top:30px"
    )
    return document(f'{title}<div style="display:flex;gap:40px">{drawn}</div>{number}', css)


def _points(rnd: Random, sign: str) -> str:
    points = []
    for _ in range(rnd.randint(3, 6)):
        deep = rnd.random() < 0.3
        style = (
            f"display:flex;margin:0 0 10px {34 if deep else 0}px;font-size:{85 if deep else 100}%"
        )
        mark = beside("text", sign, "flex:0 0 28px", "span")
        text = beside("text", words.phrase(rnd, 3, 14), tag="span")
        points.append(f'<div style="{style}">{mark}{text}</div>')
    return "".join(points)


@family("conversation", tableless=True)
def conversation(rnd: Random, supply: Supply) -> str:
    """Messages in bubbles, posts with names and times, a page of comments."""
    theme = any_theme(rnd, 0.4)
    bubbles = rnd.random() < 0.6
    parts = []
    for _ in range(rnd.randint(4, 10)):
        own = rnd.random() < 0.5
        name = (
            ""
            if bubbles and own
            else beside("text", words.person(rnd), "font-weight:700;font-size:85%")
        )
        time = beside(
            "text", words.clock(rnd.randrange(1440)), f"font-size:75%;color:{theme.quiet}"
        )
        text = beside("text", words.paragraph(rnd, rnd.choice((1, 1, 2))))
        ground = mix(theme.accent, 0.18 if own else 0.07, theme.paper)
        look = f"background:{ground};border-radius:12px;padding:8px 12px;"
        look += "max-width:75%;width:fit-content;"
        side = "margin:0 0 10px auto" if own else "margin:0 0 10px 0"
        style = look + side if bubbles else f"border-bottom:1px solid {theme.line};padding:10px 0"
        parts.append(f'<div style="{style}">{name}{text}{time}</div>')
    css = page_css(rnd, theme, width=rnd.choice((390, 520, 700)))
    return document("".join(parts), css)


@family("diagram", tableless=True)
def diagram(rnd: Random, supply: Supply) -> str:
    """Boxes with words, joined by lines: courses of work, trees of offices."""
    theme = any_theme(rnd, 0.2)
    across, down = rnd.randint(2, 4), rnd.randint(2, 5)
    wide, tall = rnd.choice((130, 160, 190)), rnd.choice((70, 90))
    boxes, lines = [], []
    for row in range(down):
        for col in range(across):
            if rnd.random() < 0.35:
                continue
            x, y = (
                20 + col * (wide + 40) + rnd.randint(0, 20),
                20 + row * (tall + 36) + rnd.randint(0, 12),
            )
            look = f"position:absolute;left:{x}px;top:{y}px;width:{wide}px;padding:8px;"
            look += f"border:1px solid {theme.ink};border-radius:{rnd.choice((0, 6, 20))}px;"
            ground = mix(theme.accent, rnd.choice((0, 0.12, 0.25)), theme.paper)
            look += f"background:{ground};text-align:center"
            boxes.append(beside("text", words.phrase(rnd, 1, 6), look))
            bend = f"M{x + wide / 2:.0f} {y + 30}V{y + tall + 40}H{rnd.randint(40, across * wide)}"
            lines.append(f'<path d="{bend}" fill="none" stroke="{theme.quiet}"/>')
    if not boxes:
        boxes.append(
            beside("text", words.phrase(rnd, 2, 5), "position:absolute;left:20px;top:20px")
        )
    width, height = 40 + across * (wide + 60), 60 + down * (tall + 48)
    svg = _drawing(width, height, "".join(lines))
    css = (
        page_css(rnd, theme, width=width) + f"body{{position:relative;height:{height}px;padding:0}}"
    )
    return document(svg + "".join(boxes), css)


@family("cover-screen", tableless=True)
def cover_screen(rnd: Random, supply: Supply) -> str:
    """The first screen of a site or program: a bar, large words, cards with text, buttons."""
    theme = any_theme(rnd, 0.4)
    links = "".join(
        beside("chrome", words.name(rnd, 1), tag="span") for _ in range(rnd.randint(3, 6))
    )
    style = f"display:flex;gap:26px;padding:12px 20px;background:{theme.panel}"
    bar = f'<div style="{style}">{links}</div>'
    head = beside(
        "title",
        words.phrase(rnd, 3, 7),
        f"font-size:{rnd.choice((30, 44))}px;margin:30px 20px 10px",
    )
    text = beside("text", words.paragraph(rnd, 2), "margin:0 20px 20px;max-width:560px")
    button = f"background:{theme.accent};color:{theme.paper};padding:8px 18px;"
    button += "width:fit-content;margin:0 20px 24px"
    look = f"flex:1;border:1px solid {theme.line};border-radius:8px;padding:14px"
    cards = "".join(
        f'<div style="{look}">{beside("heading", words.name(rnd, 2), "font-weight:700")}'
        f"{beside('text', words.paragraph(rnd, rnd.choice((1, 2))))}</div>"
        for _ in range(rnd.choice((0, 2, 3)))
    )
    drawn = f'<div style="display:flex;gap:16px;margin:20px">{cards}</div>' if cards else ""
    wave = "".join(f"{10 * at},{30 + 12 * sin(at / 3):.0f} " for at in range(90))
    line = f'<polyline points="{wave}" fill="none" stroke="{theme.accent}"/>'
    svg = f'<svg width="880" height="60">{line}</svg>'
    css = page_css(rnd, theme, width=rnd.choice((900, 1100))) + "body{padding:0}"
    picture = svg if rnd.random() < 0.4 else ""
    return document(bar + head + text + beside("chrome", "Start", button) + picture + drawn, css)


def _drawing(width: int, height: int, shapes: str, left: int = 0, top: int = 0) -> str:
    style = f"position:absolute;left:{left}px;top:{top}px"
    return f'<svg width="{width}" height="{height}" style="{style}">{shapes}</svg>'
