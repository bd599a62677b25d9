from __future__ import annotations

from converter.core.tables.areas import Area, merge_areas, tile


def test_areas_that_share_no_place_stay() -> None:
    areas = [Area(0, 0, 1, 1), Area(0, 1, 1, 2), Area(1, 0, 2, 2)]
    assert merge_areas(areas) == areas


def test_overlap_grows_until_nothing_overlaps() -> None:
    corner = [Area(0, 0, 2, 1), Area(1, 0, 2, 2), Area(0, 1, 1, 2)]
    assert merge_areas(corner) == [Area(0, 0, 2, 2)]


def test_single_places_fill_a_grid_around_spans() -> None:
    wide = Area(1, 0, 2, 2)
    assert tile(2, 2, [wide]) == [Area(0, 0, 1, 1), Area(0, 1, 1, 2), wide]
    assert wide.is_single is False
