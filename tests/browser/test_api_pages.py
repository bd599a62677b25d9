"""The descriptions of the API under the strict policy: nothing is blocked, nothing is missing."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_swagger_ui_shows_the_calls_and_makes_one(page: Page):
    page.goto("/docs")
    page.locator(".opblock-summary", has_text="List your jobs").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    answers = page.locator(".live-responses-table td.response-col_status:not(.col_header)")
    expect(answers).to_contain_text("200")


def test_redoc_shows_the_calls(page: Page):
    page.goto("/redoc")
    expect(page.get_by_role("heading", name="List your jobs")).to_be_visible()
