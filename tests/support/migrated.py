"""Databases with all tables for processes of their own: copies of one that was migrated.

A process takes seconds to migrate an empty database, and a hundred tests want one that is migrated.
"""

from __future__ import annotations

import atexit
import shutil
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from tests.support.app import RunningApp

TEMPLATE = "tablexl_migrated"


def migrate(app: RunningApp) -> None:
    """What `manage.py migrate` makes of no database; one that has tables stays as it is."""
    app.data_dir.mkdir(parents=True, exist_ok=True)
    file = app.data_dir / "tablexl.sqlite3"
    if url := app.environment.get("DATABASE_URL"):
        _copy_on_server(url)
    elif not file.exists():
        shutil.copyfile(_migrated_file(), file)


def _copy_on_server(url: str) -> None:
    with closing(psycopg.connect(url)) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,):
            return
    server, name = url.rsplit("/", 1)
    _make_template(server)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}".encode())


@cache
def _make_template(server: str) -> None:
    """Make a migrated database, once on each server."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}".encode())
    with TemporaryDirectory() as folder:
        app = RunningApp(Path(folder), DATABASE_URL=f"{server}/{TEMPLATE}")
        app.manage("migrate", "--verbosity=0")


@cache
def _migrated_file() -> Path:
    """A migrated SQLite file, made once by each process that runs tests."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    app = RunningApp(Path(folder.name))
    app.manage("migrate", "--verbosity=0")
    with app.database() as database:  # whose end moves what is left beside the file into it
        assert isinstance(database, sqlite3.Connection)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return app.data_dir / "tablexl.sqlite3"
