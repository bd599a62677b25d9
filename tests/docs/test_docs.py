"""The docs are held to the code."""

from __future__ import annotations

import re

from converter.core.errors import CODES
from tests.support.app import ROOT


def test_every_error_code_is_listed_and_no_other():
    listed = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/errors.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(CODES)


def test_the_readme_is_short_and_its_links_lead_somewhere():
    readme = (ROOT / "README.md").read_text()
    assert len(readme.splitlines()) <= 150
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", readme)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_system_check_is_listed_and_no_other():
    checks = (ROOT / "converter/health/checks.py").read_text()
    listed = re.findall(
        r"^\| `(tablexl\.E\d+)` \|", (ROOT / "docs/errors.md").read_text(), re.MULTILINE
    )
    assert sorted(listed) == sorted(set(re.findall(r'id="(tablexl\.E\d+)"', checks)))
