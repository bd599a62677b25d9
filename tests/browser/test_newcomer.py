"""Somebody's first minutes: pictures in, a workbook out, in each way that there is."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.people import (
    BRANCHES,
    NUMBERS,
    SETTLED,
    branch_picture,
    download,
    drop,
    names_in_order,
    paste,
    picture,
    press_start,
    values_in,
)
from tests.support.pictures import png


def test_three_dropped_pictures_become_a_workbook(page):
    drop(page, [branch_picture(branch) for branch in BRANCHES])
    expect(names_in_order(page)).to_have_text([f"{branch}.png" for branch in BRANCHES])
    press_start(page)
    first = page.locator("#line").inner_text()
    page.wait_for_selector(SETTLED)
    last = page.locator("#line").inner_text()
    assert first.startswith("File 0 of 3 · 0 % · estimating…")
    assert last.startswith("File 3 of 3 · 100 % · took")
    expect(page.locator("#announcement")).to_have_text("3 of 3 files read.")
    values = values_in(download(page))
    assert {number for numbers in NUMBERS.values() for number in numbers} <= values


def test_without_javascript_it_works_too(open_browser):
    page = open_browser(java_script_enabled=False)
    page.set_input_files("#files", [branch_picture("Oslo")])
    press_start(page)
    page.wait_for_selector(SETTLED)  # the page loads itself anew
    assert set(NUMBERS["Oslo"]) <= values_in(download(page))


def test_screenshots_are_pasted(page):
    for branch in ("Oslo", "Turin"):
        paste(page, branch_picture(branch) | {"name": "image.png"})
    expect(names_in_order(page)).to_have_text(["Pasted 1.png", "Pasted 2.png"])
    press_start(page)
    expect(page.locator("h1")).to_have_text("Pasted 1")


def test_a_keyboard_is_enough(page):
    keyboard = page.keyboard
    # Told beforehand: on a busy machine the key can be there before the wish to see the dialog.
    page.on("filechooser", lambda _chooser: None)
    keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(page.locator("#files")).to_be_focused()
    outline = page.locator("label[for=files]").evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    with page.expect_file_chooser() as chooser:
        keyboard.press("Space")
    chooser.value.set_files([branch_picture("Turin"), picture("wrong.png", png())])
    expect(names_in_order(page)).to_have_count(2)
    tab_to(page, "#cards li:nth-child(2) .off")
    keyboard.press("Enter")
    expect(page.get_by_label("Remove Turin.png")).to_be_focused()
    tab_to(page, "#name")
    keyboard.press("Control+A")
    keyboard.type("By hand")
    tab_to(page, "#start")
    keyboard.press("Enter")
    page.wait_for_selector(SETTLED)
    tab_to(page, "#download")
    with page.expect_download() as started:
        keyboard.press("Enter")
    assert started.value.suggested_filename == "By hand.xlsx"


def tab_to(page: Page, selector: str) -> None:
    """As often as it takes; a page that holds the focus fails."""
    for _ in range(60):
        if page.locator(selector).evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the focus does not get to {selector}")


def test_the_sample_is_read(page):
    page.get_by_role("button", name="Try the sample picture").click()
    page.wait_for_selector(SETTLED)
    values = values_in(download(page))
    assert {1284, 2230, 13053, 44540} <= values
