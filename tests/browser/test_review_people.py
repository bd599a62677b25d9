"""Several people at the desk: one has an image open, another looks, and takes it over."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.app import RunningApp, wait_for

_LAY = "import json; from tests.review import piles; print(json.dumps(piles.laid_for_two()))"


@pytest.fixture
def two(app: RunningApp, open_browser: Callable[..., Page]) -> tuple[Page, Page]:
    """Two browsers of one user, each at the same image."""
    laid = json.loads(app.manage("shell", "--no-imports", "-c", _LAY).strip().splitlines()[-1])
    pages = open_browser(), open_browser()
    for page, session in zip(pages, laid["sessions"], strict=True):
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": app.url}])
        page.goto(laid["page"])
        expect(page.locator("#grid .current")).to_be_focused()
    return pages


def test_the_second_looks_and_takes_over(two):
    first, second = two
    held = second.locator("#held")
    expect(first.locator("#held")).to_be_hidden()
    expect(held).to_contain_text("in another browser, has this image open")
    second.keyboard.press("Space")
    expect(second.locator("#take-over")).to_be_focused()
    expect(second.locator("#c0-1-1")).to_contain_text("12.5O")
    second.keyboard.press("Enter")
    expect(held).to_be_hidden()
    expect(second.locator("#grid .current")).to_be_focused()
    for key in ("Space", "Enter"):
        second.keyboard.press(key)
    expect(second.locator("#reviewed")).to_contain_text("Reviewed by")
    first.reload()
    expect(first.locator("#held")).to_be_visible()
    expect(first.locator("#reviewed")).to_contain_text("Reviewed by")


def test_who_leaves_makes_room(two):
    first, second = two
    expect(second.locator("#held")).to_be_visible()
    first.goto("/")

    def is_free() -> bool:
        second.reload()
        return second.locator("#held").is_hidden()

    wait_for(is_free, "the end of the reservation")


def test_an_image_is_marked_by_hand_and_unmarked(two):
    page, _ = two
    page.locator("#set-reviewed").click()
    expect(page.locator("#reviewed")).to_contain_text("Reviewed by")
    page.locator("#unset-reviewed").click()
    expect(page.locator("#set-reviewed")).to_be_visible()
