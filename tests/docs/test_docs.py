"""The docs are held to the code: codes and checks, links, and the paths and commands they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from converter.core.errors import CODES
from tests.support.app import ROOT

PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")],
)
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def test_every_error_code_is_listed_and_no_other():
    listed = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/errors.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(CODES)


def test_every_system_check_is_listed_and_no_other():
    checks = (ROOT / "converter/health/checks.py").read_text()
    listed = re.findall(
        r"^\| `(tablexl\.[EW]\d+)` \|", (ROOT / "docs/errors.md").read_text(), re.MULTILINE
    )
    assert sorted(listed) == sorted(set(re.findall(r'id="(tablexl\.[EW]\d+)"', checks)))


def test_the_readme_is_short_and_leads_to_every_page():
    readme = (ROOT / "README.md").read_text()
    assert len(readme.splitlines()) <= 150
    pages = {str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md")}
    assert pages - set(re.findall(r"\]\(([^)#]+)", readme)) == set()


def anchors(page: Path) -> set[str]:
    """Those that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_its_links_lead_somewhere(page):
    for link in re.findall(r"\]\(((?!https?:)[^)\s]+)\)", page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_picture_is_shown():
    shown = {
        name
        for page in PAGES
        for name in re.findall(r"\]\((?:docs/)?images/([^)]+)", page.read_text())
    }
    assert {path.name for path in (ROOT / "docs/images").iterdir()} == shown


@each_page
def test_the_paths_it_names_exist(page):
    named = re.findall(
        r"`((?:converter|tablexl|tests|templates|static)/[^`\s…]+)", page.read_text()
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


@each_page
def test_the_commands_it_names_exist(page):
    text = page.read_text()
    for module in re.findall(r"-m (tests[.\w]+)", text):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"(?:^|`)(?:[A-Z]+=\S+ )*make ([a-z0-9-]+)", text, re.MULTILINE)
    assert set(named) <= set(targets)
    commands = (ROOT / "converter/management/commands").glob("*.py")
    django = {"migrate", "createsuperuser", "check", *(path.stem for path in commands)}
    assert set(re.findall(r"manage\.py ([a-z]+)", text)) <= django
