"""The network: attention between the pieces of print of a page, with what lies between them."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from converter.core.engines.local.structure.evidence import Evidence
from converter.core.engines.local.structure.page import Page
from converter.core.engines.local.structure.pair_features import pair_features
from converter.core.engines.local.structure.piece_features import piece_features

WIDTH, LAYERS, HEADS, INNER = 96, 4, 6, 192
PAIR, LINKS = 32, 32
RELATIONS = ("row", "column", "table")
"""Per pair: do they share a row, a column, a table."""
TRAITS = ("inside", "tall", "wide", "header", "joined", "section")
"""Per piece: in a table, over several rows, over several columns, a header, two cells' text, …"""
ROLES = ("none", "title", "unit", "note", "source", "text", "page-number", "heading", "chrome")


class StructureNetwork(nn.Module):
    def __init__(self, piece: int, pair: int) -> None:
        super().__init__()
        self.enter = nn.Sequential(nn.Linear(piece, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH))
        self.bias = nn.Sequential(nn.Linear(pair, PAIR), nn.ReLU(), nn.Linear(PAIR, LAYERS * HEADS))
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.leave = nn.LayerNorm(WIDTH)
        self.between = nn.Linear(pair, LINKS)
        self.first, self.second = nn.Linear(WIDTH, LINKS), nn.Linear(WIDTH, LINKS)
        self.product = nn.Linear(WIDTH, LINKS)
        self.mix = nn.Linear(LINKS, LINKS, bias=False)
        self.hidden = nn.Linear(LINKS, LINKS)
        self.relations = nn.Linear(LINKS, len(RELATIONS))
        self.traits = nn.Linear(WIDTH, len(TRAITS) + len(ROLES))

    def forward(self, pieces: Tensor, pairs: Tensor) -> tuple[Tensor, Tensor]:
        """From (n, piece) and (n, n, pair) features: logits (n, n, 3) and (n, traits and roles)."""
        bias = self.bias(pairs).permute(2, 0, 1)
        state = self.enter(pieces)
        for number, layer in enumerate(self.layers):
            state = layer(state, bias[number * HEADS : (number + 1) * HEADS])
        state = self.leave(state)
        product = self.product(state)
        links = self.between(pairs) + self.first(state)[:, None] + self.second(state)[None]
        links = torch.relu(links + self.mix(product[:, None] * product[None]))
        links = torch.relu(self.hidden(links) + links)
        relations = self.relations(links)
        return relations + relations.transpose(0, 1), self.traits(state)


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.ahead, self.after = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.attend = nn.Linear(WIDTH, 3 * WIDTH)
        self.join = nn.Linear(WIDTH, WIDTH)
        self.think = nn.Sequential(nn.Linear(WIDTH, INNER), nn.ReLU(), nn.Linear(INNER, WIDTH))

    def forward(self, state: Tensor, bias: Tensor) -> Tensor:
        count = state.shape[0]
        query, key, value = (
            self.attend(self.ahead(state)).view(count, 3, HEADS, WIDTH // HEADS).permute(1, 2, 0, 3)
        )
        scores = query @ key.transpose(1, 2) / math.sqrt(WIDTH / HEADS) + bias
        heard = torch.softmax(scores, -1) @ value
        state = state + self.join(heard.transpose(0, 1).reshape(count, WIDTH))
        return state + self.think(self.after(state))


def sizes() -> tuple[int, int]:
    """How many features a piece has, and a pair."""
    nothing = np.zeros((0, 3), np.float32)
    one = np.array([0.5], np.float32)
    boxes = np.array([[0, 0, 10, 10]], np.float32)
    page = Page(Evidence(boxes, ("a",), one, one, one, boxes * np.nan, nothing, nothing, 10.0))
    return piece_features(page).shape[-1], pair_features(page, np.array([0])).shape[-1]
