"""The search, by keys, from any page to the desk at the cell; on a desktop and a phone."""

from __future__ import annotations

import os

from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import _axe, screen
from tests.browser.test_review import lay
from tests.support.app import RunningApp
from tests.support.axe import faults

__all__ = ["_axe", "screen"]


def photograph(page: Page, name: str) -> None:
    """For people who look at pages, where they asked for pictures of them."""
    if folder := os.environ.get("SCREENSHOTS"):
        size = page.viewport_size or {"width": 0}
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        page.screenshot(path=f"{folder}/{name}-{size['width']}{'-dark' * dark}.png", full_page=True)


def test_a_cell_is_found_and_opened_by_keys(app: RunningApp, screen: Page) -> None:
    lay(app, screen, 2)
    screen.goto("/batches/")
    screen.keyboard.press("/")
    expect(screen.locator("#search")).to_be_focused()
    photograph(screen, "search-empty")
    assert faults(screen) == []
    screen.keyboard.type("elm 9.75")
    screen.keyboard.press("Enter")
    expect(screen.locator(".found-image")).to_have_count(2)
    expect(screen.get_by_role("link", name="Elm").first).to_be_visible()
    photograph(screen, "search")
    assert faults(screen) == []
    screen.get_by_role("link", name="9.75").first.press("Enter")
    expect(screen.locator("#grid .current")).to_have_attribute("data-at", "0.2.1")


def test_a_batch_has_a_search_of_its_own(app: RunningApp, screen: Page) -> None:
    [page] = lay(app, screen, 1)
    screen.goto(page.partition("images/")[0])
    photograph(screen, "search-batch")
    screen.keyboard.press("/")
    screen.keyboard.type("nothing like it")
    screen.keyboard.press("Enter")
    expect(screen.get_by_text("Nothing holds")).to_be_visible()
    photograph(screen, "search-nothing")
    assert faults(screen) == []
    screen.locator("#everywhere").click()
    expect(screen).to_have_url(f"{app.url}/search/?q=nothing%20like%20it")
