"""The review desk, by keys: doubts settled across images, undone over a reload, grids mended."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.reader import Reader, laid_out
from tests.support.app import RunningApp

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def lay(
    app: RunningApp, page: Page, images: int, maker: str = "tests.review.piles.laid"
) -> list[str]:
    """A batch of this browser with so many images that were read; the addresses of their pages."""
    pages: list[str] = laid_out(app, page, images, maker)["pages"]
    return pages


def current(page: Page) -> str:
    return page.locator("#grid .current").get_attribute("data-at") or ""


def saved(page: Page) -> None:
    """Waits until the server knows all that was said."""
    expect(page.locator("#undo")).to_be_enabled()
    page.wait_for_load_state("networkidle")


def sheets_of(page: Page) -> dict[str, list[tuple[object, ...]]]:
    batch = page.url.partition("/images/")[0]
    content = page.request.get(f"{batch}/workbook.xlsx").body()
    book = load_workbook(BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_doubts_of_five_images_are_settled_by_one_key_each(app, page):
    pages = lay(app, page, 5)
    page.goto(pages[0])
    pressed = 0
    for number in range(5):
        page.wait_for_url(f"**{pages[number]}")
        expect(page.locator("#left")).to_have_text("2")
        expect(page.locator("#grid .current")).to_be_focused()
        for key in ("Space", "Enter"):  # take the other reading; accept what was read
            page.keyboard.press(key)
            pressed += 1
    saved(page)
    assert pressed == 10
    for name, rows in sheets_of(page).items():
        if name != "Summary":
            assert rows == [("Item", "Price"), ("0ak", 12.5), ("Elm", 9.75)]


@pytest.mark.parametrize("size", [{}, PHONE])
def test_sixty_doubts_cost_hardly_more_than_a_key_each(app, open_browser, size):
    page = open_browser(**size)
    laid = laid_out(app, page, 5, "tests.review.piles.laid_sixty")
    reader = Reader(page, laid["pages"], laid["truths"])
    reader.settle_all()
    saved(page)
    assert reader.settled == 60
    assert reader.pressed <= 1.3 * 60
    tables = [rows for name, rows in sheets_of(page).items() if name != "Summary"]
    assert [rows[1] for rows in tables] == [("Oak", "North", 10 * n + 1.5) for n in range(5)]
    assert all({row[0] for row in rows[1:]} == {"Oak"} for rows in tables)


def test_what_is_typed_is_kept_over_a_reload_and_undone_after_it(app, page):
    page.goto(lay(app, page, 1)[0])
    expect(page.locator("#grid .current")).to_be_focused()
    page.keyboard.type("12.60")
    page.keyboard.press("Enter")
    saved(page)
    page.reload()
    expect(page.locator("#c0-1-1")).to_have_text("12.60")
    expect(page.locator("#left")).to_have_text("1")
    page.keyboard.press("Control+z")
    expect(page.locator("#c0-1-1")).to_contain_text("12.5O")
    expect(page.locator("#left")).to_have_text("2")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#c0-1-1")).to_have_text("12.60")


def test_a_grid_that_came_out_wrong_is_mended_by_keys(app, page):
    page.goto(lay(app, page, 1)[0])
    expect(page.locator("#grid .current")).to_be_focused()
    page.locator("#c0-1-0").click()
    page.keyboard.press("Shift+ArrowRight")
    page.locator("#structure-menu > summary").press("Enter")
    page.get_by_role("button", name="Merge cells").press("Enter")
    expect(page.locator("#c0-1-0")).to_have_text("In doubt: 0ak 12.5O")
    page.get_by_role("button", name="Split cell").press("Enter")
    expect(page.locator("#c0-1-1")).to_contain_text("12.5O")
    page.get_by_role("button", name="Insert row above").press("Enter")
    expect(page.locator("#table-1")).to_contain_text("4 rows")
    page.keyboard.press("Escape")
    page.locator("#undo").press("Enter")
    expect(page.locator("#table-1")).to_contain_text("3 rows")


def test_lines_over_the_picture_are_moved_by_keys(app, page):
    page.goto(lay(app, page, 1)[0])
    page.get_by_role("button", name="Lines on the picture").press("Enter")
    line = page.get_by_role("slider", name="Row line 3 of 4")
    line.focus()
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Save lines").press("Enter")
    expect(page.locator("#table-1")).to_contain_text("2 rows")
    expect(page.locator("#c0-1-0")).to_contain_text("Elm")


def test_two_people_at_once_see_what_the_other_said(app, page, complaints):
    address = lay(app, page, 1)[0]
    other = page.context.new_page()
    for one in (page, other):
        one.goto(address)
        expect(one.locator("#grid .current")).to_be_focused()
    page.keyboard.press("Space")
    saved(page)
    other.keyboard.type("13")
    other.keyboard.press("Enter")
    expect(other.locator("#desk-error")).to_contain_text(
        "Somebody has changed this cell to “12.50”"
    )
    expect(other.locator("#desk-error")).to_contain_text("You wrote “13”.")
    expect(other.locator("#c0-1-1")).to_have_text("12.50")
    complaints[:] = [one for one in complaints if "409" not in one]


def test_an_answer_that_a_lost_connection_kept_is_sent_again(app, page, complaints):
    page.goto(lay(app, page, 1)[0])
    expect(page.locator("#grid .current")).to_be_focused()
    page.route("**/cells/", lambda route: route.abort())
    page.keyboard.press("Space")
    expect(page.locator("#connection")).to_be_visible()
    assert current(page) == "0.1.0"
    page.unroute("**/cells/")
    page.get_by_role("button", name="Send again").click()
    saved(page)
    expect(page.locator("#connection")).to_be_hidden()
    page.reload()
    expect(page.locator("#c0-1-1")).to_have_text("12.50")
    complaints.clear()


def test_a_thumb_settles_one_cell_after_the_other_on_a_phone(app, open_browser):
    phone = open_browser(**PHONE)
    phone.goto(lay(app, phone, 1)[0])
    expect(phone.locator("#cutout")).to_be_in_viewport(ratio=1)
    for button in phone.locator(".editor .button:visible").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
    phone.get_by_role("button", name="12.50").tap()
    expect(phone.locator("#text")).to_have_value("0ak")
    phone.get_by_role("button", name="Accept").tap()
    expect(phone.get_by_text("Nothing is left to look at on this image.")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_press_on_the_picture_finds_the_cell(app, page):
    page.goto(lay(app, page, 1)[0])
    expect(page.locator("#grid .current")).to_be_focused()
    mark = page.locator('#marks [data-for="c0-1-0"]')
    mark.click(force=True)
    expect(page.locator("#c0-1-0")).to_be_focused()
    expect(page.locator("#text")).to_have_value("0ak")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_a_script_a_cell_is_settled_by_a_form(app, open_browser, scheme):
    page = open_browser()
    address = lay(app, page, 1)[0]
    plain = page.context.browser.new_context(
        base_url=app.url, java_script_enabled=False, color_scheme=scheme,
        storage_state=page.context.storage_state(),
    )  # fmt: skip
    sheet = plain.new_page()
    sheet.goto(address)
    sheet.locator("#text").fill("12.50")
    sheet.get_by_role("button", name="Accept").click()
    expect(sheet.locator("#c0-1-1")).to_have_text("12.50")
    expect(sheet.locator("#text")).to_have_value("0ak")
    plain.close()


def test_nothing_was_downloaded_from_elsewhere(app, page):
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(lay(app, page, 1)[0])
    expect(page.locator("#grid .current")).to_be_focused()
    assert hosts == {Path(app.url).name}
