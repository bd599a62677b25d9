"""Rendered pages as the engine finds them, with the truth of each piece of print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from tests.bench.rendered.families import all_families
from tests.bench.rendered.page import RenderedPage, Renderer, running
from tests.bench.rendered.tables import Supply
from tests.bench.structure.augmentation import varied
from tests.bench.structure.fitting import table_signs
from tests.bench.structure.pages import is_upright
from tests.bench.structure.recording import OUTSIDE, Evidence, Labels, Recorder
from tests.bench.structure.word_gaps import gaps_of
from tests.browser.conftest import find_chromium

pytestmark = pytest.mark.browser
HTML = """<style>body {{margin: 20px; width: 600px; font: 18px sans-serif}}
table {{border-collapse: collapse}} td {{padding: 4px 30px; {rules}}}</style>
<body><div data-role="title">Shops by region</div><table data-table>
<tr><td data-header data-cell="0 0 1 1">Country</td>
<td data-header data-cell="0 1 1 1">Open days</td></tr>
<tr><td data-cell="1 0 1 1">Austria</td><td data-cell="1 1 1 1">117</td></tr>
<tr><td data-cell="2 0 1 1">Finland</td><td data-cell="2 1 1 1"></td></tr></table></body>"""


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with running(find_chromium()) as renderer:
        yield renderer


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder(1)


def recorded(
    renderer: Renderer, recorder: Recorder, rules: str = "", *, recognised: bool = False
) -> tuple[Evidence, Labels]:
    found = recorder.record(renderer.render(HTML.format(rules=rules)), recognised=recognised)
    assert found
    return found


def test_blanks_between_words_are_told_by_what_they_part(renderer, recorder):
    told = Counter(
        (parts, in_table)
        for _, parts, in_table in gaps_of(renderer.render(HTML.format(rules="")), recorder)
    )
    assert told[False, False] == 2  # of the title
    assert told[False, True] == 1  # of "Open days"


@pytest.mark.parametrize("recognised", [False, True])
def test_pieces_have_the_places_of_their_cells(renderer, recorder, recognised):
    evidence, labels = recorded(renderer, recorder, recognised=recognised)
    found = {
        tuple(place.tolist()) if place[0] != OUTSIDE else role
        for place, role in zip(labels.places, labels.roles, strict=True)
    }
    assert found == {
        "title",
        (0, 0, 1, 0, 1, 1),
        (0, 0, 1, 1, 2, 1),
        (0, 1, 2, 0, 1, 0),
        (0, 1, 2, 1, 2, 0),
        (0, 2, 3, 0, 1, 0),
    }
    assert not labels.joined.any()
    assert is_upright(evidence, labels)


def test_empty_cells_of_a_grid_are_pieces_with_a_place(renderer, recorder):
    evidence, labels = recorded(renderer, recorder, "border: 1px solid")
    empty = evidence.texts.index("")
    assert labels.places[empty].tolist() == [0, 2, 3, 1, 2, 0]
    # the closed box around each piece is that of its cell
    assert not np.isnan(evidence.ruled[labels.places[:, 0] == 0]).any()


def test_characters_of_the_truth_are_sometimes_misread(renderer, recorder):
    texts = [recorded(renderer, recorder)[0].texts for _ in range(12)]
    assert len(set(texts)) > 1


@pytest.mark.parametrize("name", ["bank-statement", "two-column-page", "newspaper"])
def test_pages_of_families_are_recorded(renderer, recorder, name):
    rnd = Random(3)
    page: RenderedPage = renderer.render(all_families()[name].make(rnd, Supply(rnd)))
    evidence, labels = recorder.record(page, recognised=False)
    tables = {place[0] for place in labels.places.tolist()} - {OUTSIDE}
    assert tables == set(range(len(page.tables)))
    assert len(evidence) == len(labels.places) == len(labels.roles)


def test_variants_keep_labels_with_their_pieces(renderer, recorder):
    evidence, labels = recorded(renderer, recorder)
    for seed in range(40):
        random = np.random.default_rng(seed)
        changed, kept = varied(evidence, labels, random)
        assert len(changed) == len(changed.boxes) == len(kept.places) == len(kept.roles)
        places = dict(zip(evidence.texts, labels.places.tolist(), strict=True))
        for text, place in zip(changed.texts, kept.places.tolist(), strict=True):
            assert place in [held for whole, held in places.items() if text in whole]


def test_grids_of_recorded_pages_have_signs_and_an_answer(renderer, recorder):
    evidence, labels = recorded(renderer, recorder, "border: 1px solid")
    ((_, is_table),) = table_signs(evidence, labels)
    assert is_table > 0
    nowhere = replace(labels, places=np.where([True] + [False] * 5, OUTSIDE, labels.places))
    ((_, is_table),) = table_signs(evidence, nowhere)
    assert is_table < 0
