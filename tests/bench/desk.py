"""How fast doubts are settled at the review desk, by a scripted reader with a real browser.

The reader takes a fixed time for each decision (`--decide`, seconds) and then presses what makes
the cell say the truth. Told are cells a minute, keys a cell, and the milliseconds from a key to the
cut-out of the next cell on the screen; then how long a table of 2,000 cells takes to open.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, find_chromium
from tests.browser.reader import Reader, laid_out
from tests.support.app import RunningApp, wait_for

_OPENINGS = 7
# From the key to the frame on the screen that shows another cut-out.
_WATCH = """
addEventListener("keydown", (event) => { window.pressedAt ??= event.timeStamp; }, true);
addEventListener("DOMContentLoaded", () => {
    const cutout = document.getElementById("cutout");
    if (!cutout) return;
    new MutationObserver(() => {
        const since = window.pressedAt;
        window.pressedAt = undefined;
        if (since) requestAnimationFrame(() => setTimeout(() => {
            const times = JSON.parse(sessionStorage.getItem("key-times") ?? "[]");
            times.push(performance.now() - since);
            sessionStorage.setItem("key-times", JSON.stringify(times));
        }));
    }).observe(cutout, { attributes: true, attributeFilter: ["viewBox"] });
});
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decide", type=float, default=1.0, help="seconds for each decision")
    parser.add_argument("--images", type=int, default=5, help="with twelve doubts each")
    options = parser.parse_args()
    expect.set_options(timeout=180_000)
    os.environ.setdefault("CI", "1")  # so that a missing browser is an error
    with (
        TemporaryDirectory() as folder,
        RunningApp(Path(folder)) as app,
        sync_playwright() as played,
    ):
        wait_for(lambda: _is_up(app), "the app")
        browser = played.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        _settle(app, browser, options.images, options.decide)
        _open(app, browser)
        browser.close()


def _settle(app: RunningApp, browser: Browser, images: int, decide: float) -> None:
    page = _page(app, browser)
    page.context.add_init_script(_WATCH)
    laid = laid_out(app, page, images, "tests.review.piles.laid_sixty")
    reader = Reader(page, laid["pages"], laid["truths"], lambda: time.sleep(decide))
    page.goto(laid["pages"][0])
    begun = time.monotonic()
    reader.settle_all()
    expect(page.locator("#undo")).to_be_enabled()
    minutes = (time.monotonic() - begun) / 60
    times = page.evaluate("JSON.parse(sessionStorage.getItem('key-times'))")
    print(f"{reader.settled} cells on {images} images, {decide:g} s for each decision")
    print(f"{reader.settled / minutes:.0f} cells a minute")
    print(f"{reader.pressed / reader.settled:.2f} keys a cell")
    worst = sorted(times)[int(0.95 * (len(times) - 1))]
    print(f"{median(times):.0f} ms from a key to the next cut-out (median), {worst:.0f} ms (95 %)")


def _open(app: RunningApp, browser: Browser) -> None:
    page = _page(app, browser)
    [address] = laid_out(app, page, 1, "tests.review.piles.laid_large")["pages"]
    times = []
    for _ in range(_OPENINGS):
        begun = time.monotonic()
        page.goto(address, wait_until="commit")
        expect(page.locator("#grid .current")).to_be_focused()
        times.append(time.monotonic() - begun)
    print(f"{1000 * median(times):.0f} ms until a table of 2,000 cells is open (median)")


def _page(app: RunningApp, browser: Browser) -> Page:
    context = browser.new_context(base_url=app.url)
    context.set_default_timeout(180_000)
    return context.new_page()


def _is_up(app: RunningApp) -> bool:
    try:
        return bool(urlopen(app.url).status)
    except URLError:
        return False


if __name__ == "__main__":
    main()
