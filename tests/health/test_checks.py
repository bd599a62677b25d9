"""Each system check finds its fault, and finds nothing in the defaults."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata

import pytest
from django.core.checks import run_checks

from converter.health import checks
from tests.support.app import ROOT

pytestmark = pytest.mark.usefixtures("served")


@pytest.fixture
def served(settings) -> None:
    settings.SECRET_KEY_IS_SET = True


def found() -> list[str | None]:
    messages = run_checks()
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_the_defaults_pass():
    assert found() == []


def test_serving_without_a_secret_key_is_refused(settings):
    settings.SECRET_KEY_IS_SET = False
    assert found() == ["tablexl.E001"]
    settings.DEBUG = True
    assert found() == []


def test_a_folder_that_cannot_be_written_is_named(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file"
    assert "tablexl.E002" in found()


def test_a_retry_within_the_timeout_is_refused(settings):
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"retry": settings.Q_CLUSTER["timeout"]}
    assert found() == ["tablexl.E003"]


def test_a_claim_that_ends_before_it_is_renewed_is_refused(settings):
    settings.CLAIM_SECONDS = 10
    assert found() == ["tablexl.E004"]


def test_a_task_shorter_than_a_shift_with_a_slow_image_is_refused(settings):
    settings.IMAGE_TIMEOUT_SECONDS = settings.Q_CLUSTER["timeout"]
    assert found() == ["tablexl.E005"]


def test_an_unknown_engine_is_refused(settings):
    settings.ENGINE = "magic"
    assert found() == ["tablexl.E006"]


@pytest.mark.parametrize(("name", "module"), checks.OVERRIDDEN.items())
def test_another_version_of_what_is_overridden_is_noticed(monkeypatch, name, module):
    assert (ROOT / module).exists()
    monkeypatch.setattr(
        checks, "version", lambda asked: "99.0" if asked == name else metadata.version(asked)
    )
    [warning] = run_checks()
    assert warning.id == "tablexl.W007"
    assert f"{name} is 99.0; {metadata.version(name)} is what was tested" in warning.msg
    assert module in warning.hint


@pytest.mark.parametrize(
    ("public", "found_ids"),
    [
        ({}, []),
        ({"ALLOWED_HOSTS": ["localhost", "tables.example.org"]}, ["tablexl.W008"]),
        ({"PUBLIC_URL": "https://tables.example.org"}, ["tablexl.W008"]),
        ({"HOST": "0.0.0.0"}, ["tablexl.W008"]),
        ({"HOST": "0.0.0.0", "REQUIRE_LOGIN": True}, []),
        ({"HOST": "0.0.0.0", "REMOTE_DAILY_LIMIT": 100}, []),
        ({"HOST": "0.0.0.0", "OLMOCR_API_KEY": ""}, []),
    ],
)
def test_a_key_that_everybody_may_spend_is_noticed(settings, public, found_ids):
    for name, value in ({"OLMOCR_API_KEY": "sk-1"} | public).items():
        setattr(settings, name, value)
    assert found() == found_ids


def test_check_deploy_finds_nothing_in_the_settings_of_production(tmp_path):
    production = {
        "SECRET_KEY": "9f" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "DATA_DIR": str(tmp_path),
        "ALLOWED_HOSTS": "tables.example.org",
        "HTTPS_ONLY": "true",
        "REQUIRE_LOGIN": "true",
        "DEBUG": "false",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        check=False,
        cwd=ROOT,
        env=os.environ | production,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues (2 silenced)" in done.stdout
