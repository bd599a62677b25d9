"""The API is tried against its own description, by a tool that knows nothing else of it."""

from __future__ import annotations

import pytest

from tests.api.fuzz.running import FuzzedApp

pytestmark = pytest.mark.process

ALL = 25  # calls, of which there are more
CASES = 100


def test_every_answer_is_as_the_document_says(tmp_path):
    """A short form of `make api-fuzz`, which also tries the limits of every value."""
    with FuzzedApp(tmp_path / "app", "key") as app:
        app.wait_until_ready()
        phases = ("--phases", "examples,fuzzing,stateful", "--seed", "1")
        outcome = app.fuzz(*phases, fuzzing=3, stateful=10)
    assert not outcome.failed, outcome.told
    assert outcome.cases >= CASES, outcome.summary
    assert len(outcome.operations) >= ALL, outcome.summary
