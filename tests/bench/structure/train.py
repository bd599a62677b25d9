"""Trains the network of structure on recorded pages: `-m tests.bench.structure.train PAGES OUT.pt`.

PAGES is a folder that `record` fills. It takes PyTorch and onnx (requirements.txt beside
`small_networks`). A sixteenth of the pages is held out; their losses are printed now and then.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from converter.core.engines.local.structure.page import Page, windows
from converter.core.engines.local.structure.pair_features import pair_features
from converter.core.engines.local.structure.piece_features import piece_features
from tests.bench.structure.augmentation import varied
from tests.bench.structure.network import ROLES, StructureNetwork, sizes
from tests.bench.structure.pages import read_pages

if TYPE_CHECKING:
    from tests.bench.structure.record import Recorded
    from tests.bench.structure.recording import Evidence, Labels

PEAK: Final = 1.5e-3
BATCH: Final = 8
MOST: Final = 320
"""Pieces of a page that are looked at together."""
SEVERAL: Final = 3.0
"""How much oftener a page with several tables is looked at: these are rare and hard."""
HELD_OUT: Final = 16


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.structure.train")
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--start", type=Path, help="weights of an earlier run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=PEAK)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    network = StructureNetwork(*sizes())
    if options.start:
        network.load_state_dict(torch.load(options.start))
    print(sum(weights.numel() for weights in network.parameters()), "weights", flush=True)
    learn(network, options)


def learn(network: StructureNetwork, options: argparse.Namespace) -> None:
    random = np.random.default_rng(options.seed)
    optimiser = torch.optim.AdamW(
        network.parameters(), options.rate, (0.9, 0.98), weight_decay=1e-4
    )
    mean = {name: weights.detach().clone() for name, weights in network.named_parameters()}
    begun, seen, step, read_at = time.monotonic(), 0, 0, -1e9
    losses: list[Tensor] = []
    pages: list[Recorded] = []
    while (spent := time.monotonic() - begun) < 60 * options.minutes:
        if time.monotonic() - read_at > 300:  # others may still be recording
            found = read_pages(options.pages)
            pages = [page for at, page in enumerate(found) if at % HELD_OUT]
            checked = found[::HELD_OUT]
            odds = np.array(
                [SEVERAL if page.labels.places[:, 0].max() > 0 else 1 for page in pages]
            )
            odds = odds / odds.sum()
            read_at = time.monotonic()
            print(len(pages), "pages", flush=True)
        page = pages[random.choice(len(pages), p=odds)]
        evidence, labels = varied(page.evidence, page.labels, random)
        loss = loss_of(network, evidence, labels, random)
        (loss.sum() / BATCH).backward()
        losses.append(loss.detach())
        seen += 1
        if seen % BATCH:
            continue
        share = spent / 60 / options.minutes
        rate = (
            options.rate
            * min(1, (step + 1) / 100)
            * (0.02 + 0.49 * (1 + math.cos(math.pi * share)))
        )
        for group in optimiser.param_groups:
            group["lr"] = rate
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        step += 1
        with torch.no_grad():
            for name, weights in network.named_parameters():
                mean[name].lerp_(weights, 0.002 if step > 500 else 0.02)
        if seen % 800 == 0:
            told = " ".join(f"{value:.4f}" for value in torch.stack(losses).mean(0).tolist())
            print(f"{seen} {spent:.0f} s: {told}", flush=True)
            losses = []
            torch.save(mean, options.out)
        if seen % 8000 == 0:
            print("held out:", held_out(mean, checked), flush=True)
    torch.save(mean, options.out)
    print("held out:", held_out(mean, checked), flush=True)


def held_out(weights: dict[str, Tensor], pages: Sequence[Recorded]) -> str:
    network = StructureNetwork(*sizes())
    network.load_state_dict(weights)
    random = np.random.default_rng(0)
    with torch.no_grad():
        losses = [loss_of(network, page.evidence, page.labels, random) for page in pages]
    return " ".join(f"{value:.4f}" for value in torch.stack(losses).mean(0).tolist())


def loss_of(
    network: StructureNetwork, evidence: Evidence, labels: Labels, random: np.random.Generator
) -> Tensor:
    """The losses of one window: row, column, table, and those of single pieces."""
    page = Page(evidence)
    chosen = windows(page, MOST)
    window = chosen[random.integers(len(chosen))]
    pieces = torch.from_numpy(piece_features(page)[window])
    pairs = torch.from_numpy(pair_features(page, window))
    relations, traits = network(pieces, pairs)
    places = labels.places[window].astype(np.int64)
    table, first_row, end_row, first_col, end_col, header = places.T
    inside = table >= 0
    same = (table[:, None] == table) & inside[:, None]
    row = (first_row[:, None] < end_row) & (first_row < end_row[:, None])
    col = (first_col[:, None] < end_col) & (first_col < end_col[:, None])
    lines = page.lines[window]
    apart = np.abs(lines[:, None] - lines)
    across = np.abs(page.centres[window][:, None] - page.centres[window])
    other = 1.0 - np.eye(len(window))
    certain = ~labels.joined[window]
    weigh_row = same * other * (1 + 8 * (apart <= 2))
    weigh_col = (
        same
        * other
        * (0.3 + (across < 12) + (apart <= 3))
        * (0.2 + 0.8 * certain * certain[:, None])
    )
    weigh_table = other * (1 + 3 * (apart <= 3)) * (inside[:, None] | inside)
    tall, wide = end_row - first_row > 1, (end_col - first_col > 1) & certain
    section = wide & (end_col - first_col >= 0.9 * _widths(table, end_col)) & ~header.astype(bool)
    roles = np.array([ROLES.index(labels.roles[at]) for at in window])
    count = max(1, int(inside.sum()))
    flags = torch.from_numpy(
        np.stack([inside, tall, wide, header > 0, labels.joined[window], section], 1).astype(
            np.float32
        )
    )
    single = binary_cross_entropy_with_logits(traits[:, : flags.shape[1]], flags, reduction="none")
    held = torch.from_numpy(inside.astype(np.float32))
    outside = torch.from_numpy(~inside & (roles > 0))
    role_loss = (
        cross_entropy(traits[outside, flags.shape[1] :], torch.from_numpy(roles)[outside])
        if outside.any()
        else torch.zeros(())
    )
    return torch.stack(
        [
            _weighed(relations[..., 0], row, weigh_row),
            _weighed(relations[..., 1], col, weigh_col),
            0.5 * _weighed(relations[..., 2], same, weigh_table),
            0.6 * single[:, 0].mean(),
            0.5 * (single[:, 1:3] * held[:, None]).sum() / count,
            0.2 * (single[:, 3:5] * held[:, None]).sum() / count,
            1.0 * (single[:, 5] * held).sum() / count,  # titles of sections are rare
            0.1 * role_loss,
        ]
    )


def _widths(table: np.ndarray, end_col: np.ndarray) -> np.ndarray:
    widths = np.zeros(table.max(initial=-1) + 2, np.int64)
    np.maximum.at(widths, table, end_col)
    return widths[table]


def _weighed(logits: Tensor, truth: np.ndarray, weights: np.ndarray) -> Tensor:
    scale = torch.from_numpy((weights / max(1e-6, weights.sum())).astype(np.float32))
    wanted = torch.from_numpy(truth.astype(np.float32))
    return (binary_cross_entropy_with_logits(logits, wanted, reduction="none") * scale).sum()


if __name__ == "__main__":
    main(sys.argv[1:])
