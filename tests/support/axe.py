"""axe-core, which others wrote: it finds on a page what WCAG 2.2 AA does not allow."""

from __future__ import annotations

import os
from functools import cache

import pytest
from playwright.sync_api import Page

from tests.support.app import ROOT

SCRIPT = ROOT / ".node/axe/node_modules/axe-core/axe.min.js"
_RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const rules = { "target-size": { enabled: true } };  // 24 px, which axe looks at only when asked
  const found = await axe.run(document, { runOnly: tags, rules });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""


@cache
def script() -> str:
    """Its code; without it the test is left out, or fails where that is a fault."""
    if not SCRIPT.is_file():
        complain = pytest.fail if os.environ.get("CI") else pytest.skip
        complain("axe-core is not here: `sh .ci/axe` installs it.")
    return SCRIPT.read_text()


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it is shown now."""
    page.evaluate(script())
    return list(page.evaluate(_RUN))
