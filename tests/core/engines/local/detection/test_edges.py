from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from converter.core.engines.local.detection.edges import STEP, quads_between

Floats = NDArray[np.float32]
HEIGHT, WIDTH = 160, 480


class Lines:
    """Kernels on a map of likelihood, and for each the edges of its line."""

    def __init__(self) -> None:
        self.likelihood = np.zeros((HEIGHT, WIDTH), np.float32)
        self.edges = np.zeros((2, HEIGHT // STEP, WIDTH // STEP), np.float32)

    def add(
        self, span: tuple[int, int], upper: float, lower: float, slope: float = 0, chance: float = 1
    ) -> Lines:
        """A line between two x, its kernel a third as high; it drops by `slope` per pixel."""
        x = np.arange(WIDTH)
        drop, third = slope * (x - span[0]), (lower - upper) / 3
        y = np.arange(HEIGHT)[:, None]
        is_in = (x >= span[0]) & (x < span[1])
        is_in = is_in & (y >= upper + third + drop) & (y < lower - third + drop)
        self.likelihood[is_in] = chance
        at_x, at_y = (STEP * np.arange(side) + 1.5 for side in (WIDTH // STEP, HEIGHT // STEP))
        drop, at_y = slope * (at_x - span[0]), at_y[:, None]
        near = (at_x >= span[0] - STEP) & (at_x < span[1] + STEP)
        near = near & (at_y >= upper + drop - STEP) & (at_y < lower + drop + STEP)
        up, down = at_y - upper - drop, lower + drop - at_y
        self.edges[:, near] = np.stack([up, down])[:, near]
        return self

    def boxes(self) -> list[Floats]:
        return quads_between(self.likelihood, self.edges, 0.5)


def test_a_box_reaches_from_edge_to_edge() -> None:
    (quad,) = Lines().add((60, 300), 40.25, 67.5).boxes()
    assert quad[:, 1] == pytest.approx([40.25, 40.25, 67.5, 67.5], abs=0.01)
    assert quad.dtype == np.float32


def test_a_box_is_longer_than_its_kernel_by_what_letters_stand_out_of_it() -> None:
    (quad,) = Lines().add((60, 300), 40, 66).boxes()
    # for a long kernel, k high, the offset is 1.6 k: of 26 pixels 10 are the kernel's
    left, right = quad[:, 0].min(), quad[:, 0].max()
    assert right - left == pytest.approx(240 + 16, abs=1)
    assert (left + right) / 2 == pytest.approx(179.5)


def test_what_single_places_say_does_not_move_a_box() -> None:
    lines = Lines().add((60, 300), 40, 66)
    rng = np.random.default_rng(1)
    lines.edges += rng.normal(0, 2, lines.edges.shape).astype(np.float32)
    lines.edges[:, 13, 20:24] = 90
    (quad,) = lines.boxes()
    assert quad[:, 1] == pytest.approx([40, 40, 66, 66], abs=1)


def test_a_line_that_slopes_has_a_box_that_does() -> None:
    (quad,) = Lines().add((40, 440), 20, 46, slope=0.1).boxes()
    rise = (quad[1] - quad[0])[1] / (quad[1] - quad[0])[0]
    assert rise == pytest.approx(0.1, abs=0.005)
    centre = quad.mean(0)
    assert centre[1] == pytest.approx(33 + 0.1 * (centre[0] - 40), abs=0.3)
    height = np.linalg.norm(quad[3] - quad[0])
    assert height == pytest.approx(26 / np.hypot(1, 0.1), abs=0.3)


def test_a_short_line_slopes_as_the_long_ones_do() -> None:
    lines = Lines().add((40, 440), 8, 34, slope=0.1).add((40, 52), 90, 116, slope=0.1)
    quads = sorted(lines.boxes(), key=lambda quad: float(quad[0, 1]))
    rise = [(quad[1] - quad[0])[1] / (quad[1] - quad[0])[0] for quad in quads]
    assert rise == pytest.approx([0.1, 0.1], abs=1e-3)


def test_a_faint_line_is_none() -> None:
    lines = Lines().add((40, 100), 20, 46).add((200, 230), 20, 46, chance=0.6)
    assert len(lines.boxes()) == 2
    lines.likelihood[lines.likelihood == np.float32(0.6)] = 0.4
    assert len(lines.boxes()) == 1


def test_a_hole_in_a_kernel_is_no_line_of_its_own() -> None:
    lines = Lines().add((40, 200), 20, 62)
    lines.likelihood[38:44, 100:106] = 0.4
    assert len(lines.boxes()) == 1


def test_text_that_runs_down_the_page_is_boxed_without_edges() -> None:
    lines = Lines()
    lines.likelihood[20:140, 100:112] = 1
    (quad,) = lines.boxes()
    width, height = np.ptp(quad, 0)
    assert height == pytest.approx(120, rel=0.2)
    assert width == pytest.approx(12 * 2.6, rel=0.2)


def test_a_map_of_nothing_has_no_boxes() -> None:
    assert Lines().boxes() == []
