"""Trains a small network: `-m tests.bench.small_networks.train figures|words FONTS OUT.onnx`.

FONTS is a folder with fonts of the kinds that tables are set in, old and new. For words it has two
folders more: `script` with those that look like handwriting, and `foreign` with Chinese ones, both
to learn what to leave alone. It takes PyTorch, onnx and Faker, which nothing else here needs
(requirements.txt beside this file). Every few seconds it prints the mean loss of late; OUT.pt has
the weights every few minutes, and `--start` goes on from them.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from converter.core.engines.local import figures, words
from converter.core.engines.local.small_network import HEIGHT, OTHER
from tests.bench.small_networks import networks
from tests.bench.small_networks.figures import Figures
from tests.bench.small_networks.fonts import fonts_in
from tests.bench.small_networks.lines import Printer
from tests.bench.small_networks.words import Words, names

STEP: Final = 4  # columns of a crop that a network turns into one step
TIMES: Final = 3  # that each batch is shown, since printing takes longer than learning
PEAK: Final = 2.5e-3
KEPT: Final = 0.9985  # of the mean of late weights, at each step
SAVED: Final = 180.0  # seconds between two times that the weights are saved

Batch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Crops (n, 1, HEIGHT, w), the steps of each, the labels of all in a row, the length of each."""


@dataclass(frozen=True, slots=True)
class Task:
    """`pool` lines are sorted by width and cut into batches of so many `columns`."""

    signs: str
    network: Callable[[int], nn.Module]
    printer: Callable[[Path, int], Printer]
    columns: int
    pool: int
    minutes: float

    @property
    def alphabet(self) -> list[str]:
        return ["", *self.signs, OTHER]


def _prints_figures(fonts: Path, seed: int) -> Printer:
    return Printer(Figures(fonts_in(fonts).plain), seed, widest=200, on_their_heads=0.06)


def _prints_words(fonts: Path, seed: int) -> Printer:
    return Printer(Words(fonts_in(fonts), names()), seed)


TASKS: Final = {
    "figures": Task(figures.SIGNS, networks.figures, _prints_figures, 5000, 500, 45),
    "words": Task(words.SIGNS, networks.words, _prints_words, 12000, 900, 95),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.small_networks.train")
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("fonts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights of an earlier run: OUT.pt")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    task = TASKS[options.task]
    network = task.network(len(task.alphabet))
    if options.start:
        network.load_state_dict(torch.load(options.start))
    batches = _printed(task, options.fonts, options.seed)
    seconds = 60 * (options.minutes or task.minutes)
    mean = train(network, batches, seconds, options.out.with_suffix(".pt"))
    networks.export(mean, options.out)


def train(network: nn.Module, batches: Iterator[Batch], seconds: float, kept: Path) -> nn.Module:
    """The mean of its weights of late, which reads better than the last ones do."""
    network = network.to(memory_format=torch.channels_last)
    mean = deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)
    begun = saved = time.monotonic()
    late = 0.0
    for step in count():
        share = (time.monotonic() - begun) / seconds
        if share >= 1:
            break
        rate = PEAK * min(1, step / 300 + 0.02) * (1 + math.cos(math.pi * share)) / 2
        for group in optimiser.param_groups:
            group["lr"] = rate
        loss = _learn(network, optimiser, next(batches))
        _follow(mean, network, min(KEPT, step / (step + 200)))
        late = loss if step == 0 else 0.98 * late + 0.02 * loss
        if step % 50 == 0:
            print(f"step {step}, {share:.0%} of the time, loss {late:.4f}", flush=True)
        if time.monotonic() - saved > SAVED:
            torch.save(mean.state_dict(), kept)
            saved = time.monotonic()
    torch.save(mean.state_dict(), kept)
    return mean


def _learn(network: nn.Module, optimiser: torch.optim.Optimizer, batch: Batch) -> float:
    crops, steps, labels, lengths = batch
    images = torch.from_numpy(crops).to(memory_format=torch.channels_last)
    scores = network(images)[:, :, 0].permute(2, 0, 1).log_softmax(-1)
    loss = functional.ctc_loss(
        scores, *map(torch.from_numpy, (labels, steps, lengths)), zero_infinity=True
    )
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return loss.item()


@torch.no_grad()
def _follow(mean: nn.Module, network: nn.Module, kept: float) -> None:
    for old, new in zip(mean.state_dict().values(), network.state_dict().values(), strict=True):
        if old.is_floating_point():
            old.lerp_(new, 1 - kept)
        else:
            old.copy_(new)


def _printed(task: Task, fonts: Path, seed: int) -> Iterator[Batch]:
    queue: multiprocessing.Queue[Batch] = multiprocessing.Queue(60)
    multiprocessing.Process(target=_fill, args=(queue, task, fonts, seed), daemon=True).start()
    while True:
        yield queue.get()


def _fill(queue: multiprocessing.Queue[Batch], task: Task, fonts: Path, seed: int) -> None:
    printer = task.printer(fonts, seed)
    pools: list[list[Batch]] = []
    while True:
        pools = [*pools, list(_batches(printer, task))][-TIMES:]
        shown = [batch for pool in pools for batch in pool]
        random.shuffle(shown)
        for batch in shown:
            queue.put(batch)


def _batches(printer: Printer, task: Task) -> Iterator[Batch]:
    lines = sorted((printer.line() for _ in range(task.pool)), key=lambda line: line[0].shape[1])
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and (end - start + 1) * lines[end][0].shape[1] <= task.columns:
            end += 1
        yield _batch(lines[start:end], task.alphabet)
        start = end


def _batch(lines: list[tuple[np.ndarray, str]], alphabet: list[str]) -> Batch:
    width = -(-lines[-1][0].shape[1] // STEP) * STEP
    crops = np.zeros((len(lines), 1, HEIGHT, width), np.float32)
    for place, (crop, _) in enumerate(lines):
        crops[place, 0, :, : crop.shape[1]] = crop / 127.5 - 1
    steps = np.array([max(1, crop.shape[1] // STEP) for crop, _ in lines])
    labels = np.array([alphabet.index(sign) for _, text in lines for sign in text])
    return crops, steps, labels, np.array([len(text) for _, text in lines])


if __name__ == "__main__":
    main()
