"""The review of a whole batch: a correction for the same misreading everywhere, a random check,
one field of many cards."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_review import PHONE, lay

_READINGS = "tests.review.piles.laid_states"


def test_a_misreading_is_corrected_everywhere_by_one_key_and_undone_by_one(app, page):
    pages = lay(app, page, 3, _READINGS)
    page.goto(pages[0])
    page.locator("#c0-1-0").click()
    page.keyboard.type("Iowa")
    page.keyboard.press("Enter")
    expect(page.locator("#same")).to_contain_text("was read in 4 more cells of this batch")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#same")).to_contain_text("Taken over in 4 more cells")
    expect(page.locator("#c0-2-0")).to_have_text("Iowa")
    other = page.context.new_page()
    other.goto(pages[2])
    expect(other.locator("#c0-1-0")).to_have_text("Iowa")
    page.keyboard.press("Control+z")
    expect(page.locator("#c0-2-0")).to_contain_text("lowa")
    expect(page.locator("#same")).to_contain_text("was read in 4 more cells of this batch")
    expect(page.locator("#c0-1-0")).to_have_text("Iowa")
    other.reload()
    expect(other.locator("#c0-1-0")).to_contain_text("lowa")


def test_the_last_correction_of_an_image_is_offered_on_the_next(app, page):
    pages = lay(app, page, 3, _READINGS)
    page.goto(pages[1])
    expect(page.locator("#grid .current")).to_be_focused()
    page.keyboard.type("Iowa")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?same=*")
    expect(page.locator("#same")).to_contain_text("was read in 4 more cells")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#same")).to_contain_text("Taken over in 4 more cells")
    page.reload()
    expect(page.locator("#c0-1-0")).to_have_text("Iowa")


def test_on_a_phone_cells_are_chosen_by_their_cut_outs(app, open_browser):
    phone = open_browser(**PHONE)
    pages = lay(app, phone, 3, _READINGS)
    phone.goto(pages[0])
    phone.locator("#text").fill("Iowa")
    phone.get_by_role("button", name="Accept").tap()
    phone.locator("#same-see").tap()
    boxes = phone.get_by_role("checkbox")
    expect(boxes).to_have_count(4)
    expect(phone.locator(".piece img").first).to_have_js_property("complete", True)
    boxes.first.uncheck()
    phone.get_by_role("button", name="Make the chosen ones").tap()
    expect(phone.get_by_text("The correction was taken over in 3 cells.")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_random_check_is_done_by_one_key_each(app, page):
    pages = lay(app, page, 3)
    page.goto(pages[0].partition("images/")[0])
    page.locator("#random-check").click()
    expect(page.locator("#pieces .piece-card")).to_have_count(12)
    expect(page.locator("#pieces input[type=text]").first).to_be_focused()
    for left in range(11, 0, -1):
        page.keyboard.press("Enter")
        expect(page.locator("#found")).to_contain_text(f"{left} left to look at.")
    page.keyboard.type("Oak")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("1 of 12 cells that nothing marked was wrong")
    page.keyboard.press("Control+z")
    expect(page.locator("#found")).to_contain_text("1 left to look at.")
    page.locator("#pieces input:not([readonly])").first.press("Enter")
    expect(page.locator("#found")).to_contain_text("0 of 12 cells that nothing marked were wrong")


def test_a_field_of_many_cards_is_accepted_at_a_glance(app, page):
    [group] = lay(app, page, 12, "tests.review.piles.laid_cards")
    page.goto(group)
    texts = page.locator("#pieces input[type=text]")
    expect(texts).to_have_count(12)
    expect(texts.first).to_be_focused()
    page.keyboard.type("Oak")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#waiting")).to_have_text("10")
    expect(texts.nth(0)).to_have_attribute("readonly", "")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("10 values accepted.")).to_be_visible()
    expect(page.get_by_text("Nothing of this field is in doubt.")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("10 values taken back.")).to_be_visible()
    expect(texts).to_have_count(10)


def test_on_a_phone_a_value_is_accepted_by_a_thumb(app, open_browser):
    phone = open_browser(**PHONE)
    [group] = lay(app, phone, 3, "tests.review.piles.laid_cards")
    phone.goto(group)
    phone.get_by_role("button", name="OK").first.tap()
    expect(phone.locator("#waiting")).to_have_text("2")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
