"""The drill on a drawn picture, read by the local engine; and how its cells are counted."""

from __future__ import annotations

import pytest

from converter.core.engines.protocol import TextLine
from converter.core.engines.two_readings.compare import Comparison
from converter.core.tables.model import Cell, Table
from tests.bench.drawn import as_html
from tests.bench.invented import Missing, Tally, count, drill, print_tallies, table_of
from tests.bench.tampering import FAULTS, Tampered
from tests.bench.teds import Leaf
from tests.core.engines.two_readings.drawn import ROWS
from tests.support.pictures import table_png

READ = Table((Cell(0, 0, "a"), Cell(0, 1, "b", confidence=0.3), Cell(0, 2, "")))


@pytest.fixture
def folder(tmp_path):
    for name in ("images", "gt"):
        (tmp_path / name).mkdir()
    (tmp_path / "images" / "a.png").write_bytes(table_png([list(row) for row in ROWS]))
    (tmp_path / "gt" / "a.html").write_text(as_html(ROWS), encoding="utf-8")
    return tmp_path


def test_every_fault_on_a_drawn_picture_is_marked(folder, capsys):
    tallies, seconds = drill(folder)
    whole = sum(tallies.values(), Tally())
    assert tallies.keys() >= FAULTS.keys() - {"thousands dropped"}
    assert tallies["none"].alarms == 0
    assert whole.caught >= 0.97 * whole.changed
    assert whole.alarms <= 0.05 * whole.unchanged
    print_tallies("drawn", tallies, seconds, verbose=False)
    assert "row invented" in capsys.readouterr().out


def test_changed_and_unchanged_cells_are_counted():
    tally = Tally()
    count(tally, "x", Tampered((READ,), frozenset({(0, 0, 0)})), Comparison((READ,)))
    assert (tally.changed, tally.caught, tally.unchanged, tally.alarms) == (1, 0, 1, 1)


def test_what_was_left_out_is_caught_by_its_line_or_beside():
    tally = Tally()
    answer = Tampered((READ,), frozenset(), (((), "3,1"), ((), "4,1"), ((0,), "5,1")))
    count(tally, "x", answer, Comparison((READ,), (TextLine("3,1 7"),)))
    assert (tally.changed, tally.caught) == (3, 2)


def test_a_listed_word_stands_for_one_value():
    missing = Missing(Comparison((), (TextLine("1 2"),)))
    assert [missing.take(text) for text in ("1", "1", "2")] == [True, False, True]


def test_spans_of_the_truth_take_their_places():
    grid = [[Leaf("a", rowspan=2), Leaf("b", colspan=2)], [Leaf("c"), Leaf("d")]]
    assert table_of(grid) == Table(
        (Cell(0, 0, "a", 2), Cell(0, 1, "b", 1, 2), Cell(1, 1, "c"), Cell(1, 2, "d"))
    )
