"""The pages of the review in their states, held to WCAG 2.2 AA, on a desktop and a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_review import PHONE, lay
from tests.browser.test_review_people import two  # noqa: F401
from tests.support.app import RunningApp
from tests.support.axe import faults, script

SIZES = {
    "desktop": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
}
STATES = "tests.review.piles.laid_states"


@pytest.fixture(autouse=True)
def _axe() -> None:
    """Before a page is opened, so that nothing is half done where it is not here."""
    script()


@pytest.fixture(params=SIZES)
def screen(request: pytest.FixtureRequest, open_browser: Callable[..., Page]) -> Page:
    return open_browser(**SIZES[request.param])


def open_desk(app: RunningApp, screen: Page, maker: str = "tests.review.piles.laid") -> list[str]:
    pages = lay(app, screen, 2, maker)
    screen.goto(pages[0])
    expect(screen.locator("#grid .current")).to_be_focused()
    return pages


def test_a_fault_is_found(page):
    page.evaluate("document.querySelector('main').innerHTML = '<button></button><a href=x></a>'")
    assert {fault.split(":")[0] for fault in faults(page)} >= {"button-name", "link-name"}


def test_the_desk_with_its_doubts_and_without_any(app, screen):
    pages = open_desk(app, screen)
    assert faults(screen) == []
    screen.locator("#c0-2-1").click()
    assert faults(screen) == []  # a cell that is sure
    screen.locator("#c0-1-1").click()
    screen.keyboard.press("Space")
    screen.locator("#c0-1-1").click()
    assert faults(screen) == []  # one that is settled
    screen.locator("#c0-1-0").click()
    screen.keyboard.press("u")
    screen.wait_for_url(f"**{pages[1]}")
    expect(screen.locator("#grid .current")).to_be_focused()
    screen.goto(pages[0])
    expect(screen.locator("#set-reviewed, #unset-reviewed")).to_be_visible()
    expect(screen.locator("#done-here")).to_be_visible()
    assert faults(screen) == []


def test_what_opens_over_the_desk(app, screen):
    open_desk(app, screen)
    screen.keyboard.press("?")
    expect(screen.locator("#keys")).to_be_visible()
    assert faults(screen) == []
    screen.keyboard.press("Escape")
    screen.locator("#structure-menu > summary").click()
    assert faults(screen) == []
    screen.keyboard.press("Escape")
    screen.locator("#lines-open").click()
    assert faults(screen) == []


def test_a_correction_that_was_not_taken_or_not_sent(app, screen, complaints):
    open_desk(app, screen)
    screen.wait_for_load_state("networkidle")
    screen.route("**/cells/", lambda route: route.abort())
    screen.locator("#accept").click()
    expect(screen.locator("#connection")).to_be_visible()
    assert faults(screen) == []
    screen.unroute("**/cells/")
    screen.evaluate("document.getElementById('desk-error').hidden = false")
    screen.evaluate("document.getElementById('desk-error').textContent = 'It says 12.50 by now.'")
    assert faults(screen) == []
    screen.get_by_role("button", name="Send again").click()
    expect(screen.locator("#undo")).to_be_enabled()
    complaints.clear()


def test_the_same_misreading_offered_taken_and_shown(app, screen):
    open_desk(app, screen, STATES)
    screen.locator("#c0-1-0").click()
    screen.locator("#text").fill("Iowa")
    screen.locator("#accept").click()
    expect(screen.locator("#same-all")).to_be_visible()
    assert faults(screen) == []
    see = screen.locator("#same-see").get_attribute("href")
    screen.locator("#same-all").click()
    expect(screen.locator("#same-back")).to_be_visible()
    assert faults(screen) == []
    screen.locator("#same-back").click()
    expect(screen.locator("#same-all")).to_be_visible()
    screen.goto(see)
    assert faults(screen) == []


def test_a_random_check_and_the_pages_of_a_batch(app, screen):
    pages = open_desk(app, screen)
    screen.goto(pages[0].partition("images/")[0])
    assert faults(screen) == []
    screen.locator("#random-check").click()
    texts = screen.locator("#pieces input[type=text]")
    expect(texts.first).to_be_focused()
    assert faults(screen) == []
    texts.first.press("Enter")
    texts.nth(1).fill("other")
    texts.nth(1).press("Enter")
    expect(screen.locator("#found")).to_contain_text("1 of 2 cells")
    assert faults(screen) == []


def test_one_field_of_many_cards(app, screen):
    [group] = lay(app, screen, 3, "tests.review.piles.laid_cards")
    screen.goto(group)
    assert faults(screen) == []
    screen.locator("#pieces button").first.click()
    expect(screen.locator("#waiting")).to_have_text("2")
    assert faults(screen) == []
    screen.goto(group.partition("values/")[0])
    assert faults(screen) == []


def test_an_image_that_somebody_else_has_open(two):  # noqa: F811
    _, second = two
    expect(second.locator("#held")).to_be_visible()
    assert faults(second) == []
