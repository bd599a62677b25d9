from __future__ import annotations

import pytest

from converter.core.engines.protocol import Reading
from converter.readers import Readers, readers, remote_options


def test_auto_is_the_api_if_there_is_a_key_and_local_stands_in(settings):
    settings.OLMOCR_API_KEY = ""
    assert readers("auto") == Readers("local")
    settings.OLMOCR_API_KEY = "sk-1"
    assert readers("auto") == Readers("remote", "local")


@pytest.mark.parametrize("name", ["local", "remote", "scripted"])
def test_whoever_is_named_reads_alone(settings, name):
    settings.OLMOCR_API_KEY = "sk-1"
    assert readers(name) == Readers(name)


def test_who_read():
    both = Readers("remote", "local")
    assert both.who_read(Reading("m")) == "remote"
    assert both.who_read(Reading("m", instead_of="bad_key: No.")) == "local"


def test_an_image_has_time_for_a_request(settings):
    settings.REMOTE_TIMEOUT_SECONDS, settings.IMAGE_TIMEOUT_SECONDS = 100, 300
    assert remote_options().times.total == 100
    assert remote_options().times.image == 270
    settings.IMAGE_TIMEOUT_SECONDS = 20
    assert remote_options().times.image == 100


def test_the_key_is_not_shown(settings):
    settings.OLMOCR_API_KEY = "sk-1234567890"
    assert "sk-1234567890" not in repr(remote_options())
