"""Webhooks by hand: asked for in a draft, watched on the batch's page, signed with a secret."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.people import SETTLED, branch_picture, drop, names_in_order, press_start
from tests.browser.test_pages import PHONE, fits


def ask_for_webhook(page: Page, address: str) -> None:
    page.get_by_text("tells another program").click()
    page.get_by_label("For every picture too").check()  # first: an error would move it away
    page.get_by_label("Webhook URL").fill(address)
    page.get_by_label("Webhook URL").press("Tab")


def test_a_person_has_another_program_told_and_sees_why_it_was_not(open_browser):
    page = open_browser(viewport=PHONE)
    drop(page, [branch_picture("Lisbon")])
    expect(names_in_order(page)).to_have_count(1)
    ask_for_webhook(page, "http://192.168.0.9/hook")
    expect(page.locator("#webhook-error")).to_contain_text("not on the public internet")
    page.get_by_label("Webhook URL").fill("https://nobody.example/hook?token=" + "x" * 80)
    page.get_by_label("Webhook URL").press("Tab")
    expect(page.locator("#webhook-error")).to_be_hidden()
    expect(page.locator("#saved")).to_contain_text("Saved")
    assert fits(page)
    press_start(page)
    page.wait_for_selector(SETTLED)
    told = page.locator("#told")
    expect(told.locator(".deliveries > li")).to_have_count(2)
    expect(told.locator(".attempts .bad").first).to_have_text(
        re.compile("host_unknown|answer_too_slow")
    )
    expect(told).to_contain_text("Waits for those before it")
    assert fits(page)
    told.get_by_role("link", name="All attempts").click()
    expect(page.get_by_role("heading", name="Webhook")).to_be_visible()
    expect(page.locator(".deliveries")).to_contain_text("Lisbon.png")
    assert fits(page)


def test_the_secret_is_shown_when_asked_for_and_replaced(open_browser):
    page = open_browser(viewport=PHONE)
    page.get_by_role("link", name="Webhooks").click()
    page.get_by_role("button", name="Make my secret").click()
    secret = page.get_by_label("The secret")
    expect(secret).to_be_hidden()
    page.get_by_text("Show the secret").click()
    former = secret.input_value()
    assert former.startswith("whsec_")
    page.get_by_role("button", name="Replace it").click()
    page.get_by_text("Show the secret").click()
    expect(secret).not_to_have_value(former)
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_text("the present secret alone signs")).to_be_visible()
    assert fits(page)
