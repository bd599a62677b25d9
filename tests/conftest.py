"""What all tests share: data folders of their own, batches to work on, and the running app."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from converter.models import Batch
from converter.storage import layout
from tests.support import batch_factory, postgresql, s3
from tests.support.app import RunningApp
from tests.support.migrated import migrate
from tests.support.postgresql import PostgresServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or "db" in fixtures:
            item.add_marker(pytest.mark.database)
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.intensive)


@pytest.fixture(autouse=True)
def _own_data(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.FILE_UPLOAD_TEMP_DIR = settings.DATA_DIR / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True)
    settings.UPLOAD_WAIT_SECONDS = 120  # on a busy machine, too, an upload is answered at once


@pytest.fixture
def make_batch(db) -> Callable[..., Batch]:
    """Makes a draft with as many images as asked for, whose files are there."""
    return batch_factory.draft


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The whole app as `make run` starts it, on a free port, with data of its own."""
    app = RunningApp(tmp_path_factory.mktemp("app"))
    migrate(app)
    with app:
        app.wait_until_ready()
        yield app


@pytest.fixture(scope="session")
def object_store_server() -> Iterator[s3.Bucket]:
    with s3.running() as bucket:
        yield bucket
        layout._object_store.cache_clear()
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


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresServer]:
    programs = postgresql.find_programs()
    if programs is None:
        complain = pytest.fail if os.environ.get("CI") else pytest.skip
        complain(postgresql.MISSING)
    with PostgresServer(programs) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind, for processes of their own; "" is SQLite in DATA_DIR."""
    if request.param == "sqlite":
        return ""
    return request.getfixturevalue("postgresql_server").new_database()
