"""Connections that fail, files that are refused, and what a person loses by it: nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import (
    BRANCHES,
    SETTLED,
    branch_picture,
    drop,
    names_in_order,
    picture,
    press_start,
)
from tests.support.pictures import png


def plain_pictures(number: int) -> list:
    return [picture(f"plain {n}.png", png()) for n in range(number)]


def long_pile() -> list:
    """So many that some are still to be read when the batch's page is there and asks."""
    return [*map(branch_picture, BRANCHES), *plain_pictures(20)]


def cut(route: Route) -> None:
    route.abort("connectionreset")


def restart(route: Route) -> None:
    """What a proxy says while the server behind it starts anew."""
    route.fulfill(status=502, body="Bad gateway")


def fail(page: Page, url: str, times: int, how: Callable[[Route], None] = cut) -> None:
    """Let so many requests to a URL fail; later ones get through."""
    left = [times]

    def answer(route: Route) -> None:
        left[0] -= 1
        if left[0] >= 0:
            how(route)
        else:
            route.continue_()

    page.route(url, answer)


@pytest.mark.parametrize("how", [cut, restart])
def test_many_files_go_one_by_one_and_a_lost_one_is_sent_again(page, complaints, how):
    fail(page, "**/images/", 1, how)
    drop(page, plain_pictures(25))
    press_start(page)
    expect(page.locator("#line")).to_contain_text("of 25 ·")
    assert "images/: Failed to load resource" in complaints.pop()
    page.wait_for_selector(SETTLED)


def test_without_a_connection_all_wait_for_it(page, complaints):
    fail(page, "**/images/", times=99)
    drop(page, plain_pictures(12))
    line = page.locator("#sending-line")
    expect(line).to_have_text("The connection is lost. 12 files not sent yet.")
    page.unroute("**/images/")
    page.get_by_role("button", name="Try all again").click()
    expect(names_in_order(page)).to_have_text([f"plain {n}.png" for n in range(12)])
    expect(page.locator("#sending")).to_be_hidden()
    complaints.clear()


def test_what_did_not_get_there_can_be_left_out(page, complaints):
    fail(page, "**/images/", times=99)
    drop(page, plain_pictures(1))
    expect(page.locator("#uploads .failed")).to_contain_text("plain 0.png")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#problem")).to_contain_text("Try again, or leave them out")
    page.get_by_role("button", name="Leave them out").click()
    expect(page.locator("#sending")).to_be_hidden()
    expect(page.get_by_text("No image here yet")).to_be_visible()
    complaints.clear()


def test_the_first_file_waits_for_a_draft(page, complaints):
    fail(page, "**/batches/", times=1)
    drop(page, plain_pictures(2))
    page.get_by_role("button", name="Try all again").click()
    expect(names_in_order(page)).to_have_text(["plain 0.png", "plain 1.png"])
    complaints.clear()


@pytest.mark.parametrize("how", [cut, restart])
def test_a_lost_connection_is_said_and_mended(page, complaints, how):
    fail(page, "**/progress/*", 99, how)
    drop(page, long_pile())
    press_start(page)
    expect(page.get_by_text("Connection lost; trying again…")).to_be_visible()
    page.unroute("**/progress/*")
    page.wait_for_selector(SETTLED)
    expect(page.get_by_text("Connection lost; trying again…")).to_be_hidden()
    complaints.clear()


def test_refused_files_are_listed_until_the_list_is_cleared(page):
    drop(page, [picture("notes.png", b"words, not pixels")])
    expect(page.locator(".refused")).to_contain_text("notes.png This is not a picture")
    expect(page.locator(".refused code")).to_have_text("unsupported_type")
    expect(page.locator("#sending-status")).to_contain_text("1 file refused")
    page.get_by_role("button", name="Clear the list").click()
    expect(page.locator(".refused")).to_have_count(0)


def test_starting_with_nothing_says_what_to_do(page):
    drop(page, [picture("notes.png", b"words, not pixels")])
    expect(page.locator(".refused")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("There is no image in this batch yet; add one first.")).to_be_visible()


def test_focus_and_scroll_outlive_a_poll(page):
    drop(page, long_pile())
    press_start(page)
    page.locator("#cancel").focus()
    page.evaluate("window.scrollTo(0, 120)")
    with page.expect_response("**/progress/*"):
        pass
    expect(page.locator(".htmx-swapping, .htmx-settling")).to_have_count(0)
    assert page.evaluate("window.scrollY") == 120
    if page.locator("#cancel").count():
        expect(page.locator("#cancel")).to_be_focused()
