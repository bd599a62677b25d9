"""The pages that `record` wrote."""

from __future__ import annotations

import gzip
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Final

from converter.core.engines.local.structure.evidence import Evidence
from tests.bench.structure.recording import Labels

if TYPE_CHECKING:
    from tests.bench.structure.record import Recorded

LEAST: Final = 4
"""Pieces of a page; one with fewer is left out."""


def read_pages(folder: Path) -> list[Recorded]:
    """All pages of a folder that were read upright, in the order of its files."""
    return [
        page
        for path in sorted(folder.glob("*.pickle.gz"))
        for page in pickle.loads(gzip.decompress(path.read_bytes()))
        if len(page.evidence) >= LEAST and is_upright(page.evidence, page.labels)
    ]


def is_upright(evidence: Evidence, labels: Labels) -> bool:
    """Whether the rows of tables follow each other down the page, as far as one can tell."""
    middles = (evidence.boxes[:, 1] + evidence.boxes[:, 3]) / 2
    table, first, end = labels.places[:, :3].T
    ordered = (table[:, None] == table) & (table >= 0) & (end[:, None] <= first)
    wrong = ordered & (middles[:, None] > middles + evidence.height / 2)
    return int(wrong.sum()) <= 0.02 * max(1, int(ordered.sum()))
