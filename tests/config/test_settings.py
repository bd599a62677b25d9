"""Settings come from the environment; a wrong one is one clear line; all stand in the docs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from tests.support.app import ROOT

SHOW = "import json; from tablexl import settings as s; print(json.dumps(s.{}, default=str))"


def value_of(name: str, **environment: str) -> object:
    done = subprocess.run(
        [sys.executable, "-c", SHOW.format(name)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("given", "size"), [("1000", 1000), ("20MB", 20 << 20), ("1 gb", 1 << 30), ("3b", 3)]
)
def test_sizes_are_bytes_or_have_a_unit(given, size):
    assert value_of("MAX_FILE_SIZE", MAX_FILE_SIZE=given) == size


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_FILE_SIZE", "big"),
        ("WORKERS", "0"),
        ("PORT", "x"),
        ("OLMOCR_API_BASE_URL", "api.deepinfra.com"),
        ("OLMOCR_API_KEY", "s\u00e9same"),
        ("REMOTE_CONCURRENCY", "0"),
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "foo"),
        ("DATABASE_URL", "postgres://me@db:abc/x"),
        ("FILE_RETENTION_HOURS", "a week"),
        ("FILE_RETENTION_HOURS", "-1"),
        ("STORAGE_URL", "https://bucket"),
        ("STORAGE_URL", "s3:///prefix"),
        ("STORAGE_URL", "s3://bucket?host=x"),
        ("STORAGE_URL", "s3://bucket?x"),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_line_that_names_it(name, value):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()
    assert name in line


def test_a_kept_secret_key_is_used_unless_one_is_given(tmp_path):
    (tmp_path / "secret_key").write_text("kept\n")
    assert value_of("SECRET_KEY", DATA_DIR=str(tmp_path)) == "kept"
    assert value_of("SECRET_KEY", DATA_DIR=str(tmp_path), SECRET_KEY="given") == "given"


def test_sqlite_is_set_up_for_several_writers(tmp_path):
    options = value_of("DATABASES", DATA_DIR=str(tmp_path))["default"]["OPTIONS"]  # type: ignore[index]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


def test_postgresql_is_one_setting_away():
    database = value_of("DATABASES", DATABASE_URL="postgres://me@db:5432/tablexl")["default"]  # type: ignore[index]
    assert (database["ENGINE"], database["HOST"]) == ("django.db.backends.postgresql", "db")
    assert "transaction_mode" not in database.get("OPTIONS", {})


@pytest.mark.parametrize(("given", "hours"), [("", 0), ("0", 0), (" 48 ", 48)])
def test_nothing_is_deleted_by_itself_unless_hours_are_given(given, hours):
    assert value_of("FILE_RETENTION_HOURS", FILE_RETENTION_HOURS=given) == hours


def test_object_storage_is_one_setting_away():
    assert value_of("OBJECT_STORE") == {}
    given = "s3://pictures/a/b/?endpoint=https://t3.example.org&region=auto"
    assert value_of("OBJECT_STORE", STORAGE_URL=given) == {
        "bucket": "pictures",
        "prefix": "a/b",
        "endpoint": "https://t3.example.org",
        "region": "auto",
    }


def test_every_setting_has_a_heading_in_the_docs_and_the_reverse():
    source = (ROOT / "tablexl" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    docs = (ROOT / "docs/settings.md").read_text()
    headings = set(re.findall(r"^### `([A-Z_]+)`", docs, re.MULTILINE))
    assert headings == read


def test_a_host_behind_tls_may_post_forms():
    given = {"ALLOWED_HOSTS": "tables.example.org, .example.com,"}
    origins = value_of("CSRF_TRUSTED_ORIGINS", **given)
    assert origins == ["https://tables.example.org", "https://*.example.com"]


def test_railway_is_recognised_with_and_without_a_public_domain():
    alone = value_of("ALLOWED_HOSTS", RAILWAY_ENVIRONMENT_NAME="production")
    assert "healthcheck.railway.app" in alone
    assert "" not in alone
    given = {"RAILWAY_ENVIRONMENT_NAME": "production", "RAILWAY_PUBLIC_DOMAIN": "x.up.railway.app"}
    assert "x.up.railway.app" in value_of("ALLOWED_HOSTS", **given)


@pytest.mark.parametrize("command", ["check", "migrate"])
def test_a_data_folder_that_is_not_there_yet_is_made(tmp_path, command):
    # Django's own checks come in no certain order, so one try proves little.
    for attempt in range(4):
        environment = {"DATA_DIR": str(tmp_path / f"new {attempt} #%20"), "SECRET_KEY": "x"}
        subprocess.run(
            [sys.executable, "manage.py", command],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
        )
