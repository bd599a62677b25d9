"""The small networks, as they are trained: convolutions over a crop, then along it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

from converter.core.engines.local.small_network import HEIGHT


class Block(nn.Sequential):
    def __init__(self, before: int, after: int, kernel: Any, stride: Any = 1, pad: Any = 0) -> None:
        convolution = nn.Conv2d(before, after, kernel, stride, pad, bias=False)
        super().__init__(convolution, nn.BatchNorm2d(after), nn.ReLU())


class Added(nn.Module):
    """What a block makes of a picture, added to the picture."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        return seen + self.block(seen)


def figures(signs: int) -> nn.Sequential:
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


class Chances(nn.Module):
    """As the readers want them: (n, steps, signs)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        return self.network(crops)[:, :, 0].permute(0, 2, 1).softmax(-1)


def export(network: nn.Module, out: Path) -> None:
    """Writes a network as the readers open it."""
    torch.onnx.export(
        Chances(network).eval(),
        (torch.zeros(2, 1, HEIGHT, 64),),
        str(out),
        input_names=["x"],
        output_names=["chances"],
        dynamic_axes={"x": {0: "n", 3: "w"}, "chances": {0: "n", 1: "steps"}},
        opset_version=17,
        dynamo=False,
    )
