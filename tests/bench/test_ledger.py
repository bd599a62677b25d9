"""What a page tells nowhere is found, whatever the engine's own ledger says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from converter.core.engines.local.pipeline import run
from converter.core.engines.local.stages import Page
from converter.core.engines.local.text.text import TextReader
from tests.bench.ledger import account_of, areas, main
from tests.core.engines.local.printed import Page as Printed
from tests.support.pictures import table_png


@pytest.fixture(scope="module")
def page() -> Page:
    rows = [("Item", "2023", "2022"), ("Sales", "1,250", "980"), ("Costs", "730", "655")]
    drawn = Printed(560, 200).table(rows, (40, 260, 400), 20)
    reader = TextReader()
    return run(reader.read(drawn.pixels), reader).page


def test_all_print_of_a_page_that_is_read_is_told(page: Page) -> None:
    account = account_of(page)
    assert account.area > 1000
    assert account.share == 0


def test_print_of_a_cell_that_is_lost_is_told_nowhere(page: Page) -> None:
    (table,) = page.tables
    kept = [cell for cell in table.cells if cell.text != "1,250"]
    (lost,) = (cell.box for cell in table.cells if cell.text == "1,250" and cell.box)
    account = account_of(replace(page, tables=(replace(table, cells=tuple(kept)),)))
    middles = (account.untold[:, :2] + account.untold[:, 2:]) / 2
    assert 0.05 < account.share < 0.5
    assert (middles > lost[:2]).all()
    assert (middles < lost[2:]).all()
    assert account.share == pytest.approx(areas(account.untold).sum() / account.area)


def test_a_page_of_which_nothing_is_told(page: Page) -> None:
    account = account_of(replace(page, tables=(), told=(), unread=()))
    assert account.share == 1
    assert np.isfinite(account.area)


def test_a_set_is_told_with_its_worst_pictures(tmp_path, capsys) -> None:
    images, truths = tmp_path / "sums" / "images", tmp_path / "sums" / "gt"
    for folder in (images, truths):
        folder.mkdir(parents=True)
    (images / "one.png").write_bytes(table_png([["Item", "Sum"], ["Salt", "12.50"]], ruled=True))
    (truths / "one.html").write_text("<table><tr><td>Item</td></tr></table>", encoding="utf-8")
    main([str(tmp_path / "sums")])
    told = capsys.readouterr().out
    assert "| sums | 1 | 0.000% |" in told
    assert "sums/one: 0 marks" in told
