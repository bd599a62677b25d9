"""The health page as an operator finds and uses it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_pages import PHONE, fits
from tests.support.app import RunningApp

OPERATOR = (
    "from django.contrib.auth.models import User;"
    "User.objects.create_superuser('operator', password='a word of theirs')"
)


def test_an_operator_finds_it_and_reads_it_on_a_phone(open_browser, app: RunningApp, complaints):
    app.manage("shell", "--no-imports", "-c", OPERATOR)
    page = open_browser(viewport=PHONE)
    page.goto("/admin/login/?next=/")
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("a word of theirs")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Health").click()
    queue = page.locator('[data-check="Queue"]')
    expect(queue).to_contain_text("1 worker")
    expect(page.locator('[data-check="Database"] .pill')).to_have_text("Works")
    expect(page.get_by_text("None is set up")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Look again").click()
    expect(queue).to_contain_text("1 worker")
    assert complaints == []
