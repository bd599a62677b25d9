"""Which sets are measured, and as what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.cases import Case
from tests.bench.rendered.families import all_families
from tests.bench.sets import DEVELOPMENT, HELD_OUT, BenchSet, Rendering, find_sets, sampled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("cards", "pages"):
        for part, end, text in (("images", "png", ""), ("gt", "html", "<table></table>")):
            (tmp_path / name / part).mkdir(parents=True)
            (tmp_path / name / part / f"1.{end}").write_text(text)
    (tmp_path / "LICENSES.md").touch()
    (tmp_path / "notes").mkdir()
    return tmp_path


def kinds(sets):
    return {each.name: each.kind for each in sets}


def test_a_folder_is_a_set_or_holds_sets(folder):
    assert kinds(find_sets([folder / "cards"])) == {"cards": DEVELOPMENT}
    assert kinds(find_sets([folder])) == {"cards": DEVELOPMENT, "pages": DEVELOPMENT}
    assert kinds(find_sets([folder], ["pages"])) == {"cards": DEVELOPMENT, "pages": HELD_OUT}


@pytest.mark.parametrize("name", ["notes", "LICENSES.md", "none"])
def test_a_folder_without_sets_is_refused(folder, name):
    with pytest.raises(ValueError, match="holds no images"):
        find_sets([folder / name])


def test_a_sample_is_spread_over_the_set():
    cases = [Case(str(number), Path(), []) for number in range(10)]
    assert [case.name for case in sampled(BenchSet("a", cases), 4).cases] == ["0", "3", "6", "9"]
    assert len(sampled(BenchSet("a", cases), 10).cases) == 10


def test_pages_without_a_table_are_spread_over_their_families():
    counts = {family.name: count for family, count in Rendering(2, 300).counts()}
    bare = [count for name, count in counts.items() if all_families()[name].tableless]
    assert sum(bare) == 300
    assert max(bare) - min(bare) <= 1
    assert {count for name, count in counts.items() if not all_families()[name].tableless} == {2}
    assert not any(family.tableless for family, _ in Rendering(each=1).counts())
