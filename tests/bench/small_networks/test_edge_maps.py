from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from converter.core.engines.local.detection.detection import quads_of
from converter.core.engines.local.detection.edges import STEP, quads_between
from tests.bench.small_networks.edge_maps import edge_maps


def seen(*kernels: tuple[slice, slice]) -> NDArray[np.float32]:
    likelihood = np.zeros((160, 320), np.float32)
    for kernel in kernels:
        likelihood[kernel] = 1
    return likelihood


LINE = np.s_[60:70, 40:280]


def test_edges_lead_to_the_boxes_of_the_teacher() -> None:
    likelihood = seen(LINE, np.s_[20:29, 60:90])
    maps = edge_maps(likelihood)
    assert maps.shape == (3, 160 // STEP, 320 // STEP)
    boxes = [quads_between(likelihood, maps[:2], 0.5), quads_of(likelihood)]
    own, taught = (np.array(sorted(each, key=lambda box: float(box[0, 1]))) for each in boxes)
    assert own[:, :, 1] == pytest.approx(taught[:, :, 1], abs=0.01)
    assert own[:, :, 0] == pytest.approx(taught[:, :, 0], abs=1)


def test_the_height_of_a_line_stands_at_its_places_alone() -> None:
    up, down, height = edge_maps(seen(LINE))
    (box,) = quads_of(seen(LINE))
    there = height > 0
    assert (up + down)[there] == pytest.approx(height[there])
    assert height[there] == pytest.approx(np.ptp(box[:, 1]))
    rows = STEP * np.flatnonzero(there.any(axis=1))
    assert box[:, 1].min() - STEP <= rows.min() <= rows.max() <= box[:, 1].max() + STEP


def test_the_kernel_of_a_line_is_its_own_within_the_box_of_another() -> None:
    below = np.s_[78:86, 40:280]
    up, *_ = edge_maps(seen(LINE, below))
    boxes = sorted(quads_of(seen(LINE, below)), key=lambda box: float(box[0, 1]))
    for row, box in zip((16, 20), boxes, strict=True):
        assert up[row, 40] == pytest.approx(STEP * row + 1.5 - box[0, 1], abs=0.1)


def test_text_that_runs_down_the_page_has_no_edges() -> None:
    assert not edge_maps(seen(np.s_[20:140, 100:112])).any()
