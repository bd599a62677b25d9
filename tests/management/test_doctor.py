"""`doctor` says a line for each check, and by its status whether all is well."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from converter.health import doctor
from converter.health.doctor import Finding, State
from tests.support.app import wait_for

WELL = Finding("Database", State.OK, "answers")
ILL = Finding("Key", State.FAILED, "bad_key", "Check OLMOCR_API_KEY.")
ODD = Finding("Model", State.WARNING, "m is none of 3 there", "Set another.")
OFF = Finding("API", State.OFF, "not set up")


@pytest.fixture
def run(monkeypatch):
    def run(*options: str, machine: tuple[Finding, ...] = (), server: tuple[Finding, ...] = ()):
        monkeypatch.setattr(doctor, "check_machine", lambda **_: iter(machine))
        monkeypatch.setattr(doctor, "ask_server", lambda: iter(server))
        out = StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("doctor", *options, stdout=out)
        return left.value.code, out.getvalue().splitlines()

    return run


def test_a_line_for_each_check_with_what_to_do(run):
    assert run(machine=(WELL,), server=(ILL,)) == (
        1,
        ["ok   Database: answers", "FAIL Key: bad_key. Check OLMOCR_API_KEY."],
    )


def test_what_is_odd_or_off_is_no_failure(run):
    status, lines = run(machine=(WELL,), server=(ODD, OFF))
    assert status == 0
    assert lines[1:] == ["look Model: m is none of 3 there. Set another.", "off  API: not set up"]


def test_a_check_has_one_line_whatever_was_raised(run):
    broken = Finding("Local engine", State.FAILED, "cannot be used: no\n  such file")
    assert run(machine=(broken,))[1] == ["FAIL Local engine: cannot be used: no such file"]


def test_the_api_can_be_left_out(run):
    assert run("--no-api", machine=(WELL,), server=(ILL,)) == (0, ["ok   Database: answers"])


@pytest.mark.process
def test_a_running_app_is_well(app):
    """Its workers are there as soon as their guard has told so."""
    wait_for(lambda: app.query("SELECT workers FROM converter_workerpool WHERE workers > 0"), "one")
    said = app.manage("doctor", "--no-api")
    assert "ok   Queue: 1 worker, " in said
    assert "ok   Local engine: read 20 of 20 cells" in said
