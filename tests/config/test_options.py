from __future__ import annotations

import pytest

from converter.config.options import (
    EngineChoice,
    asks_server,
    choices,
    engine_choice,
    remote_options,
    second_engine,
)
from converter.core.engines.protocol import Reading


def test_auto_is_the_api_if_there_is_a_key_and_local_stands_in(settings):
    settings.OLMOCR_API_KEY = ""
    assert engine_choice("auto") == EngineChoice("local")
    settings.OLMOCR_API_KEY = "sk-1"
    assert engine_choice("auto") == EngineChoice("remote", "local")


@pytest.mark.parametrize("name", ["local", "remote", "scripted"])
def test_whoever_is_named_reads_alone(settings, name):
    settings.OLMOCR_API_KEY = "sk-1"
    assert engine_choice(name) == EngineChoice(name)


def test_who_read():
    both = EngineChoice("remote", "local")
    assert both.engine_of(Reading("m")) == "remote"
    assert both.engine_of(Reading("m", instead_of="bad_key: No.")) == "local"


def test_an_image_has_time_for_a_request(settings):
    settings.REMOTE_TIMEOUT_SECONDS, settings.IMAGE_TIMEOUT_SECONDS = 100, 300
    assert remote_options().times.total == 100
    assert remote_options().times.image == 270
    settings.IMAGE_TIMEOUT_SECONDS = 20
    assert remote_options().times.image == 100


def test_the_key_is_not_shown(settings):
    settings.OLMOCR_API_KEY = "sk-1234567890"
    assert "sk-1234567890" not in repr(remote_options())


def test_the_local_engine_bears_witness_to_what_a_server_read(settings):
    assert second_engine("remote") == "local"
    assert second_engine("local") is None
    settings.TWO_READINGS = False
    assert second_engine("remote") is None


def test_without_a_server_there_is_nothing_to_choose(settings):
    settings.OLMOCR_API_KEY, settings.ENGINE = "", "auto"
    assert not asks_server()
    assert set(choices()) == {(name, "This machine") for name in ("auto", "local", "remote")}


def test_each_choice_says_where_pictures_go(settings):
    settings.OLMOCR_API_KEY = "sk-1234567890"
    settings.OLMOCR_API_BASE_URL, settings.OLMOCR_MODEL = "https://api.example.org/v1", "eyes-1"
    by_name = dict(choices())
    assert by_name["remote"] == "eyes-1 at api.example.org"
    assert by_name["auto"].startswith("eyes-1 at api.example.org, and this machine")
    assert by_name["local"] == "This machine; no picture leaves it"


def test_a_server_of_ones_own_needs_no_key(settings):
    settings.OLMOCR_API_KEY, settings.ENGINE = "", "remote"
    assert asks_server()
    assert [name for name, _ in choices()] == ["local", "remote"]
