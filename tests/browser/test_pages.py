"""Every page: no complaint of the browser, and no scrolling sideways on a small phone."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.people import SETTLED, branch_picture, drop, picture, press_start
from tests.support.pictures import png

LONG = "A_name_without_any_place_to_break_it_" * 4 + ".png"
REFUSED = picture(LONG, b"words, not pixels")
PHONE = {"width": 360, "height": 740}


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def make_draft(page: Page) -> str:
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    headers = {"Accept": "application/json", "X-CSRFToken": token}
    answer = page.request.post(
        "/batches/", headers=headers, multipart={"files": picture(LONG, png())}
    )
    return str(answer.json()["url"])


def test_every_page_fits_a_small_phone_and_nothing_is_complained_about(open_browser, complaints):
    page = open_browser(viewport=PHONE)
    wide = [] if fits(page) else ["front page"]

    def visit(address: str) -> None:
        page.goto(address)
        if not fits(page):
            wide.append(address)

    visit("/batches/")
    visit("/")
    drop(page, [branch_picture("Lisbon"), picture(LONG, png()), REFUSED])
    if not fits(page):
        wide.append("chosen files")
    press_start(page)
    page.wait_for_selector(SETTLED)
    batch = page.url
    image = page.get_attribute("a.file", "href") or ""
    for address in (
        batch,
        image,
        batch + "delete/",
        "/batches/",
        make_draft(page),
        "/admin/login/",
        "/docs/errors#key_refused",
    ):
        visit(address)
    assert complaints == []
    for address in ("/nothing", batch + "?page=x", batch + "images/0/picture"):
        visit(address)
    complaints.clear()  # Chromium notes each 404 on its console
    assert wide == []


def test_a_picture_is_shown_alone(page):
    drop(page, [branch_picture("Oslo")])
    press_start(page)
    page.wait_for_selector(SETTLED)
    page.get_by_role("link", name="Oslo.png", exact=True).click()
    page.get_by_role("link", name="The picture alone").click()
    page.wait_for_url("**/picture")
    assert page.evaluate("document.images[0].naturalWidth") > 100
