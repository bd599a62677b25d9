"""Every decision has the same form, a number of its own and a line in the index."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.support.app import ROOT

FOLDER = ROOT / "docs/decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
SECTIONS = ["Context", "Decision", "Consequences", "How to check it again"]


def sections(page: Path) -> dict[str, str]:
    _, *parts = re.split(r"^## (.+)\n", page.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_has_its_title_status_date_and_sections(page):
    head = re.match(r"# \S.*\n\n- Status: (.+)\n- Date: (\S+)\n\n## ", page.read_text())
    assert head
    assert re.fullmatch(r"Accepted|Superseded by \[\d{4}\]\(.+\)", head[1])
    assert date.fromisoformat(head[2])
    assert list(sections(page)) == SECTIONS
    assert all(text.strip() for text in sections(page).values())


def test_numbers_are_unique_and_without_gaps():
    assert [int(page.name[:4]) for page in PAGES] == list(range(1, len(PAGES) + 1))


def test_the_index_has_every_decision_once_with_its_title():
    index = (FOLDER / "README.md").read_text()
    listed = re.findall(r"^- \[(\d{4})\]\(([^)]+)\) (.+)$", index, re.MULTILINE)
    titles = [(p.name[:4], p.name, p.read_text().splitlines()[0].removeprefix("# ")) for p in PAGES]
    assert sorted(listed) == titles


def test_every_library_that_the_app_needs_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["s3"]]
    names = {re.split(r"[\[~=<>]", each)[0] for each in needed}
    rows = re.findall(r"^\| ([^|]+) \|", PAGES[0].read_text(), re.MULTILINE)
    assert names - {name for row in rows for name in row.split(", ")} == {"django"}
