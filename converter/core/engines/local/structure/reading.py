"""The tables of a page: the network's reading beside the rules', and the likelier of the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.structure.decoding import LEAST, decode
from converter.core.engines.local.structure.drafts import draft_of, grid_of, with_whole_dates
from converter.core.engines.local.structure.evidence import gather
from converter.core.engines.local.structure.network import StructureNetwork
from converter.core.engines.local.structure.page import Page, Places
from converter.core.engines.local.structure.placing import Believed, place_signs
from converter.core.engines.local.structure.scores import Scores
from converter.core.engines.local.structure.witness import (
    believes_rules,
    disputes,
    plausibility,
    signs_of_dispute,
)
from converter.core.engines.local.tables.draft import Draft
from converter.core.tables.roles import Role

ROLES: Final = (None, *(role for role in Role if role is not Role.BESIDE))
"""What print is outside of tables, as the network was taught them: first, no such print."""


@dataclass(frozen=True)
class Structure:
    """The tables of a page, from the top, with the numbers of the pieces of print in each.

    `roles` are what each piece of print is outside of tables.
    """

    drafts: tuple[Draft, ...]
    pieces: tuple[Places, ...]
    roles: tuple[Role | None, ...]


@cache
def the_network() -> StructureNetwork:
    """The network of this process. Ask for it first in the main thread."""
    return StructureNetwork()


def read_structure(
    fragments: Sequence[Fragment],
    straight: Sequence[Fragment],
    rules: RulingLines,
    gray: Gray,
    ruled: Sequence[Draft],
) -> Structure:
    """The tables of a page (h, w) with print at `fragments`, and the roles of what is in none.

    There is one fragment at least. `straight` are the fragments, and `rules` the ruling lines, on
    the straight page. `ruled` are the tables that rules made of them.
    """
    page = Page(gather(fragments, straight, rules, gray))
    scores = the_network().scores(page)
    learned = [with_whole_dates(page, grid, straight, rules) for grid in decode(page, scores)]
    others = [grid_of(draft, straight) for draft in ruled]
    found: list[tuple[Draft, Places]] = []
    for dispute in disputes(learned, others):
        mine = [learned[number] for number in dispute.learned]
        theirs = [others[number] for number in dispute.ruled]
        if not mine and len(dispute.pieces) >= LEAST:
            continue  # rules take columns of running text and labels of diagrams for tables
        signs = signs_of_dispute(page, scores, mine, theirs, dispute.pieces)
        by_rules = believes_rules(signs)
        grids, rivals = (theirs, mine) if by_rules else (mine, theirs)
        drafts = (
            [ruled[number] for number in dispute.ruled]
            if by_rules
            else [draft_of(page, scores, grid, straight, rules) for grid in mine]
        )
        plausible = (
            plausibility(page, scores, theirs, dispute.pieces) if by_rules else signs.learned
        )
        for draft, grid in zip(drafts, grids, strict=True):
            places = place_signs(page, scores, Believed(grid, rivals, plausible), draft.areas)
            found.append((replace(draft, places=places), grid.pieces))
    found.sort(key=lambda table: table[0].box.top)
    return Structure(
        tuple(draft for draft, _ in found),
        tuple(pieces for _, pieces in found),
        _roles(scores, len(fragments)),
    )


def _roles(scores: Scores, count: int) -> tuple[Role | None, ...]:
    return tuple(ROLES[place] for place in scores.roles[:count].argmax(axis=1).tolist())
