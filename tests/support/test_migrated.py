"""Copies of a migrated database: all migrations are in them, and what is there already stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.app import RunningApp
from tests.support.migrated import migrate

INSERT = "INSERT INTO auth_group (name) VALUES ('operators')"


@pytest.mark.process
def test_a_copy_has_all_migrations_and_keeps_its_rows(tmp_path: Path, database_url: str):
    app = RunningApp(tmp_path / "app", DATABASE_URL=database_url)
    migrate(app)
    app.manage("migrate", "--check", "--verbosity=0")
    with app.database() as database:
        database.execute(INSERT)
        database.commit()
    migrate(app)
    assert app.query("SELECT name FROM auth_group") == [("operators",)]
    migrate(another := RunningApp(tmp_path / "another"))
    assert another.query("SELECT name FROM auth_group") == []
