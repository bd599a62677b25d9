"""Who converts what, and when."""

from __future__ import annotations

import pytest

from tests.bench.cases import draw_cases
from tests.bench.child import Figures
from tests.bench.measure import Scaling, in_turns, scaling


class Fake:
    """A child that notes what it is given, in a log that it may share."""

    def __init__(self, name="", log=None, error=""):
        self.name, self.error = name, error
        self.log = [] if log is None else log

    def convert(self, image, _):
        self.log.append(f"{self.name}{image.stem[:1]}")
        return Figures(cpu=0.25, wall=0.5, peak=100, error=self.error)


@pytest.fixture
def cases(tmp_path):
    return list(draw_cases(tmp_path))[::2][:3]


def test_each_goes_first_by_turns_after_warming_up(tmp_path, cases):
    log = []
    children = {"a": Fake("a", log), "b": Fake("b", log)}
    results = list(in_turns(children, cases, tmp_path))
    assert log == ["a3", "b3", "a3", "b3", "b4", "a4", "a5", "b5"]
    assert [result.converter for result in results] == ["a", "b", "b", "a", "a", "b"]


def test_no_workbook_is_worth_nothing_even_after_a_good_one(tmp_path, cases):
    (tmp_path / "a.xlsx").write_bytes(b"left over")
    results = list(in_turns({"a": Fake(error="ValueError: none")}, cases, tmp_path))
    assert {result.scores.teds for result in results} == {0.0}
    assert next(in_turns({"a": Fake()}, cases, tmp_path)).scores.teds == 0.0


def test_two_at_once_convert_the_same_pictures(tmp_path, cases):
    first, second = Fake(), Fake()
    scaled = scaling((first, second), [case.image for case in cases], tmp_path, rounds=2)
    assert first.log == ["3", *"345" * 4]
    assert second.log == ["3", *"345" * 2]
    assert (scaled.images, scaled.one_cpu, scaled.two_cpu) == (3, 0.75, 1.5)


def test_two_that_do_not_hinder_each_other_do_twice_as_much():
    assert Scaling(4, one_wall=3, two_wall=3, one_cpu=2, two_cpu=4).throughput == 2
    assert Scaling(4, one_wall=3, two_wall=6, one_cpu=2, two_cpu=4).throughput == 1
    assert Scaling(4, one_wall=3, two_wall=3, one_cpu=2, two_cpu=5).cpu_inflation == 1.25
