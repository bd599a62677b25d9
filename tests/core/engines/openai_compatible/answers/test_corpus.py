"""Every answer of the corpus comes out as it says."""

from __future__ import annotations

import pytest

from tests.core.engines.openai_compatible.answers.written import Case, read_corpus, show

CASES = read_corpus()


def test_the_corpus_is_large_and_its_cases_have_names():
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_answer_comes_out_as_written(case: Case):
    assert show(case.parse()) == case.wanted
