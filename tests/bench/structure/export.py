"""Writes trained weights as the model file that the engine reads: `… .export PAGES IN.pt OUT.onnx`.

The file carries the hash of what made it: of the pages in PAGES and of the code that trains.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import onnx
import torch

from converter.core.engines.local.structure import page
from tests.bench.structure.network import StructureNetwork, sizes

OPERATORS = 17
"""The version of ONNX's set of operators."""


def main(arguments: Sequence[str]) -> None:
    pages, weights, out = map(Path, arguments)
    network = StructureNetwork(*sizes())
    network.load_state_dict(torch.load(weights))
    export(network, out)
    here, used = Path(__file__).parent, Path(page.__file__).parent
    add_origin(
        out,
        pages=digest(sorted(pages.glob("*.pickle.gz"))),
        code=digest([*sorted(here.glob("*.py")), *sorted(used.glob("*.py"))]),
    )


def export(network: StructureNetwork, out: Path) -> None:
    """Write a network whose inputs may have any number of pieces."""
    piece, pair = sizes()
    count = 7
    torch.onnx.export(
        network.eval(),
        (torch.zeros(count, piece), torch.zeros(count, count, pair)),
        str(out),
        input_names=["pieces", "pairs"],
        output_names=["relations", "traits"],
        dynamic_axes={
            "pieces": {0: "n"},
            "pairs": {0: "n", 1: "n"},
            "relations": {0: "n", 1: "n"},
            "traits": {0: "n"},
        },
        opset_version=OPERATORS,
        dynamo=False,
    )


def digest(paths: Iterable[Path]) -> str:
    """The SHA-256 of files, one after the other."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def add_origin(path: Path, **origin: str) -> None:
    """Note in a model file what made it."""
    model = onnx.load(path)
    for key, value in origin.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.save(model, path)


if __name__ == "__main__":
    main(sys.argv[1:])
