"""Asks the network about a page. It is trained by tests/bench/structure."""

from __future__ import annotations

from typing import Final

import numpy as np

from converter.core.engines.local.networks.model_files import read_own_model
from converter.core.engines.local.networks.session import open_session
from converter.core.engines.local.structure.page import Page, windows
from converter.core.engines.local.structure.pair_features import pair_features
from converter.core.engines.local.structure.piece_features import piece_features
from converter.core.engines.local.structure.scores import Scores

MODEL: Final = "structure.onnx"
MOST: Final = 320
"""Pieces of a page that the network looks at together: memory grows with their square."""

TRAITS: Final = 6
"""Of a piece of print, in their order."""
ROLES: Final = 9
"""Of print outside of tables: `roles` names them in their order."""


class StructureNetwork:
    """Make it in the main thread. Raises FileNotFoundError if the model file is missing."""

    def __init__(self) -> None:
        self._session = open_session(read_own_model(MODEL))

    def scores(self, page: Page) -> Scores:
        """What the network finds of the pieces of a page; 0 for pairs too far apart to compare."""
        count = len(page.evidence)
        features = piece_features(page)
        relations = np.zeros((3, count, count), np.float32)
        seen = np.zeros((count, count), np.float32)
        traits = np.zeros((TRAITS + ROLES, count), np.float32)
        times = np.zeros(count, np.float32)
        for window in windows(page, MOST):
            inputs = {"pieces": features[window], "pairs": pair_features(page, window)}
            found, told = (np.asarray(each) for each in self._session.run(None, inputs))
            at = np.ix_(window, window)
            relations[:, at[0], at[1]] += found.transpose(2, 0, 1)
            traits[:, window] += told.T[: TRAITS + ROLES]
            seen[at] += 1
            times[window] += 1
        relations /= np.maximum(seen, 1)
        row, column, table = relations
        traits /= times
        inside, tall, wide, header, joined, section = traits[:TRAITS]
        return Scores(
            row=row,
            column=column,
            table=table,
            inside=inside,
            tall=tall,
            wide=wide,
            header=header,
            joined=joined,
            section=section,
            roles=traits[TRAITS:].T,
        )
