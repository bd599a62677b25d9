"""A batch is shared by a link: made and copied by its owner, opened by somebody else."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import _axe, screen
from tests.browser.test_review import lay
from tests.browser.test_searching import photograph
from tests.support.app import RunningApp
from tests.support.axe import faults

__all__ = ["_axe", "screen"]


def test_a_link_is_made_and_opened_by_a_guest(app: RunningApp, screen: Page, open_browser) -> None:
    [page] = lay(app, screen, 1)
    screen.goto(page.partition("images/")[0])
    screen.locator("#share").click()
    photograph(screen, "links-none")
    assert faults(screen) == []
    screen.get_by_label("Whom it is for").fill("The auditors")
    screen.get_by_label("They may").select_option("reviewer")
    screen.get_by_role("button", name="Make a link").click()
    link = screen.locator("#link")
    expect(link).to_be_focused()
    photograph(screen, "links")
    assert faults(screen) == []
    guest = open_browser()
    guest.goto(link.input_value())
    expect(guest).to_have_url(f"{app.url}{page.partition('images/')[0]}")
    expect(guest.locator("#guest")).to_have_text(
        "Shared with you as “The auditors”, to look, download and correct."
    )
    photograph(guest, "guest")
    assert faults(guest) == []
    guest.goto(page)
    expect(guest.locator("#grid .current")).to_be_focused()
    guest.keyboard.press("Space")
    expect(guest.locator("#undo")).to_be_enabled()
    screen.get_by_role("button", name="End the link for The auditors").click()
    expect(screen.get_by_text("opens nothing any more")).to_be_visible()
    photograph(screen, "links-ended")
    answer = guest.request.get(page)
    assert answer.status == 404
