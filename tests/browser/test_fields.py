"""A drawer of index cards: fields are named, tried on one, kept as a template; then all is read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.people import SETTLED, download, drop, names_in_order, picture
from tests.support.pictures import card_png

SURNAMES = (
    "Abbott", "Barton", "Carver", "Dalton", "Eastman", "Foster",
    "Garland", "Hopkins", "Irving", "Jenkins", "Kendall", "Lambert",
)  # fmt: skip
TRIED = "#trial:not([hx-get])"


def card(number: int) -> FilePayload:
    values = {"Surname": SURNAMES[number], "Town": "Bristol", "Weight": f"{210 + number}.50"}
    return picture(f"card {number + 1:02}.png", card_png(values))


def put_cards(page: Page, cards: int) -> None:
    drop(page, [card(number) for number in range(cards)])
    expect(names_in_order(page)).to_have_count(cards)
    expect(page.locator("#sending")).to_be_hidden()
    page.get_by_label("Fields", exact=False).first.check()


def name_fields(page: Page, *names: str) -> None:
    page.get_by_text("Add several by name").click()
    page.get_by_label("Names, one a line").fill("\n".join(names))
    page.get_by_role("button", name="Add these").click()


def names_of(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator("#field-rows .field-name").all()]


def rows_in(workbook: Path) -> list[tuple[Any, ...]]:
    sheet = load_workbook(BytesIO(workbook.read_bytes()))["Fields"]
    return list(sheet.iter_rows(values_only=True))


def test_a_drawer_of_cards_becomes_rows(page):
    put_cards(page, 12)
    name_fields(page, "Weight", "Surname", "Town")
    page.locator("#r0-type").select_option("Number")
    page.locator("#r0-grip").press("ArrowDown")
    assert names_of(page) == ["Surname", "Weight", "Town"]

    page.get_by_role("button", name="Check on one image").click()
    page.wait_for_selector(TRIED)
    trial = page.locator("#trial")
    expect(trial.locator(".values-list")).to_contain_text("Abbott")
    expect(trial.locator(".values-list")).to_contain_text("becomes the number 210.5")
    expect(trial.locator("rect")).to_have_count(3)
    page.get_by_label("Try them on image number").fill("12")
    page.get_by_role("button", name="Try this image").click()
    page.wait_for_selector(TRIED)
    expect(trial.locator(".values-list")).to_contain_text("Lambert")

    page.get_by_label("Keep these fields as a template").fill("Index card")
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_text("Saved as the template “Index card”.")).to_be_visible()
    page.get_by_role("button", name="Start all 12").click()
    page.wait_for_selector("#progress")
    page.reload()
    page.wait_for_selector(SETTLED)
    expect(page.locator(".cards-read tbody tr")).to_have_count(12)

    page.get_by_role("link", name="card 03.png").click()
    page.locator("#edit-1").press("Enter")
    page.keyboard.type("Carver-Smith")
    page.keyboard.press("Enter")
    expect(page.locator("#value-1")).to_contain_text("Read: “Carver”")
    expect(page.locator("#edit-2")).to_be_focused()
    page.locator(".crumb a").last.click()
    expect(page.locator(".cards-read tbody tr").nth(2)).to_contain_text("Carver-Smith")

    header, *rows = rows_in(download(page))
    assert header == ("Surname", "Weight", "Town", "Image")
    assert rows == [
        (
            "Carver-Smith" if name == "Carver" else name,
            210.5 + number,
            "Bristol",
            f"card {number + 1:02}.png",
        )
        for number, name in enumerate(SURNAMES)
    ]


def test_what_a_button_of_the_editor_changes_is_saved(page):
    put_cards(page, 3)
    with page.expect_response("**/options/"):
        name_fields(page, "Surname", "Town")
    with page.expect_response("**/options/"):
        page.locator("#r1-up").click()
    page.get_by_label("Front and back").select_option(label="Front and back take turns")
    expect(page.locator("#pairs")).to_contain_text("2 cards: 1 of two sides, 1 of one.")
    expect(page.locator("#pairs")).to_contain_text("Without a partner: card 03.png")
    page.reload()
    assert names_of(page) == ["Town", "Surname"]


def test_a_template_is_made_and_put_in_order_by_hand(page):
    page.get_by_role("link", name="Templates").click()
    page.get_by_role("link", name="Make a template").click()
    page.get_by_label("Name of the template").fill("Receipt")
    page.locator("#r0-name").fill("Total")
    page.locator("#r0-name").press("Enter")
    page.keyboard.type("Date")
    page.locator("#r1-grip").drag_to(page.locator("#r0-grip"), target_position={"x": 5, "y": 3})
    assert names_of(page) == ["Date", "Total"]
    page.locator("#r0-off").click()
    assert names_of(page) == ["Date"]
    page.get_by_role("button", name="Undo").click()
    assert names_of(page) == ["Date", "Total"]
    page.locator("#save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("link", name="Field templates").click()
    page.get_by_role("button", name="Copy Receipt").click()
    expect(page.locator("h1")).to_have_text("Receipt (copy)")
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete “Receipt (copy)”").click()
    expect(page.locator(".templates tbody tr")).to_have_count(1)


def test_a_template_is_made_without_javascript(open_browser):
    page = open_browser(java_script_enabled=False)
    page.goto("/templates/new/")
    page.get_by_label("Name of the template").fill("Card")
    page.locator("#r0-name").fill("Surname")
    page.get_by_role("button", name="Add a field").click()
    page.locator("#r1-name").fill("Town")
    page.locator("#r1-up").click()
    assert names_of(page) == ["Town", "Surname"]
    page.locator("#save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    assert names_of(page) == ["Town", "Surname"]
