"""A reader at the desk who knows the truth, and settles doubts by as few keys as can be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.support.app import RunningApp

KEYS: Final = ("Space", "/", "\\")  # of the proposals, in their order
_LAY = "import json; from {module} import {make}; print(json.dumps({make}({images})))"
_SEEN = """() => {
    const cell = document.querySelector("#grid .current");
    return {
        at: cell.dataset.at, text: cell.querySelector(".text").textContent,
        offers: [1, 2, 3].map((n) => cell.getAttribute(`data-offer-${n}`)),
    };
}"""


def laid_out(app: RunningApp, page: Page, images: int, maker: str) -> dict[str, Any]:
    """What a function of `tests.review.piles` lays out for this browser."""
    module, _, make = maker.rpartition(".")
    code = _LAY.format(module=module, make=make, images=images)
    printed = app.manage("shell", "--no-imports", "-c", code)
    laid: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    page.context.add_cookies([{"name": "sessionid", "value": laid["session"], "url": app.url}])
    return laid


class Reader:
    """Looks at the cell that the desk shows, and presses what makes it say the truth."""

    def __init__(
        self,
        page: Page,
        pages: Sequence[str],
        truths: Sequence[Mapping[str, str]],
        decide: Callable[[], None] = lambda: None,
    ) -> None:
        self.page, self.pages, self.truths, self.decide = page, pages, truths, decide
        self.pressed = self.settled = 0

    def settle_all(self) -> None:
        self.page.goto(self.pages[0])
        for address, truth in zip(self.pages, self.truths, strict=True):
            self.page.wait_for_url(re.compile(re.escape(address)))
            expect(self.page.locator("#left")).to_have_text(str(len(truth)))
            expect(self.page.locator("#grid .current")).to_be_focused()
            for _ in truth:
                self.settle(truth)

    def settle(self, truth: Mapping[str, str]) -> None:
        seen = self.page.evaluate(_SEEN)
        right = truth[seen["at"]]
        self.decide()
        self.settled += 1
        if seen["text"] == right:
            self.press("Enter")
        elif right in seen["offers"]:
            self.press(KEYS[seen["offers"].index(right)])
        else:
            for letter in right:
                self.press(letter)
            self.press("Enter")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1
