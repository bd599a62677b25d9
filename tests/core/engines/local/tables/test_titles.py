from __future__ import annotations

from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.page.text_lines import PrintLine, group_lines
from converter.core.engines.local.tables.titles import inside_rules
from tests.core.engines.local.printed import fragment, lines_of

COLUMNS = (0, 100, 200, 300)
HEAD = ("Day", "Rain", "Wind", "Sun")
BODY = [("1", "12", "3.5", "7"), ("2", "13", "4.5", "8"), ("3", "14", "5.5", "9")]
CLOSED = (RulingLine(95, 0, 330), RulingLine(195, 0, 150), RulingLine(198, 150, 330))
WALLS = tuple(RulingLine(x, 95, 195) for x in (90, 190, 290))


def page(*, title: bool = True, note: bool = True, head: float = 100) -> list[PrintLine]:
    fragments = [*lines_of([HEAD], COLUMNS, top=head), *lines_of(BODY, COLUMNS, top=124)]
    if title:
        fragments += [fragment("Weather", 0, 60), fragment("May 1898", 240, 60)]
    if note:
        fragments += [fragment("Source:", 0, 204), fragment("notes", 120, 204)]
    return group_lines(fragments)


def test_titles_and_notes_beyond_the_rules_are_outside() -> None:
    assert inside_rules(page(), RulingLines(CLOSED, WALLS)) == (1, 5)


def test_upright_rules_may_be_missing() -> None:
    assert inside_rules(page(), RulingLines(CLOSED)) == (1, 5)


def test_a_line_beside_upright_rules_is_inside() -> None:
    walls = tuple(RulingLine(x, 55, 220) for x in (90, 190, 290))
    assert inside_rules(page(), RulingLines(CLOSED, walls)) == (0, 6)


def test_a_full_line_above_the_first_rule_is_the_header() -> None:
    lines = page(title=False, note=False, head=70)
    assert inside_rules(lines, RulingLines(CLOSED)) == (0, 4)


def test_one_rule_closes_nothing_off() -> None:
    assert inside_rules(page(), RulingLines(CLOSED[:1])) == (0, 6)
