"""Trains a small network: `-m tests.bench.small_networks.train KIND FONTS OUT.onnx`.

KIND is `digits`, `clear_digits` or `words`, which read lines, or `detector`, which finds them.
FONTS is a folder with fonts of the kinds that tables are set in, old and new. For words and the
detector it has two folders more: `script` with those that look like handwriting, and `foreign` with
Chinese ones. It takes PyTorch, onnx and Faker, which nothing else here needs (requirements.txt
beside this file). Every few seconds it prints the mean loss of late; OUT.pt has the weights every
few minutes, and `--start` goes on from them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from tests.bench.small_networks import finding, learning, networks, reading

MINUTES = {"digits": 45.0, "clear_digits": 90.0, "words": 95.0, "detector": 180.0}


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.small_networks.train")
    parser.add_argument("kind", choices=MINUTES)
    parser.add_argument("fonts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights of an earlier run: OUT.pt")
    parser.add_argument("--rate", type=float, default=learning.PEAK, help="at its peak")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    finds = options.kind == "detector"
    lesson = (
        finding.lesson(options.fonts, options.seed)
        if finds
        else reading.lesson(options.kind, options.fonts, options.seed)
    )
    if options.start:
        lesson.network.load_state_dict(torch.load(options.start))
    seconds = 60 * (options.minutes or MINUTES[options.kind])
    mean = learning.learn(lesson, seconds, options.out.with_suffix(".pt"), options.rate)
    (networks.export_detector if finds else networks.export_reader)(mean, options.out)


if __name__ == "__main__":
    main()
