"""The small networks, as they are trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from converter.core.engines.local.detection.detection import MULTIPLE
from converter.core.engines.local.recognition.small_network import HEIGHT

EDGE = 16
"""Pixels that an edge is away, or so: networks learn best what is about 1."""


class Block(nn.Sequential):
    def __init__(
        self,
        before: int,
        after: int,
        kernel: Any,
        stride: Any = 1,
        pad: Any = 0,
        groups: int = 1,
    ) -> None:
        convolution = nn.Conv2d(before, after, kernel, stride, pad, groups=groups, bias=False)
        super().__init__(convolution, nn.BatchNorm2d(after), nn.ReLU())


class Added(nn.Module):
    """What a block makes of a picture, added to the picture."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.block = block

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        return seen + self.block(seen)


def digits(signs: int) -> nn.Sequential:
    """A crop (n, 1, HEIGHT, w) to scores (n, signs, 1, w / 4): 148,000 weights."""
    return nn.Sequential(
        Block(1, 16, 5, 2, 2),
        Block(16, 32, 3, 2, 1),
        Block(32, 48, 3, 1, 1),
        Block(48, 64, 3, (2, 1), 1),
        Block(64, 96, (4, 1)),
        Added(Block(96, 96, (1, 5), 1, (0, 2))),
        Added(Block(96, 96, (1, 3), 1, (0, 1))),
        nn.Dropout(0.1),
        nn.Conv2d(96, signs, 1),
    )


def words(signs: int) -> nn.Sequential:
    """The same with 847,000 weights, and three letters on either side in view."""
    return nn.Sequential(
        Block(1, 24, 5, 2, 2),
        Block(24, 64, 3, 2, 1),
        Added(Block(64, 64, 3, 1, 1)),
        Block(64, 96, 3, (2, 1), 1),
        Added(Block(96, 96, 3, 1, 1)),
        Block(96, 192, (4, 1)),
        *[Added(Block(192, 192, (1, 5), 1, (0, 2))) for _ in range(3)],
        nn.Dropout(0.1),
        nn.Conv2d(192, signs, 1),
    )


class Detector(nn.Module):
    """Gray (n, 1, h, w) to scores of text (n, 1, h, w) and its edges (n, 2, h / 4, w / 4).

    Edges are how far above and below a place those of the line are that it is in, in pixels
    (Zhou et al., "EAST", CVPR 2017). 481,000 weights.

    A feature pyramid (Lin et al., CVPR 2017): the picture at a quarter of its size down to a
    thirty-second, and what is seen in the small ones brought back to the larger. The fine levels
    are narrow, since most of the time goes there.
    """

    WIDTHS = (16, 32, 64, 96)
    REPEATED = (1, 2, 3, 3)
    JOINED = 24

    def __init__(self) -> None:
        super().__init__()
        joined = self.JOINED
        widths = (8, *self.WIDTHS)
        self.halve = Block(1, widths[0], 3, 2, 1)
        self.down = nn.ModuleList(
            nn.Sequential(
                Block(before, after, 3, 2, 1),
                *[Added(Block(after, after, 3, 1, 1)) for _ in range(times)],
            )
            for before, after, times in zip(widths, widths[1:], self.REPEATED, strict=False)
        )
        self.across = nn.ModuleList(nn.Conv2d(width, joined, 1) for width in self.WIDTHS)
        self.merge = nn.ModuleList([Block(joined, joined, 3, 1, 1), _wide(joined), _wide(joined)])
        self.out = nn.Conv2d(joined, 16, 3, 1, 1)  # each place at a quarter gives 16 pixels
        self.edges = nn.Sequential(Block(joined, 16, 3, 1, 1), nn.Conv2d(16, 2, 1))

    def forward(self, picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        seen, levels = self.halve(picture), []
        for step in self.down:
            seen = step(seen)
            levels.append(seen)
        *finer, (coarsest, across) = zip(levels, self.across, strict=True)
        joined = across(coarsest)
        for (level, across), merge in zip(reversed(finer), reversed(self.merge), strict=True):
            joined = merge(across(level) + functional.interpolate(joined, scale_factor=2))
        return functional.pixel_shuffle(self.out(joined), 4), EDGE * self.edges(joined)


def _wide(width: int) -> Added:
    """Sees five places, for little: each of them by itself, then all together."""
    return Added(nn.Sequential(Block(width, width, 5, 1, 2, width), Block(width, width, 1)))


class Found(nn.Module):
    """As the detector is asked: (h, w) of 0..1 and (2, h / 4, w / 4) for one picture."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        scores, edges = self.network(picture)
        return scores[0, 0].sigmoid(), edges[0]


class Chances(nn.Module):
    """As the readers want them: (n, steps, signs)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        return self.network(crops)[:, :, 0].permute(0, 2, 1).softmax(-1)


def export_reader(network: nn.Module, out: Path) -> None:
    """Writes a network that reads lines as the readers open it."""
    axes = {"x": {0: "n", 3: "w"}, "chances": {0: "n", 1: "steps"}}
    _export(Chances(network), torch.zeros(2, 1, HEIGHT, 64), axes, out)


def export_detector(network: nn.Module, out: Path) -> None:
    """Writes a network that finds lines as `detection` opens it."""
    axes = {
        "x": {2: "h", 3: "w"},
        "likelihood": {0: "h", 1: "w"},
        "edges": {1: "rows", 2: "columns"},
    }
    _export(Found(network), torch.zeros(1, 1, MULTIPLE, 2 * MULTIPLE), axes, out)


def _export(
    network: nn.Module, example: torch.Tensor, axes: dict[str, dict[int, str]], out: Path
) -> None:
    """`axes` has the sides of any length, of the input and of the output, in this order."""
    torch.onnx.export(
        network.eval(),
        (example,),
        str(out),
        input_names=list(axes)[:1],
        output_names=list(axes)[1:],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
