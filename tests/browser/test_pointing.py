"""Pointing at print on the picture, by keys and by the pointer: tables drawn, words taken."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_review import PHONE, lay, saved, sheets_of
from tests.support.axe import faults

LOOSE = "tests.review.piles.laid_loose"


def centre(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_where_nothing_was_found_a_table_is_drawn_by_keys(app, page):
    page.goto(lay(app, page, 1, LOOSE)[0])
    expect(page.get_by_text("No table was found on this picture.")).to_be_visible()
    page.locator("#plate").focus()
    page.keyboard.press("d")
    expect(page.locator("#point-layer .frame")).to_be_focused()
    assert faults(page) == []
    for _ in range(4):  # without the note below the table
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#table-1")).to_contain_text("3 rows, 2 columns")
    expect(page.locator("#grid .current")).to_be_focused()
    expect(page.locator("#c0-2-1")).to_have_text("9.75")
    expect(page.locator(".loose")).to_contain_text("Note")

    page.locator("#c0-2-0").click()
    page.keyboard.press("F3")
    expect(page.locator("#point-layer .word:focus")).to_have_attribute("aria-label", "Note")
    assert faults(page) == []
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#c0-2-0")).to_contain_text("Elm Note")
    saved(page)
    page.reload()
    expect(page.locator("#c0-2-0")).to_contain_text("Elm Note")
    [rows] = [rows for name, rows in sheets_of(page).items() if name not in {"Summary", "Review"}]
    assert rows[-1] == ("Elm\nNote", 9.75)
    page.keyboard.press("Control+z")
    expect(page.locator("#c0-2-0")).to_have_text("Elm")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("No table was found on this picture.")).to_be_visible()
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#table-1")).to_contain_text("3 rows, 2 columns")


def test_a_table_is_drawn_and_words_are_pressed_by_the_pointer(app, open_browser):
    phone = open_browser(**PHONE)
    phone.goto(lay(app, phone, 1, LOOSE)[0])
    phone.locator("#draw-open").click()
    expect(phone.locator("#point-layer .word")).to_have_count(7)
    words = phone.locator("#point-layer .word")
    first, last = words.nth(2).bounding_box(), words.nth(5).bounding_box()
    phone.mouse.move(first["x"] - 4, first["y"] - 2)
    phone.mouse.down()
    phone.mouse.move(last["x"] + last["width"] + 4, last["y"] + last["height"] + 2)
    phone.mouse.up()
    phone.get_by_role("button", name="Make a table").click()
    expect(phone.locator("#table-1")).to_contain_text("2 rows, 2 columns")
    phone.locator("#point-open").click()
    note = phone.locator("#point-layer [aria-label=Note]")
    x, y = centre(phone, "#point-layer [aria-label=Note]")
    phone.mouse.click(x, y)
    expect(note).to_have_attribute("aria-checked", "true")
    phone.get_by_role("button", name="Take them").click()
    expect(phone.locator("#text")).to_have_value("0ak\nNote")


@pytest.mark.parametrize("size", [{}, PHONE])
def test_a_value_of_a_card_is_filled_by_pressing_words_and_then_on_all_cards(
    app, open_browser, size
):
    page = open_browser(**size)
    page.goto(lay(app, page, 4, "tests.review.piles.laid_cards_with_lines")[0])
    page.locator("#edit-1").press("Enter")
    page.keyboard.press("F3")
    expect(page.locator("#point-layer .word:focus")).to_have_attribute("aria-label", "No.")
    assert faults(page) == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator("#point-bar")).to_contain_text("“Abbott 0”")
    page.keyboard.press("Enter")
    expect(page.locator("#value-1")).to_contain_text("Abbott 0")
    page.locator("#zone-offer").press("Enter")
    expect(page.locator("#pieces input[type=text]")).to_have_count(3)
    expect(page.locator("#pieces input[type=text]").last).to_have_value("Abbott 3")
    assert faults(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("3 values accepted.")).to_be_visible()
