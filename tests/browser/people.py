"""What people do in a browser, in their words."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from playwright.sync_api import FilePayload, JSHandle, Locator, Page

from tests.support.pictures import table_png

SETTLED = "#progress:not([hx-get])"

# A picture of a table for each of three branches, with numbers that no other has.
BRANCHES = ("Lisbon", "Oslo", "Turin")
NUMBERS = {branch: [1207 + 311 * n, 45 + 17 * n] for n, branch in enumerate(BRANCHES)}


def branch_picture(branch: str) -> FilePayload:
    rent, water = NUMBERS[branch]
    rows = [["Branch", branch], ["Rent", str(rent)], ["Water", str(water)]]
    return picture(f"{branch}.png", table_png(rows))


def picture(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": data}


def drop(page: Page, files: Sequence[FilePayload]) -> None:
    transfer = _transfer(page, files)
    page.dispatch_event("main", "dragover", {"dataTransfer": transfer})
    page.dispatch_event("main", "drop", {"dataTransfer": transfer})


def paste(page: Page, file: FilePayload) -> None:
    page.evaluate(
        """transfer => document.body.dispatchEvent(new ClipboardEvent(
            "paste", {clipboardData: transfer, bubbles: true, cancelable: true}))""",
        _transfer(page, [file]),
    )


def press_start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_selector("#progress")


def names_in_order(page: Page) -> Locator:
    return page.locator(".card .file")


def download(page: Page) -> Path:
    with page.expect_download() as started:
        page.get_by_role("link", name="Download XLSX").click()
    return started.value.path()


def values_in(workbook: Path) -> set[Any]:
    book = load_workbook(BytesIO(workbook.read_bytes()))
    return {value for sheet in book for row in sheet.iter_rows(values_only=True) for value in row}


def _transfer(page: Page, files: Sequence[FilePayload]) -> JSHandle:
    encoded = [[file["name"], b64encode(file["buffer"]).decode()] for file in files]
    return page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const [name, text] of files) {
                const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
                transfer.items.add(new File([bytes], name, {type: "image/png"}));
            }
            return transfer;
        }""",
        encoded,
    )
