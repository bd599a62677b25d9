"""The cells of a grid: what pieces share a place, and how spans give way to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from converter.core.engines.local.structure.page import Page, Places, printed_lines
from converter.core.engines.local.structure.scores import Grid
from converter.core.tables.areas import Area


def cells_of(page: Page, grid: Grid) -> list[tuple[Area, list[int]]]:
    """The cells of a grid, without overlap, each with its pieces in reading order.

    A span gives way to what is in its place.
    """
    anchors: dict[tuple[int, int], list[int]] = {}
    for number in range(len(grid.pieces)):
        key = int(grid.rows[number, 0]), int(grid.columns[number, 0])
        anchors.setdefault(key, []).append(number)
    areas = {
        key: Area(*key, int(grid.rows[held, 1].max()), int(grid.columns[held, 1].max()))
        for key, held in anchors.items()
    }
    _settle(areas)
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    contents: dict[tuple[int, int], list[int]] = {}
    for key in sorted(areas):
        if key in owner:
            contents[owner[key]] += anchors[key]
            continue
        if any(place in owner for place in areas[key].places()):
            areas[key] = Area(*key, key[0] + 1, key[1] + 1)
        owner |= dict.fromkeys(areas[key].places(), key)
        contents[key] = list(anchors[key])
    return [(areas[key], _in_order(page, grid.pieces, held)) for key, held in contents.items()]


def _settle(areas: dict[tuple[int, int], Area]) -> None:
    """Shrinks the larger of two areas that meet to what is before the other."""
    for pair in combinations(areas, 2):
        if not areas[pair[0]].meets(areas[pair[1]]):
            continue
        small, key = sorted(pair, key=lambda each: _size(areas[each]))
        area, other = areas[key], areas[small]
        if area.left < other.left and area.bottom - area.top == 1:
            areas[key] = replace(area, right=other.left)
        elif area.top < other.top:
            areas[key] = replace(area, bottom=other.top)
        elif area.left < other.left:
            areas[key] = replace(area, right=other.left)


def _size(area: Area) -> int:
    return (area.bottom - area.top) * (area.right - area.left)


def _in_order(page: Page, pieces: Places, held: Sequence[int]) -> list[int]:
    found = pieces[list(held)]
    lines = printed_lines(page.middles[found])
    return [int(piece) for piece in found[np.lexsort((page.boxes[found, 0], lines))]]
