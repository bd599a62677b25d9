"""The trail of an image, reached from its desk and leading back to the cell."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import _axe, screen
from tests.browser.test_review import lay
from tests.browser.test_searching import photograph
from tests.support.app import RunningApp
from tests.support.axe import faults

__all__ = ["_axe", "screen"]


def test_a_change_is_told_and_leads_back(app: RunningApp, screen: Page) -> None:
    [page] = lay(app, screen, 1)
    screen.goto(page)
    expect(screen.locator("#grid .current")).to_be_focused()
    screen.keyboard.press("Space")
    expect(screen.locator("#undo")).to_be_enabled()
    screen.wait_for_load_state("networkidle")
    screen.goto(f"{page}trail/")
    expect(screen.get_by_text("It was marked:")).to_be_visible()
    photograph(screen, "trail")
    assert faults(screen) == []
    screen.get_by_role("link", name="Table 1, row 2, column 2").click()
    expect(screen.locator("#grid .current")).to_have_attribute("data-at", "0.1.1")
