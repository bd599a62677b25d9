"""Connections that fail, files that are refused, and what a person loses by it: nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import SETTLED, branch_picture, drop, picture, press_start
from tests.pictures import png


def plain_pictures(number: int) -> list:
    return [picture(f"plain {n}.png", png()) for n in range(number)]


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


def test_many_files_go_in_pieces_and_a_lost_piece_is_sent_again(page, complaints):
    fail(page, "**/images/", times=1)
    drop(page, plain_pictures(25))
    press_start(page)
    expect(page.locator("#line")).to_contain_text("of 25 ·")
    assert "images/: Failed to load resource" in complaints.pop()
    page.wait_for_selector(SETTLED)


def test_what_did_not_get_there_is_named_and_can_be_left_out(page, complaints):
    fail(page, "**/images/", times=99)
    drop(page, plain_pictures(21))
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_contain_text("1 file did not get there.")
    expect(page.get_by_role("alert")).to_contain_text("plain 20.png")
    complaints.clear()
    page.get_by_role("button", name="Go on without them").click()
    expect(page.locator("#line")).to_contain_text("of 20 ·")


@pytest.mark.parametrize("how", [cut, restart])
def test_a_lost_connection_is_said_and_mended(page, complaints, how):
    fail(page, "**/progress/*", 2, how)
    drop(page, [branch_picture("Oslo")])
    press_start(page)
    expect(page.get_by_text("Connection lost; trying again…")).to_be_visible()
    page.wait_for_selector(SETTLED)
    expect(page.get_by_text("Connection lost; trying again…")).to_be_hidden()
    complaints.clear()


def test_refused_files_are_shown_and_nothing_is_kept(page):
    drop(page, [picture("notes.png", b"words, not pixels")])
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_contain_text("notes.png: This is not a picture")
    expect(page.locator("#chosen li")).to_have_count(0)
    page.goto("/batches/")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()


def test_starting_with_nothing_says_what_to_do(page):
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_have_text("Choose at least one picture first.")


def test_focus_and_scroll_outlive_a_poll(page):
    drop(page, plain_pictures(20))
    press_start(page)
    page.locator("#cancel").focus()
    page.evaluate("window.scrollTo(0, 120)")
    with page.expect_response("**/progress/*"):
        pass
    expect(page.locator(".htmx-swapping, .htmx-settling")).to_have_count(0)
    assert page.evaluate("window.scrollY") == 120
    if page.locator("#cancel").count():
        expect(page.locator("#cancel")).to_be_focused()
