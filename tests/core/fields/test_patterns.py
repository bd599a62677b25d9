"""Patterns that people write: what fits, and that none takes long."""

from __future__ import annotations

from converter.core.fields.patterns import fits


def test_all_of_a_value_must_fit():
    assert fits(r"[0-9]{4}\.[0-9]+", "1912.7")
    assert not fits(r"[0-9]{4}\.[0-9]+", "1912.7a")


def test_letters_of_all_scripts_are_letters():
    assert fits(r"\p{Lu}\p{Ll}+", "Ørsted")


def test_a_pattern_that_would_hold_others_up_does_not():
    assert not fits("(a+)+b", "a" * 100_000)
