"""Names of sheets that Excel takes and no reader skips."""

from __future__ import annotations

import random
import re

import pytest

from converter.core.workbook.sheet_names import MAX_LENGTH, SheetNames
from converter.core.workbook.sheet_text import utf16_length


def test_tables_of_a_single_image_are_counted():
    names = SheetNames()
    assert [names.next_table(), names.next_table()] == ["Table 1", "Table 2"]


def test_sheet_is_named_after_its_image():
    names = SheetNames()
    assert names.for_image("north.png", 1) == ["north"]
    assert names.for_image("south.v2.jpeg", 2) == ["south.v2 1", "south.v2 2"]
    assert names.for_image("empty.png", 0) == []


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("a/b\\c.png", "c"),
        ("a[1]:b?*.png", "a 1 b"),
        ("'quoted'.png", "quoted"),
        ("a\x00\nb.png", "a b"),
        ("***.png", "Image"),
        ("", "Image"),
        (".png", "Image"),
        ("scan no. 5", "scan no. 5"),
        ("x" * 40 + ".png", "x" * 31),
        ("\U0001f600" * 20 + ".png", "\U0001f600" * 15),
    ],
)
def test_illegal_names_become_legal(image, name):
    assert SheetNames().for_image(image, 1) == [name]


@pytest.mark.parametrize(
    "word",
    ["Summary", "REVIEW", "checks", "Check", "about", "Info", "errors", "Error", "History"],
)
def test_reserved_name_is_never_given(word):
    assert SheetNames().for_image(f"{word}.png", 1) == [f"{word} 2"]


def test_names_that_differ_in_case_alone_are_numbered():
    names = SheetNames()
    given = [names.for_image(image, 1)[0] for image in ("a.png", "A.jpg", "a.gif", "a 2.png")]
    assert given == ["a", "A 2", "a 3", "a 2 2"]


def test_number_fits_behind_a_long_name():
    first, second = SheetNames().for_image("y" * 40 + ".png", 2)
    assert (first, second) == ("y" * 29 + " 1", "y" * 29 + " 2")


def test_whatever_the_images_are_called_names_are_legal_and_unique():
    rng, names = random.Random(1), SheetNames()
    given: list[str] = []
    for _ in range(500):
        image = "".join(rng.choices("aA'[]:*?/\\ .\n\U0001f600", k=rng.randrange(45)))
        given += names.for_image(image, rng.randrange(1, 4))
    assert len({name.casefold() for name in given}) == len(given)
    assert all(1 <= utf16_length(name) <= MAX_LENGTH for name in given)
    assert not any(re.search(r"[/\\?*\[\]:\x00-\x1f]|^'|'$", name) for name in given)
