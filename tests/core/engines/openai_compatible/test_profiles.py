from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.profiles import (
    DEEPSEEK_OCR,
    GENERAL,
    MINERU,
    OLMOCR_2,
    OLMOCR_2025_08,
    PROFILES,
    TABLE_RECOGNITION,
    ModelProfile,
    profile_for,
)


@pytest.mark.parametrize(
    ("model", "profile"),
    [
        ("allenai/olmOCR-2-7B-1025", OLMOCR_2),
        ("allenai/olmOCR-2-7B-1025-FP8", OLMOCR_2),
        ("allenai/olmOCR-7B-0825", OLMOCR_2025_08),
        ("olmocr-7b-0725-fp8", OLMOCR_2025_08),
        ("google/gemma-4-31B-it", GENERAL),
        ("qwen3-vl:8b", GENERAL),
        ("", GENERAL),
        ("opendatalab/MinerU2.5-2509-1.2B", MINERU),
        ("PaddlePaddle/PaddleOCR-VL", TABLE_RECOGNITION),
        ("zai-org/GLM-OCR", TABLE_RECOGNITION),
        ("deepseek-ai/DeepSeek-OCR", DEEPSEEK_OCR),
    ],
)
def test_a_model_is_known_by_its_id(model: str, profile: ModelProfile) -> None:
    assert profile_for(model) is profile


def test_the_first_that_fits_is_taken_and_general_without_one() -> None:
    special = ModelProfile("special", "^special/", "Read.", 1000)
    assert profile_for("special/one", [special, *PROFILES]) is special
    assert profile_for("other/one", [special]) is GENERAL


def test_olmocr_is_asked_in_the_words_of_its_training() -> None:
    lines = OLMOCR_2.prompt.split("\n")
    assert [len(line) for line in lines] == [200, 168, 187]
    assert "tables to HTML" in lines[0]
    assert OLMOCR_2025_08.prompt.split("\n") == [lines[0].replace("HTML", "markdown"), lines[2]]


def test_profiles_are_asked_for_what_they_can_give() -> None:
    for profile in PROFILES:
        assert 0 < profile.max_tokens <= profile.most_tokens
        assert all(0 <= temperature <= 2 for temperature in profile.temperatures)
        assert "{fields}" in profile.fields_prompt or not profile.fields_prompt
