from __future__ import annotations

from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.tables.regions import find_regions
from tests.core.engines.local.printed import fragment, lines_of

PROSE = "A line of running text that goes on and on without any column"
BODY = [("Ann", "12", "3.5"), ("Bob", "13", "4.5"), ("Cid", "14", "5.5")]
COLUMNS = (0, 100, 200)


def prose(top: float, count: int = 4) -> list:
    return lines_of([(PROSE,)] * count, (0,), top=top)


def test_a_page_of_running_text_has_no_table() -> None:
    regions, loose = find_regions(prose(0, 8), RulingLines())
    assert regions == []
    assert len(loose) == 8


def test_a_table_among_text() -> None:
    table = lines_of(BODY, COLUMNS, top=120)
    regions, loose = find_regions([*prose(0), *table, *prose(220)], RulingLines())
    (region,) = regions
    assert set(region.fragments) == set(table)
    assert {item.text for item in loose} == {PROSE}


def test_two_tables_below_each_other() -> None:
    upper, lower = lines_of(BODY, COLUMNS), lines_of(BODY, COLUMNS, top=300)
    first, second = find_regions([*upper, *lower], RulingLines())[0]
    assert set(first.fragments) == set(upper)
    assert set(second.fragments) == set(lower)


def test_two_ruled_tables_side_by_side() -> None:
    left = lines_of(BODY, COLUMNS)
    right = lines_of(BODY, (400, 500, 600))
    rules = RulingLines(tuple(RulingLine(y, x, x + 240) for x in (0, 400) for y in (-2, 22, 70)))
    regions, _ = find_regions([*left, *right], rules)
    assert [set(region.fragments) for region in regions] == [set(left), set(right)]


def test_tables_side_by_side_with_lines_at_other_heights() -> None:
    left = lines_of(BODY * 2, COLUMNS)
    right = lines_of(BODY * 2, (560, 660, 760), top=9, pitch=33)
    regions, loose = find_regions([*left, *right], RulingLines())
    assert {frozenset(region.fragments) for region in regions} == {
        frozenset(left),
        frozenset(right),
    }
    assert loose == []


def test_a_caption_between_two_tables_is_loose() -> None:
    upper, lower = lines_of(BODY, COLUMNS), lines_of(BODY, COLUMNS, top=110)
    caption = fragment("Table 2. Stores", 0, 84)
    regions, loose = find_regions([*upper, caption, *lower], RulingLines())
    assert [set(region.fragments) for region in regions] == [set(upper), set(lower)]
    assert loose == [caption]


def test_a_rule_above_takes_a_title_row_into_the_table() -> None:
    title = fragment("All of them", 90, -24)
    rules = RulingLines(horizontal=(RulingLine(-26, 0, 240), RulingLine(-2, 0, 240)))
    (region,), _ = find_regions([title, *lines_of(BODY, COLUMNS)], rules)
    assert title in region.fragments


def test_a_rule_in_the_margin_does_not_make_text_a_table() -> None:
    table = lines_of(BODY, COLUMNS, top=120)
    rules = RulingLines(vertical=(RulingLine(700, 0, 500),))
    (region,), _ = find_regions([*prose(0), *table, *prose(220)], rules)
    assert len(region.fragments) == 9


def test_a_list_with_bullets_is_no_table() -> None:
    assert find_regions(lines_of([("-", PROSE)] * 5, (0, 40)), RulingLines())[0] == []


def test_numbered_headings_are_no_table() -> None:
    headings = [
        ("4", "Empirical strategies"),
        ("4.1", "Who is affected"),
        ("4.1.1", "The first model"),
    ]
    assert find_regions(lines_of(headings, (0, 90)), RulingLines())[0] == []


def test_running_text_in_two_columns_is_no_table() -> None:
    half = PROSE[:40]
    assert find_regions(lines_of([(half, half)] * 8, (0, 400)), RulingLines())[0] == []


def test_nothing_has_no_regions() -> None:
    assert find_regions([], RulingLines()) == ([], [])


def test_the_last_cell_may_wrap_but_a_note_below_is_no_part_of_it() -> None:
    table = lines_of([(a, c, "keeps the house") for a, _, c in BODY], COLUMNS)
    rest, note = fragment("and garden", 200, 72), fragment("Source", 0, 120)
    (region,), loose = find_regions([*table, rest, note], RulingLines())
    assert set(region.fragments) == {*table, rest}
    assert loose == [note]


def test_a_heading_beside_an_upright_rule_belongs_to_the_table() -> None:
    heading = fragment("How often", 130, -24)
    rules = RulingLines(vertical=(RulingLine(80, -30, 72), RulingLine(180, -2, 72)))
    (region,) = find_regions([heading, *lines_of(BODY, COLUMNS)], rules)[0]
    assert heading in region.fragments


def test_a_list_of_contents_is_no_table_unless_it_is_ruled() -> None:
    rows = [(f"1.{n} Section", str(n * n)) for n in range(1, 7)]
    contents = lines_of(rows, (0, 400))
    assert find_regions(contents, RulingLines())[0] == []
    assert len(find_regions(contents, RulingLines(vertical=(RulingLine(300, -5, 150),)))[0]) == 1
