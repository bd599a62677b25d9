"""What all tests share: data folders of their own, batches to work on, and the running app."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from converter import storage
from converter.models import Batch
from tests import pile, s3
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


@pytest.fixture(scope="session")
def object_store_server() -> Iterator[s3.Bucket]:
    with s3.running() as bucket:
        yield bucket
        storage._object_store.cache_clear()
        gc.collect()  # closes the connections before the server goes


@pytest.fixture
def bucket(object_store_server, settings, monkeypatch) -> s3.Bucket:
    """An empty bucket that is in use."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "me")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    settings.OBJECT_STORE = {
        "bucket": s3.BUCKET,
        "prefix": "here",
        "endpoint": f"http://127.0.0.1:{object_store_server.port}",
        "region": "eu-west-1",
    }
    server = object_store_server
    server.objects.clear()
    server.asked.clear()
    server.refuse = lambda _verb: False
    return server


@pytest.fixture(params=["disk", "objects"])
def where(request) -> str:
    """Runs a test twice: with files on the disk, and in an object store."""
    if request.param == "objects":
        request.getfixturevalue("bucket")
    return str(request.param)
