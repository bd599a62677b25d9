"""The benchmark measures the real engine from outside."""

from __future__ import annotations

from tests.bench import ours
from tests.bench.cases import draw_cases
from tests.bench.child import Child
from tests.bench.ours import StageClock
from tests.bench.scores import score_workbook


def test_a_stage_is_counted_once_it_is_over_and_until_it_is_taken():
    clock = StageClock()
    add = clock.timed("adding", lambda a, b: a + b)
    assert add(1, b=2) == 3
    assert list(clock.take()) == ["adding"]
    assert clock.take() == {}


def test_a_stage_inside_of_another_counts_for_its_own_alone():
    clock = StageClock()
    inner = clock.timed("inner", lambda: sum(range(3_000_000)))
    clock.timed("outer", inner)()
    spent = clock.take()
    assert 0 <= spent["outer"] < spent["inner"] / 2


def test_a_table_is_converted_and_its_stages_are_told(tmp_path):
    case = next(draw_cases(tmp_path))
    with Child(ours.COMMAND) as child:
        figures = child.convert(case.image, tmp_path / "out.xlsx")
    assert score_workbook(case.truth, tmp_path / "out.xlsx").teds == 1
    assert 0 < figures.stages["structure"] < figures.stages["models"] < figures.cpu
