from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from converter.core.engines.openai_compatible.picture import encode, is_blank
from converter.core.images import PageImage


def page(width: int = 400, height: int = 200, color: object = "white") -> Image.Image:
    return Image.new("RGB", (width, height), color)


def as_page(image: Image.Image) -> PageImage:
    return PageImage("p", np.asarray(image))


def decoded(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    ("size", "enlarge", "expected"),
    [
        ((3000, 1500), False, (1288, 644)),
        ((3000, 1500), True, (1288, 644)),
        ((400, 200), False, (400, 200)),
        ((400, 200), True, (1288, 644)),
        ((5000, 2), False, (1288, 1)),
    ],
)
def test_the_longest_side(size, enlarge, expected) -> None:
    picture = encode(as_page(page(*size)), 1288, enlarge=enlarge)
    assert decoded(picture.data).size == expected


def test_print_stays_as_it_is_and_a_photo_becomes_a_good_jpeg() -> None:
    assert encode(as_page(page()), 1288, enlarge=False).url.startswith("data:image/png;base64,")
    noise = np.random.default_rng(1).integers(0, 255, (900, 900, 3), np.uint8)
    picture = encode(PageImage("p", noise), 1288, enlarge=False)
    assert (picture.mime, decoded(picture.data).mode) == ("image/jpeg", "RGB")


def test_a_turn_is_clockwise_and_adds_up() -> None:
    image = page(40, 20)
    image.putpixel((0, 0), (255, 0, 0))
    once = encode(as_page(image), 1288, enlarge=False).turn(90)
    assert decoded(once.data).getpixel((19, 0)) == (255, 0, 0)
    assert (once.turned, once.turn(180).turned, once.turn(270).turned) == (90, 270, 0)


def shaded() -> Image.Image:
    rows = np.linspace(255, 120, 900).astype(np.uint8)
    return Image.fromarray(np.repeat(np.tile(rows, (600, 1))[..., None], 3, axis=2))


def grained() -> Image.Image:
    noise = np.random.default_rng(2).normal(228, 1.5, (600, 900, 1)).clip(0, 255)
    return Image.fromarray(noise.astype(np.uint8).repeat(3, axis=2))


@pytest.mark.parametrize("image", [page(), page(color="black"), page(8, 8), shaded(), grained()])
def test_an_empty_page_is_blank(image) -> None:
    assert is_blank(np.asarray(image))


@pytest.mark.parametrize("paper", [page, shaded, grained])
@pytest.mark.parametrize("ink", [0, 90])
def test_a_single_word_is_something(paper, ink) -> None:
    image = paper()
    ImageDraw.Draw(image).text((30, 50), "7", fill=(ink, ink, ink))
    assert not is_blank(np.asarray(image))


def test_a_pale_line_on_a_large_photo_is_something() -> None:
    image = page(4000, 3000, (200, 196, 188))
    ImageDraw.Draw(image).text((900, 900), "pencil", fill=(170, 166, 160), font_size=60)
    assert not is_blank(np.asarray(image))


def test_white_on_black_is_something() -> None:
    image = page(color="black")
    ImageDraw.Draw(image).text((30, 50), "12", fill="white")
    assert not is_blank(np.asarray(image))
