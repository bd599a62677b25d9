"""Trains the network for figures: `-m tests.bench.figures.train FONTS OUT.onnx [--minutes N]`.

FONTS is a folder with fonts of the kinds that tables are set in, old and new. It takes PyTorch and
onnx, which nothing else here needs (requirements.txt beside this file), and one core for N minutes.
Every few seconds the mean loss of late is printed.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import random
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from converter.core.engines.local.figures import ALPHABET, HEIGHT
from tests.bench.figures.lines import Printer, types_in

COLUMNS = 5000  # of one batch
POOL = 500  # lines, sorted by width and cut into batches
TIMES = 3  # that each batch is shown, since printing takes longer than learning
STEP = 4  # columns of a crop that the network turns into one step
PEAK = 2.5e-3

Batch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Crops (n, 1, HEIGHT, w), the steps of each, the labels of all in a row, the length of each."""


class Block(nn.Sequential):
    def __init__(self, before: int, after: int, kernel: Any, stride: Any = 1, pad: Any = 0) -> None:
        convolution = nn.Conv2d(before, after, kernel, stride, pad, bias=False)
        super().__init__(convolution, nn.BatchNorm2d(after), nn.ReLU())


class Network(nn.Module):
    """A crop (n, 1, HEIGHT, w) to scores (w / STEP, n, signs)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            Block(1, 16, 5, 2, 2),
            Block(16, 32, 3, 2, 1),
            Block(32, 48, 3, 1, 1),
            Block(48, 64, 3, (2, 1), 1),
            Block(64, 96, (4, 1)),
        )
        self.along = nn.ModuleList(
            [Block(96, 96, (1, 5), 1, (0, 2)), Block(96, 96, (1, 3), 1, (0, 1))]
        )
        self.drop = nn.Dropout(0.1)
        self.head = nn.Conv2d(96, len(ALPHABET), 1)

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        seen = self.stem(crops)
        for block in self.along:
            seen = seen + block(seen)
        return self.head(self.drop(seen))[:, :, 0].permute(2, 0, 1)


class Chances(nn.Module):
    """As the reader wants them: (n, steps, signs)."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        return self.network(crops).permute(1, 0, 2).softmax(-1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.figures.train")
    parser.add_argument("fonts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    network = train(options.fonts, 60 * options.minutes, options.seed)
    export(network, options.out)


def train(fonts: Path, seconds: float, seed: int) -> Network:
    network = Network().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)
    queue: multiprocessing.Queue[Batch] = multiprocessing.Queue(60)
    printer = multiprocessing.Process(target=_fill, args=(queue, fonts, seed), daemon=True)
    printer.start()
    begun, late = time.monotonic(), 0.0
    for step in count():
        share = (time.monotonic() - begun) / seconds
        if share >= 1:
            break
        rate = PEAK * min(1, step / 80 + 0.02) * (1 + math.cos(math.pi * share)) / 2
        for group in optimiser.param_groups:
            group["lr"] = rate
        loss = _learn(network, optimiser, queue.get())
        late = loss if step == 0 else 0.98 * late + 0.02 * loss
        if step % 50 == 0:
            print(f"step {step}, {share:.0%} of the time, loss {late:.4f}", flush=True)
    printer.terminate()
    return network


def _learn(network: Network, optimiser: torch.optim.Optimizer, batch: Batch) -> float:
    crops, steps, labels, lengths = batch
    images = torch.from_numpy(crops).to(memory_format=torch.channels_last)
    scores = network(images).log_softmax(-1)
    loss = functional.ctc_loss(
        scores, *map(torch.from_numpy, (labels, steps, lengths)), zero_infinity=True
    )
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return loss.item()


def _fill(queue: multiprocessing.Queue[Batch], fonts: Path, seed: int) -> None:
    printer = Printer(types_in(fonts), seed)
    pools: list[list[Batch]] = []
    while True:
        pools = [*pools, list(_batches(printer))][-TIMES:]
        shown = [batch for pool in pools for batch in pool]
        random.shuffle(shown)
        for batch in shown:
            queue.put(batch)


def _batches(printer: Printer) -> Iterator[Batch]:
    lines = sorted((printer.line() for _ in range(POOL)), key=lambda line: line[0].shape[1])
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and (end - start + 1) * lines[end][0].shape[1] <= COLUMNS:
            end += 1
        yield _batch(lines[start:end])
        start = end


def _batch(lines: list[tuple[np.ndarray, str]]) -> Batch:
    width = -(-lines[-1][0].shape[1] // STEP) * STEP
    crops = np.zeros((len(lines), 1, HEIGHT, width), np.float32)
    for place, (crop, _) in enumerate(lines):
        crops[place, 0, :, : crop.shape[1]] = crop / 127.5 - 1
    steps = np.array([max(1, crop.shape[1] // STEP) for crop, _ in lines])
    labels = np.array([ALPHABET.index(sign) for _, text in lines for sign in text])
    return crops, steps, labels, np.array([len(text) for _, text in lines])


def export(network: Network, out: Path) -> None:
    """Writes the network as the reader opens it."""
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


if __name__ == "__main__":
    main()
