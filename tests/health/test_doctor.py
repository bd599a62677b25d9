"""The doctor's checks: each names what is wrong, and what to do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from converter.batches import lifecycle
from converter.core.engines.local.networks import model_files
from converter.core.engines.trial import Trial, make_trial
from converter.core.errors import EngineError
from converter.health import doctor
from converter.health.doctor import Finding, State
from converter.maintenance.recovery import Guardian
from converter.models import Batch, WorkerPool
from tests.health.test_status import roomy
from tests.support.model_server import KEY, FakeApi, Play, hang_up, lists, replies, says

__all__ = ["roomy"]


def html(rows) -> str:
    lines = ("".join(f"<td>{text}</td>" for text in row) for row in rows)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


@pytest.fixture
def trial(monkeypatch) -> Trial:
    """The picture that will be sent."""
    made = make_trial(random.Random(3))
    monkeypatch.setattr(doctor, "make_trial", lambda: made)
    return made


@pytest.fixture
def api(settings, monkeypatch, trial) -> Iterator[FakeApi]:
    """A server that reads the picture."""
    monkeypatch.setattr(
        "converter.core.engines.openai_compatible.client.random.uniform", lambda *_: 0
    )
    with FakeApi(usual=says(html(trial.rows))) as api:
        settings.OLMOCR_API_KEY, settings.OLMOCR_API_BASE_URL = KEY, api.url
        settings.OLMOCR_MODEL = "test/vision-1"
        yield api


def asked() -> dict[str, Finding]:
    found = {finding.name: finding for finding in doctor.ask_server()}
    assert KEY not in str(found)
    return found


def states(found: dict[str, Finding]) -> dict[str, str]:
    return {name: str(finding.state) for name, finding in found.items()}


def test_a_server_that_reads_the_picture_is_well(api):
    found = asked()
    assert states(found) == {"API": "ok", "Model": "ok", "Key": "ok", "Reading": "ok"}
    assert "read 20 of 20 cells (test/vision-1," in found["Reading"].message
    assert "1,050 tokens, $0.0005" in found["Reading"].message
    assert api.picture().size[0] > 700


def test_a_server_that_answers_without_having_looked_is_found_out(api):
    api.usual = says("<table><tr><td>Name</td><td>12.50</td></tr></table>")
    finding = asked()["Reading"]
    assert finding.state is State.FAILED
    assert "not one number of the picture" in finding.message
    assert "does not look at pictures" in finding.advice


def test_a_wrong_figure_is_told_with_its_place(api, trial):
    rows = [list(row) for row in trial.rows]
    rows[1][2] = "0.0"
    api.usual = says(html(rows))
    finding = asked()["Reading"]
    assert finding.state is State.FAILED
    assert (
        f"misread 1 of 20 cells: row 2, column 3 is “{trial.rows[1][2]}”, not “0.0”"
        in finding.message
    )


def test_another_model_that_answers_is_noticed(api, settings):
    settings.OLMOCR_MODEL = "allenai/olmOCR-2-7B-1025"
    api.list = lists("google/gemma-4", "allenai/olmOCR-2-7B-1127")
    found = asked()
    assert states(found) == {"API": "ok", "Model": "warning", "Key": "ok", "Reading": "warning"}
    assert "such as: allenai/olmOCR-2-7B-1127." in found["Model"].advice
    assert "withdrawn" in found["Reading"].advice


@pytest.mark.parametrize("listed", ["TEST/vision-1", "test/vision-1:latest"])
def test_a_name_is_the_same_in_other_letters_and_with_its_tag(api, listed):
    api.list = lists(listed)
    assert asked()["Model"].state is State.OK


def test_a_server_without_a_list_is_judged_by_its_reading(api):
    api.list = replies(404, b"")
    assert states(asked()) == {"API": "ok", "Model": "ok", "Key": "ok", "Reading": "ok"}


def test_a_server_that_tells_no_price(api, trial):
    api.usual = says(html(trial.rows), usage={"prompt_tokens": 9, "completion_tokens": 1})
    assert "10 tokens, no price told" in asked()["Reading"].message


@pytest.mark.parametrize(
    ("play", "blamed", "code"),
    [
        (replies(401, {"error": {"message": f"Incorrect API key: {KEY}"}}), "Key", "bad_key"),
        (replies(402, {"error": "Payment required"}), "Key", "no_credit"),
        (replies(404, {"error": {"message": "model_not_found"}}), "Model", "no_such_model"),
        (replies(400, {"error": {"message": "no images please"}}), "Reading", "request_refused"),
        (replies(500, b"oops"), "API", "server_failed"),
        (hang_up, "API", "server_unreachable"),
    ],
)
def test_what_is_refused_is_blamed_on_what_is_wrong(api, play: Play, blamed, code):
    api.usual = play
    finding = asked()[blamed]
    assert (finding.state, finding.message) == (State.FAILED, code)
    assert finding.advice


def test_a_key_that_the_list_refuses_costs_no_picture(api):
    api.list = replies(403, {"detail": {"error": "Forbidden"}})
    assert states(asked()) == {"Key": "failed"}
    assert api.requests == []


def test_answers_that_were_paid_for_nothing_are_told(api):
    api.usual = says("")
    assert asked()["Reading"].message == "answer_empty; 4,200 tokens were paid"


def test_a_key_may_not_be_needed(api, settings):
    settings.OLMOCR_API_KEY, settings.ENGINE = "", "remote"
    assert asked()["Key"].message == "none is needed"


def test_without_an_api_nothing_is_asked(settings):
    settings.OLMOCR_API_KEY, settings.ENGINE = "", "auto"
    assert states(asked()) == {"API": "off"}


def machine() -> dict[str, Finding]:
    return {finding.name: finding for finding in doctor.check_machine(thorough=False)}


@pytest.mark.django_db
def test_a_machine_that_is_well(roomy):
    Guardian().report(workers=2, busy=0, memory=1)
    found = machine()
    assert set(states(found).values()) == {"ok"}
    assert list(found) == ["Database", "Queue", "Storage", "Memory", "Local engine"]
    assert WorkerPool.objects.count() == 1  # the test of the database leaves nothing behind


@pytest.mark.django_db
def test_what_waits_is_told_with_its_time(make_batch):
    Guardian().report(workers=1, busy=1, memory=1)
    lifecycle.start(make_batch(images=2))
    Batch.objects.update(started=timezone.now() - timedelta(seconds=75))
    message = machine()["Queue"].message
    assert message.startswith(
        "1 worker, 1 at work; 2 images waiting, 0 being read; the oldest batch"
    )
    assert int(message.split()[-2]) >= 75


@pytest.mark.django_db
def test_no_worker_fails_and_says_how_to_start_one():
    assert machine()["Queue"].state is State.FAILED
    assert "manage.py worker" in machine()["Queue"].advice


@pytest.mark.django_db
def test_a_database_that_is_not_up_to_date_fails():
    MigrationRecorder.Migration.objects.filter(app="converter").last().delete()
    finding = doctor.check_database()
    assert (finding.state, finding.advice) == (State.FAILED, "Run manage.py migrate.")


@pytest.mark.django_db
def test_a_database_that_is_gone_fails():
    def refuse(*_: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(refuse):
        found = {finding.name: finding.state for finding in doctor.check_machine(thorough=False)}
    assert found["Database"] is State.FAILED
    assert "Queue" not in found


@pytest.mark.django_db
def test_models_that_are_missing_are_named(monkeypatch):
    monkeypatch.setattr(model_files, "find_spec", lambda _name: None)
    assert model_files.DETECTOR in machine()["Local engine"].message


def test_the_local_engine_reads_the_picture():
    finding = doctor.try_local_engine()
    assert finding.state is State.OK
    assert finding.message.startswith("read 20 of 20 cells (PP-OCRv6")


def test_a_local_engine_that_cannot_be_made_fails(monkeypatch):
    def fail(*_: object) -> None:
        raise EngineError("engine_unavailable", "No models.", permanent=True)

    monkeypatch.setattr(doctor, "make_engine", fail)
    finding = doctor.try_local_engine()
    assert finding.state is State.FAILED
    assert "No models." in finding.message
