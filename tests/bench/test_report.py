"""The tables say what was measured."""

from __future__ import annotations

from tests.bench.child import Figures
from tests.bench.measure import Result, Scaling
from tests.bench.report import ALL, IMAGE_HEAD, OURS, THEIRS, SetReport, image_line, markdown
from tests.bench.scores import Scores
from tests.bench.sets import HELD_OUT, RENDERED, TABLELESS


def result(converter, cpu, teds=0.5, tables=1, **stages):
    figures = Figures(cpu=cpu, wall=2 * cpu, peak=100 * cpu, stages=stages)
    return Result(converter, "scan", Scores(teds, 0.75, 0.25, 0.125, tables), figures)


def rows(text):
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]


def test_quality_is_the_mean_of_ours_alone():
    report = SetReport("cards", [result(OURS, 1), result(OURS, 2, 1.0), result(THEIRS, 9, 0.0)])
    quality = ["0.750", "0.750", "0.250", "0.000", "0.125"]
    assert ["cards", "2", *quality, "1.50", "200"] in rows(markdown([report]))


def test_held_out_sets_are_set_against_those_of_development():
    reports = [
        SetReport("cards", [result(OURS, 1, 0.9), result(OURS, 1, 1.0)]),
        SetReport("pages", [result(OURS, 1, 0.8)], kind=HELD_OUT),
        SetReport("zebra", [result(OURS, 1, 0.6)], kind=RENDERED),
    ]
    teds = {line[0]: line[2] for line in rows(markdown(reports)) if len(line) > 6}
    assert teds["pages (held out)"] == teds["all held out"] == "0.800"
    assert teds["all development"] == "0.950"
    assert teds["all rendered"] == "0.600"
    assert teds["held out less development"] == "-0.150"


def test_tables_that_are_found_where_there_are_none():
    letters = [result(OURS, 1, tables=tables) for tables in (0, 0, 2, 0)]
    menus = [result(OURS, 1, tables=0)]
    text = markdown(
        [SetReport("letter", letters, kind=TABLELESS), SetReport("menu", menus, kind=TABLELESS)]
    )
    assert ["letter", "4", "1", "25.0%"] in rows(text)
    assert [ALL, "5", "1", "20.0%"] in rows(text)
    assert "How good" not in text


def test_comparison_gives_how_many_times_the_other_takes():
    report = SetReport("cards", [result(OURS, 1), result(OURS, 3), result(THEIRS, 8)])
    lines = rows(markdown([report]))
    assert ["cards", "CPU s per image, median", "2.00", "8.00", "4.00"] in lines
    assert ["cards", "CPU s, sum", "4.0", "8.0", "2.00"] in lines
    assert ["cards", "seconds per image, mean", "4.00", "16.00", "4.00"] in lines
    assert ["cards", "peak MiB", "300", "800", "2.67"] in lines


def test_several_sets_are_compared_as_one_too():
    cards = SetReport("cards", [result(OURS, 1), result(THEIRS, 2), result(THEIRS, 2)])
    pages = SetReport("pages", [result(OURS, 3), result(THEIRS, 36)])
    lines = rows(markdown([cards, pages]))
    assert [ALL, "CPU s, sum", "4.0", "40.0", "10.00"] in lines
    assert not any(ALL in line for line in rows(markdown([cards])))


def test_without_the_other_there_is_no_comparison():
    assert THEIRS not in markdown([SetReport("cards", [result(OURS, 1)])])


def test_shares_of_the_stages():
    report = SetReport("cards", [result(OURS, 4, models=3.0, structure=0.5)])
    assert ["cards", "75.0%", "12.5%", "12.5%"] in rows(markdown([report]))


def test_scaling():
    report = SetReport("cards", [result(OURS, 1)], Scaling(4, 2, 2.5, 2, 5))
    assert rows(markdown([report]))[-1] == ["cards", "4", "2.00", "3.20", "1.60", "1.25"]


def test_scaling_of_several_sets_weighs_them_by_their_time():
    sets = [
        SetReport("cards", [result(OURS, 1)], Scaling(4, 2, 2.5, 2, 5)),
        SetReport("pages", [result(OURS, 1)], Scaling(2, 6, 6.5, 6, 11)),
    ]
    assert rows(markdown(sets))[-1] == [ALL, "6", "0.75", "1.33", "1.78", "1.00"]


def test_an_image_that_failed_says_why():
    failed = Result(THEIRS, "scan", Scores(), Figures(1, 1, 1, error="ValueError: no table"))
    assert image_line(failed).endswith("| ValueError: no table |")


def test_image_lines_fit_below_their_head():
    lines = [*IMAGE_HEAD.splitlines(), image_line(result(OURS, 1))]
    assert {line.count("|") for line in lines} == {8}
