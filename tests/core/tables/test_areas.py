from __future__ import annotations

from converter.core.tables.areas import Area, merge_areas


def test_areas_that_share_no_place_stay() -> None:
    areas = [Area(0, 0, 1, 1), Area(0, 1, 1, 2), Area(1, 0, 2, 2)]
    assert merge_areas(reversed(areas)) == areas


def test_overlap_grows_until_nothing_overlaps() -> None:
    corner = [Area(0, 0, 2, 1), Area(1, 0, 2, 2), Area(0, 1, 1, 2)]
    assert merge_areas(corner) == [Area(0, 0, 2, 2)]
