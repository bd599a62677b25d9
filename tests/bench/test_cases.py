from __future__ import annotations

from tests.bench.cases import draw_cases, read_cases


def test_pictures_without_truth_are_left_out(tmp_path):
    for name in ("images/a.png", "images/b.jpg", "images/c.png", "gt/a.html", "gt/b.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("<table><tr><td>1<td>2</table>", encoding="utf-8")
    cases = read_cases(tmp_path)
    assert [case.name for case in cases] == ["a", "b"]
    assert [leaf.text for leaf in cases[0].truth[0][0]] == ["1", "2"]


def test_drawn_tables_lie_in_the_folder(tmp_path):
    cases = list(draw_cases(tmp_path))
    assert all(case.image.parent == tmp_path and case.image.exists() for case in cases)
    assert {len(case.truth[0]) for case in cases} == {3, 4, 5, 6, 7, 8}
