"""A draft from the first drop to the start, over a line that fails, and by every kind of hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.line import Line
from tests.browser.people import drop, names_in_order, picture, press_start
from tests.support.app import RunningApp
from tests.support.pictures import png

LEAVE = """() => {
    const leaving = new Event("beforeunload", {cancelable: true});
    window.dispatchEvent(leaving);
    return leaving.defaultPrevented;
}"""


@pytest.fixture
def line(app: RunningApp) -> Iterator[Line]:
    with Line(app.port) as line:
        yield line


def pictures(*names: str) -> list:
    return [picture(f"{name}.png", png(200, 100)) for name in names]


def expect_order(page: Page, *names: str) -> None:
    expect(names_in_order(page)).to_have_text([f"{name}.png" for name in names])


def make_draft(page: Page, *names: str) -> None:
    drop(page, pictures(*names))
    expect_order(page, *names)
    expect(page.locator("#sending")).to_be_hidden()


def hang(route: Route) -> None:
    """Never answer."""


def test_from_the_first_drop_to_the_start_over_a_bad_line(open_browser, line, complaints):
    page = open_browser(base_url=line.url)
    assert not page.evaluate(LEAVE)
    line.hold('filename="slow.png"')
    line.cut('filename="unlucky.png"')
    drop(page, pictures("first", "slow", "third"))
    expect_order(page, "first", "third")
    drop(page, pictures("unlucky", "fifth"))
    lost = page.locator("#uploads .failed")
    expect(lost).to_contain_text("unlucky.png")
    expect(lost).to_contain_text("The connection was lost.")
    expect_order(page, "first", "third", "fifth")
    expect(page.get_by_role("progressbar", name="slow.png")).to_be_visible()
    assert page.evaluate(LEAVE)
    line.release()
    expect_order(page, "first", "slow", "third", "fifth")
    line.mend()
    page.get_by_role("button", name="Try unlucky.png again").click()
    expect_order(page, "first", "slow", "third", "unlucky", "fifth")
    expect(page.locator("#sending")).to_be_hidden()
    assert not page.evaluate(LEAVE)
    complaints.clear()  # Chromium notes each lost connection on its console

    page.get_by_label("Remove third.png").click()
    expect_order(page, "first", "slow", "unlucky", "fifth")
    page.get_by_role("button", name="Undo").click()
    expect_order(page, "first", "slow", "third", "unlucky", "fifth")
    page.get_by_label("Turn slow.png right").click()
    expect(page.locator(".card img").nth(1)).to_have_attribute("data-turn", "90")
    grip = page.get_by_role("button", name=": move fifth.png")
    grip.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight", "Home"):
        page.keyboard.press(key)
    expect_order(page, "fifth", "first", "slow", "third", "unlucky")
    expect(grip).to_be_focused()
    expect(page.locator("#announcement")).to_have_text("fifth.png moved.")

    other_tab = page.context.new_page()
    other_tab.goto(page.url)
    page.reload()
    expect(page.locator(".card img").nth(2)).to_have_attribute("data-turn", "90")
    press_start(page)
    expect(page.locator("#line")).to_contain_text("of 5 ·")
    with other_tab.expect_response("**/change/") as answered:
        other_tab.get_by_label("Remove first.png").click()
    assert answered.value.status == 409
    expect(other_tab.locator("h1")).to_have_text("This batch has been started")
    other_tab.get_by_role("link", name="See the batch").click()
    expect(other_tab.locator("#line")).to_contain_text("of 5 ·")


def test_files_for_a_batch_that_was_started_elsewhere_are_not_sent(page, complaints):
    make_draft(page, "a")
    other_tab = page.context.new_page()
    other_tab.goto(page.url)
    press_start(other_tab)
    drop(page, pictures("late"))
    expect(page.get_by_role("alert").first).to_contain_text("takes no changes")
    page.get_by_role("link", name="See the batch").click()
    expect(page.locator("#line")).to_contain_text("of 1 ·")
    assert "409" in complaints.pop()


def test_a_turn_shows_at_once(page):
    make_draft(page, "a", "b")
    page.route("**/change/", hang)
    page.get_by_label("Turn b.png left").click()
    expect(page.locator(".card img").nth(1)).to_have_attribute("data-turn", "270")


def test_a_change_that_is_lost_is_said(page, complaints):
    make_draft(page, "a", "b")
    page.route("**/change/", lambda route: route.abort("connectionreset"))
    page.get_by_label("Remove a.png").click()
    expect(page.locator("#connection")).to_be_visible()
    page.unroute("**/change/")
    page.get_by_label("Remove a.png").click()
    expect_order(page, "b")
    expect(page.locator("#connection")).to_be_hidden()
    complaints.clear()


def test_cards_are_dragged_one_and_several(page):
    make_draft(page, "a", "b", "c", "d")
    card = page.locator(".card")
    card.nth(0).drag_to(card.nth(2), target_position={"x": 100, "y": 60})
    expect_order(page, "b", "c", "a", "d")
    page.get_by_label("Select c.png").check()
    page.get_by_label("Select d.png").check()
    card.nth(3).drag_to(card.nth(0), target_position={"x": 10, "y": 60})
    expect_order(page, "c", "d", "b", "a")
    expect(page.get_by_label("Select d.png")).to_be_checked()


def test_several_are_chosen_and_moved_turned_and_removed(page):
    make_draft(page, "10", "9", "b", "a")
    page.get_by_role("button", name="Sort by name").click()
    expect_order(page, "9", "10", "a", "b")
    expect(page.get_by_role("group", name="The selected images")).to_be_hidden()
    page.get_by_label("Select a.png").check()
    page.get_by_label("Select b.png").check()
    page.get_by_label("To number").fill("1")
    page.keyboard.press("Enter")
    expect_order(page, "a", "b", "9", "10")
    page.get_by_role("button", name="Turn left", exact=True).click()
    expect(page.locator('.card img[data-turn="270"]')).to_have_count(2)
    page.get_by_label("Select all").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("No image here yet")).to_be_visible()
    expect(page.locator("#summary")).to_have_text("Nothing to read yet")


def test_a_button_pressed_before_the_last_change_is_answered_is_not_lost(page):
    make_draft(page, "a", "b", "c")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    page.route("**/change/", hold_the_first)
    page.get_by_label("Select a.png").check()
    page.get_by_role("button", name="Turn left", exact=True).click()
    page.get_by_label("Select b.png").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    held[0].continue_()
    expect_order(page, "c")
    expect(page.locator("#announcement")).to_have_text("2 images removed.")


def test_options_are_saved_as_they_are_changed(page):
    make_draft(page, "a")
    page.get_by_label("Name of the batch").fill("Receipts")
    page.get_by_label("Fields", exact=False).first.check()
    expect(page.locator("#title")).to_have_text("Receipts")
    page.get_by_text("Add several by name").click()
    page.get_by_label("Names, one a line").fill("Total\nDate")
    page.get_by_role("button", name="Add these").click()
    page.get_by_label("Read every picture again").check()
    expect(page.locator("#saved")).to_have_text("Saved")
    with page.expect_response(lambda answer: "priority=1" in (answer.request.post_data or "")):
        page.get_by_label("Priority").select_option("High")
    page.reload()
    expect(page.get_by_label("Name of the batch")).to_have_value("Receipts")
    expect(page.locator("#r0-name")).to_have_value("Total")
    expect(page.locator("#r1-name")).to_have_value("Date")
    expect(page.get_by_label("Priority")).to_have_value("1")
    expect(page.get_by_label("Read every picture again")).to_be_checked()


def test_a_batch_is_run_again(page):
    make_draft(page, "a", "b")
    press_start(page)
    page.get_by_role("button", name="Run again with other options").click()
    expect(page.locator("#title")).to_have_text("a (again)")
    expect_order(page, "a", "b")
    press_start(page)
