"""Front matter is found, read and taken off."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.answer import Cut, FrontMatter
from converter.core.engines.openai_compatible.answers.front_matter import (
    read_values,
    split_front_matter,
)


def test_body_begins_below_the_dashes():
    values, body, cuts = split_front_matter("---\nis_table: true\n---\n---\nrest")
    assert (values, body, cuts) == (FrontMatter(is_table=True), "---\nrest", frozenset())


def test_text_without_it_is_all_body():
    assert split_front_matter("Name: Ann\n---\n")[1] == "Name: Ann\n---\n"


@pytest.mark.parametrize("end", range(4, 27))
def test_cut_within_it_leaves_no_body(end: int):
    _, body, cuts = split_front_matter("---\nprimary_language: en\nis_table: true"[:end])
    assert (body, cuts) == ("", {Cut.OPEN_FRONT_MATTER})


@pytest.mark.parametrize("written", ["True", "true", "yes", "'true'", True, 1])
def test_truth_is_read(written: object):
    assert read_values({"is_table": written}).is_table is True


@pytest.mark.parametrize("written", ["False", "NO", "off", '"false"', False, 0])
def test_untruth_is_read(written: object):
    assert read_values({"is_table": written}).is_table is False


@pytest.mark.parametrize("written", ["perhaps", "", None, "[true"])
def test_what_is_neither_is_not_known(written: object):
    assert read_values({"is_table": written}).is_table is None


@pytest.mark.parametrize(
    ("written", "degrees"),
    [("90", 90), (270, 270), ("-90", 270), ("360", 0), ("180.0", 180), ("90 degrees", 90)],
)
def test_turn_is_read(written: object, degrees: int):
    assert read_values({"rotation_correction": written}).rotation_correction == degrees


@pytest.mark.parametrize("written", ["45", "left", "", None, "9999999"])
def test_turn_that_is_none_is_not_known(written: object):
    assert read_values({"rotation_correction": written}).rotation_correction is None


def test_the_language_no_is_a_language():
    assert split_front_matter("---\nprimary_language: no\n---\n")[0].primary_language == "no"
