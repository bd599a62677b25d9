"""What all tests share: data folders of their own, batches to work on, and the running app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from converter.models import Batch
from tests import pile
from tests.app import RunningApp


@pytest.fixture(autouse=True)
def _own_data(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.FILE_UPLOAD_TEMP_DIR = settings.DATA_DIR / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True)


@pytest.fixture
def make_batch(db) -> Callable[..., Batch]:
    """Makes a draft with as many images as asked for, whose files are there."""
    return pile.draft


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The whole app as `make run` starts it, on a free port, with data of its own."""
    with RunningApp(tmp_path_factory.mktemp("app")) as running:
        running.wait_until_ready()
        yield running
