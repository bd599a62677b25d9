"""What the small networks that read learn from: batches of lines of nearly one width."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from converter.core.engines.local.recognition import digits, words
from converter.core.engines.local.recognition.small_network import HEIGHT, OTHER
from tests.bench.small_networks import networks
from tests.bench.small_networks.digits import Numbers
from tests.bench.small_networks.fonts import fonts_in
from tests.bench.small_networks.learning import Lesson, beside
from tests.bench.small_networks.lines import Printer
from tests.bench.small_networks.words import Words, names

STEP: Final = 4  # columns of a crop that a network turns into one step
TIMES: Final = 3  # that each batch is shown, since printing takes longer than learning

Batch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Crops (n, 1, HEIGHT, w), the steps of each, the labels of all in a row, the length of each."""


@dataclass(frozen=True, slots=True)
class Task:
    """`pool` lines are sorted by width and cut into batches of so many `columns`."""

    signs: str
    network: Callable[[int], nn.Module]
    columns: int
    pool: int

    @property
    def alphabet(self) -> list[str]:
        return ["", *self.signs, OTHER]


TASKS: Final = {
    "digits": Task(digits.SIGNS, networks.digits, 5000, 500),
    "clear_digits": Task(digits.SIGNS, networks.digits, 5000, 500),
    "words": Task(words.SIGNS, networks.words, 12000, 900),
}


def lesson(kind: str, fonts: Path, seed: int) -> Lesson[Batch]:
    """For a network that reads `digits`, `clear_digits` or `words`."""
    task = TASKS[kind]
    return Lesson(task.network(len(task.alphabet)), beside(_fill, kind, fonts, seed), _loss)


def _loss(network: nn.Module, batch: Batch) -> torch.Tensor:
    crops, steps, labels, lengths = batch
    images = torch.from_numpy(crops).to(memory_format=torch.channels_last)
    scores = network(images)[:, :, 0].permute(2, 0, 1).log_softmax(-1)
    return functional.ctc_loss(
        scores, *map(torch.from_numpy, (labels, steps, lengths)), zero_infinity=True
    )


def _fill(queue: Queue[Batch], kind: str, fonts: Path, seed: int) -> None:
    task, types = TASKS[kind], fonts_in(fonts)
    if kind == "words":
        printer = Printer(Words(types, names()), seed)
    else:
        coarse, pieces = (0.6, 0.1) if kind == "clear_digits" else (0.0, 0.0)
        numbers = Numbers(types.plain)
        printer = Printer(
            numbers, seed, widest=200, on_their_heads=0.06, coarse=coarse, pieces=pieces
        )
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
