"""What is known about a page, and the steps by which it becomes known; `pipeline` orders them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from converter.core.engines.local.fragments.cutting import cut_lines
from converter.core.engines.local.fragments.dittos import mend_dittos
from converter.core.engines.local.fragments.leaders import without_leaders
from converter.core.engines.local.fragments.small_signs import mend_small_signs
from converter.core.engines.local.fragments.strokes import without_strokes
from converter.core.engines.local.ledger.account import unread_print
from converter.core.engines.local.ledger.beside import LooseLine, loose_lines, with_beside
from converter.core.engines.local.ledger.unread_cells import with_unread
from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.picture.straighten import Bend, find_bend, straighten
from converter.core.engines.local.rules.bands import find_bands
from converter.core.engines.local.rules.ruling_line_detection import find_rules
from converter.core.engines.local.structure.reading import read_structure
from converter.core.engines.local.tables.contradictions import doubt_contradicted
from converter.core.engines.local.tables.decimal_points import mend_points
from converter.core.engines.local.tables.draft import Draft, layout_of
from converter.core.engines.local.tables.regions import find_regions
from converter.core.engines.local.tables.stubs import mark_stubs
from converter.core.engines.local.text.missed import with_missed
from converter.core.engines.local.text.page_text import Line, PageText
from converter.core.engines.local.text.text import TextReader
from converter.core.tables.model import Box, Cell, Table
from converter.core.tables.roles import Role


@dataclass(frozen=True, slots=True)
class Page:
    """What is known about a page.

    `lines`, `rules` and `fragments` are on the flat page that was read; `straight` and `drafts` are
    on the straight page to which `bend` leads. So are `tables` and `loose`, the fragments outside
    of all tables, until the last step leads them back. `roles` are those of `loose`, if
    known, and `told` is the same print in lines. `unread` is print in no table that was not read.
    """

    text: PageText
    lines: tuple[Line, ...] = ()
    rules: RulingLines = field(default_factory=RulingLines)
    fragments: tuple[Fragment, ...] = ()
    bend: Bend = field(default_factory=Bend)
    straight: tuple[Fragment, ...] = ()
    drafts: tuple[Draft, ...] = ()
    tables: tuple[Table, ...] = ()
    loose: tuple[Fragment, ...] = ()
    roles: tuple[Role | None, ...] = ()
    told: tuple[LooseLine, ...] = ()
    unread: tuple[Box, ...] = ()

    @property
    def gray(self) -> Gray:
        return self.text.picture.gray


Step = Callable[[Page, TextReader], Page]
"""The reader is for steps that read more of the page."""


def rules(page: Page, _: TextReader) -> Page:
    return replace(page, rules=find_rules(page.gray, [line.box for line in page.lines]))


def missed(page: Page, reader: TextReader) -> Page:
    return replace(page, lines=with_missed(page.text, reader, page.rules))


def cutting(page: Page, _: TextReader) -> Page:
    return _with_fragments(page, cut_lines(page.lines, page.gray, page.rules.vertical))


def strokes(page: Page, _: TextReader) -> Page:
    return _with_fragments(page, without_strokes(page.fragments, page.gray))


def dashes(page: Page, _: TextReader) -> Page:
    return _with_fragments(page, mend_small_signs(page.fragments, page.gray, page.rules))


def dittos(page: Page, _: TextReader) -> Page:
    return _with_fragments(page, mend_dittos(page.fragments))


def leaders(page: Page, _: TextReader) -> Page:
    return _with_fragments(page, without_leaders(page.fragments))


def _with_fragments(page: Page, fragments: Iterable[Fragment]) -> Page:
    return replace(page, fragments=tuple(fragments))


def bend(page: Page, _: TextReader) -> Page:
    return replace(page, bend=find_bend(page.fragments, page.rules))


def straight(page: Page, _: TextReader) -> Page:
    return replace(page, straight=tuple(straighten(page.fragments, page.bend)))


def regions(page: Page, _: TextReader) -> Page:
    found, loose = find_regions(page.straight, page.bend.rules(page.rules))
    drafts = (Draft(layout_of(region.fragments, region.rules)) for region in found)
    return replace(page, drafts=tuple(drafts), loose=tuple(loose))


def bands(page: Page, _: TextReader) -> Page:
    if page.bend != Bend():  # the places of fragments are not those in `gray`
        return page
    return replace(page, drafts=tuple(_with_bands(draft, page.gray) for draft in page.drafts))


def _with_bands(draft: Draft, gray: Gray) -> Draft:
    text = [fragment.box for fragment in draft.fragments]
    found = replace(draft.layout.rules, bands=find_bands(gray, draft.box, text))
    return replace(draft, layout=replace(draft.layout, rules=found))


def each(step: Callable[[Draft], Draft]) -> Step:
    """A step of every table in the making."""
    return lambda page, _: replace(page, drafts=tuple(map(step, page.drafts)))


def structure(page: Page, _: TextReader) -> Page:
    """With the tables that the network finds, where they are likelier than those of the rules."""
    if not page.fragments:
        return page
    rules = page.bend.rules(page.rules)
    found = read_structure(page.fragments, page.straight, rules, page.gray, page.drafts)
    taken = {piece for pieces in found.pieces for piece in pieces.tolist()}
    loose = [place for place in range(len(page.straight)) if place not in taken]
    return replace(
        page,
        drafts=found.drafts,
        loose=tuple(page.straight[place] for place in loose),
        roles=tuple(found.roles[place] for place in loose),
    )


def tables(page: Page, _: TextReader) -> Page:
    return replace(page, tables=tuple(Table(draft.cells, draft.box) for draft in page.drafts))


def decimal_points(page: Page, _: TextReader) -> Page:
    return _with_cells(page, lambda table: mend_points(table.cells))


def contradictions(page: Page, _: TextReader) -> Page:
    return _with_cells(page, lambda table: doubt_contradicted(table.cells))


def stubs(page: Page, _: TextReader) -> Page:
    def marked(table: Table) -> list[Cell]:
        inside = (item.box for item in page.straight if table.box and item.is_in(table.box))
        return mark_stubs(table.cells, line_height(inside))

    return _with_cells(page, marked)


def _with_cells(page: Page, cells_of: Callable[[Table], Iterable[Cell]]) -> Page:
    changed = (replace(table, cells=tuple(cells_of(table))) for table in page.tables)
    return replace(page, tables=tuple(changed))


def unread(page: Page, _: TextReader) -> Page:
    """With doubt in the cells that hold print that no line says, and all other such print."""
    seen = unread_print(page.gray, page.lines, page.text.unread, page.rules)
    outside = [page.bend.forth(box) for box in seen]
    found = []
    for table in page.tables:
        marked, outside = with_unread(table, outside)
        found.append(marked)
    return replace(page, tables=tuple(found), unread=tuple(outside))


def beside(page: Page, _: TextReader) -> Page:
    """With the lines outside of tables, and doubt where a table may be missing some of them."""
    told = loose_lines(page.loose, page.roles, page.tables)
    return replace(page, tables=tuple(with_beside(page.tables, told)), told=tuple(told))


def bend_back(page: Page, _: TextReader) -> Page:
    back = page.bend.back
    return replace(
        page,
        tables=tuple(table.moved(back) for table in page.tables),
        loose=tuple(replace(item, box=back(item.box)) for item in page.loose),
        told=tuple(replace(line, box=back(line.box)) for line in page.told),
        unread=tuple(map(back, page.unread)),
    )
