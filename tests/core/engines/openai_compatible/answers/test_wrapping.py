"""Fences, thinking and tokens go; what they stand around stays."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.answer import Cut
from converter.core.engines.openai_compatible.answers.wrapping import unwrap


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("```html\nx\n```", "x\n"),
        ("~~~\nx\n~~~\n", "x\n"),
        ("a ``` b", "a ``` b"),
        ("```json{}```", "{}"),
        ("a<think>b</think>c", "ac"),
        ("a<think>b</think>c<think>d</think>e", "ace"),
        ("thought</think>said", "said"),
        ("x<|im_end|>", "x"),
        ("<|im_start|>assistant\nx", "x"),
        ("<|fcel|>x<|nl|>", "<fcel>x<nl>"),
        ("<|ref|>table<|/ref|>", "<|ref|>table<|/ref|>"),
        ("<s>x</s>", "x"),
        ("<s>gone</s> here", "<s>gone</s> here"),
        ("x<end_of_turn>", "x"),
    ],
)
def test_wrapping_is_taken_off(text: str, body: str):
    assert unwrap(text) == (body, frozenset())


def test_thinking_without_end_is_a_cut():
    assert unwrap("a<think>b") == ("a", {Cut.OPEN_THINKING})


def test_token_without_end_is_a_cut():
    assert unwrap("a<|fce") == ("a", {Cut.OPEN_TAG})
