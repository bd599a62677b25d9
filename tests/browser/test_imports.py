"""A list in a browser: dropped, looked over, started, watched, and taken back."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from playwright.sync_api import Page, expect

from tests.support.app import RunningApp

LIST = "Nr;Artikel;Bild\n1;Stühle;{good}\n2;Tisch;\n3;Privat;http://127.0.0.1/a.png\n"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app, that may fetch."""
    with RunningApp(tmp_path_factory.mktemp("app"), ALLOW_URL_IMPORT="true") as running:
        running.wait_until_ready()
        yield running


def choose(page: Page, text: str, name: str = "moebel.csv") -> None:
    page.set_input_files(
        "#files", files=[{"name": name, "mimeType": "text/csv", "buffer": text.encode("cp1252")}]
    )


def drop(page: Page, text: str) -> None:
    page.locator("main").evaluate(
        """(main, text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "dropped.csv", {type: "text/csv"}));
          for (const name of ["dragenter", "dragover", "drop"]) {
            const options = {bubbles: true, cancelable: true, dataTransfer: data};
            main.dispatchEvent(new DragEvent(name, options));
          }
        }""",
        text,
    )


def test_a_list_is_looked_over_started_and_comes_back(page, tmp_path):
    page.get_by_role("link", name="Import them").click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    choose(page, LIST.format(good="http://10.0.0.1/a.png"))
    expect(page.get_by_role("heading", name="What was understood")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Bild pictures")).to_be_visible()
    expect(page.get_by_role("cell", name="Stühle")).to_be_visible()
    expect(page.get_by_text("Line 3")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#progress .pill[data-state=failed]")).to_be_visible()
    expect(page.get_by_text("10.0.0.1 is not on the public internet")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the results").click()
    download.value.save_as(tmp_path / "list.csv")
    rows = list(csv.reader(StringIO((tmp_path / "list.csv").read_text("utf-8-sig"))))
    assert [row[:2] for row in rows] == [
        ["Nr", "Artikel"], ["1", "Stühle"], ["2", "Tisch"], ["3", "Privat"],
    ]  # fmt: skip
    assert [row[3] for row in rows] == ["status", "failed", "refused", "failed"]


def test_a_list_may_be_dropped_and_deleted(page):
    page.goto("/imports/")
    drop(page, "image\nhttp://10.0.0.1/a.png\n")
    expect(page.get_by_role("heading", name="dropped")).to_be_visible()
    page.get_by_role("link", name="Delete…").click()
    expect(page.get_by_text("The import of dropped.csv is deleted with it.")).to_be_visible()
    page.get_by_role("button", name="Delete “dropped”").click()
    page.goto("/imports/")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()


def test_a_file_that_is_no_list_is_told_so_and_another_one_can_be_chosen(page, complaints):
    page.goto("/imports/")
    choose(page, "a,b\n1,2\n")
    expect(page.get_by_role("alert")).to_contain_text("No column holds addresses")
    choose(page, "image\nhttp://10.0.0.1/a.png\n")
    expect(page.get_by_role("heading", name="What was understood")).to_be_visible()
    assert [note for note in complaints if "422" not in note] == []
    complaints.clear()


def test_without_a_script_there_is_a_button(open_browser: Callable[..., Page]):
    page = open_browser(java_script_enabled=False)
    page.goto("/imports/")
    choose(page, "image\nhttp://10.0.0.1/a.png\n")
    page.get_by_role("button", name="See what is in it").click()
    expect(page.get_by_role("heading", name="What was understood")).to_be_visible()
