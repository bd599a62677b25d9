"""Trains a small network: a learning rate that rises and falls, and a mean of recent weights."""

from __future__ import annotations

import math
import multiprocessing
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import torch
from torch import nn

PEAK: Final = 2.5e-3  # of the rate, from the beginning; going on takes less
KEPT: Final = 0.9985  # of the mean of recent weights, at each step
SAVED: Final = 180.0  # seconds between two times that the weights are saved
WAITING: Final = 60  # batches, made ahead

Batch = TypeVar("Batch")


@dataclass(frozen=True, slots=True)
class Lesson(Generic[Batch]):
    """What a network learns from; its `loss` on a batch is a scalar."""

    network: nn.Module
    batches: Iterator[Batch]
    loss: Callable[[nn.Module, Batch], torch.Tensor]


def learn(lesson: Lesson[Any], seconds: float, kept: Path, peak: float = PEAK) -> nn.Module:
    """The mean of the network's recent weights, which performs better than the last ones."""
    network = lesson.network.to(memory_format=torch.channels_last)
    mean = deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)
    begun = saved = time.monotonic()
    late = 0.0
    for step in count():
        share = (time.monotonic() - begun) / seconds
        if share >= 1:
            break
        rate = peak * min(1, step / 300 + 0.02) * (1 + math.cos(math.pi * share)) / 2
        for group in optimiser.param_groups:
            group["lr"] = rate
        error = lesson.loss(network, next(lesson.batches))
        optimiser.zero_grad()
        error.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        loss = error.item()
        _follow(mean, network, min(KEPT, step / (step + 200)))
        late = loss if step == 0 else 0.98 * late + 0.02 * loss
        if step % 50 == 0:
            print(f"step {step}, {share:.0%} of the time, loss {late:.4f}", flush=True)
        if time.monotonic() - saved > SAVED:
            torch.save(mean.state_dict(), kept)
            saved = time.monotonic()
    torch.save(mean.state_dict(), kept)
    return mean


def beside(fill: Callable[..., None], *arguments: object) -> Iterator[Any]:
    """What another process puts into a queue: `fill` is called there with it and `arguments`."""
    queue: Queue[Any] = multiprocessing.Queue(WAITING)
    multiprocessing.Process(target=fill, args=(queue, *arguments), daemon=True).start()
    while True:
        yield queue.get()


@torch.no_grad()
def _follow(mean: nn.Module, network: nn.Module, kept: float) -> None:
    for old, new in zip(mean.state_dict().values(), network.state_dict().values(), strict=True):
        if old.is_floating_point():
            old.lerp_(new, 1 - kept)
        else:
            old.copy_(new)
