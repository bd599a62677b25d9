"""Migrations that change rows or names: what was stored before them is still there after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from converter.accounts import idempotency, rate_limits
from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue
from converter.core.tables.edits import SetText
from converter.fields import corrections
from converter.models import Batch, RateLimitUsage, SearchText, StoredResponse
from converter.review import finding, trail
from tests.review.piles import ME, doubtful, image_of, pile

BEFORE = ("converter", "0012_imports")


@pytest.fixture
def at_0012(transactional_db) -> Iterator[Apps]:
    """The models as of migration 0012, in a database that was taken back to it."""
    MigrationExecutor(connection).migrate([BEFORE])
    yield MigrationExecutor(connection).loader.project_state([BEFORE]).apps
    call_command("migrate", verbosity=0)


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_renaming_keeps_rate_limits_and_stored_responses(at_0012):
    limit = rate_limits.of_starts()
    at_0012.get_model("converter", "Allowance").objects.create(
        client="starts user 1", began=2_000_000_000.0, used=7
    )
    at_0012.get_model("converter", "KeptAnswer").objects.create(
        client="user 1", key="k", fingerprint="f", status=202, content="{}"
    )
    call_command("migrate", verbosity=0)
    assert RateLimitUsage.objects.get().used == 7
    assert rate_limits.record("user 1", limit, now=2_000_000_001.0).used == 8
    call, is_new = idempotency.begin(["user 1"], "k", "f")
    assert (call.status, call.content, is_new) == (202, "{}", False)
    assert StoredResponse.objects.count() == 1


def test_what_was_read_before_is_indexed(transactional_db):
    tables = doubtful(2)
    trail.make(image_of(tables), [SetText(table=0, row=2, col=0, text="Yew")], ME)
    readings = (Reading("m", fields=(FieldValue("Surname", name),)) for name in ("0ak", "Ash"))
    named = {"fields": [{"name": "Surname"}], "pairing": "alternating"}
    cards = pile(*readings, mode="fields", **named)
    corrections.correct(image_of(cards, 1), "Surname", "Oak", ME.owner)
    before = {tuple(row) for row in SearchText.objects.values_list()}
    assert len(before) == 4
    MigrationExecutor(connection).migrate([("converter", "0022_steps_of_corrections")])
    call_command("migrate", verbosity=0)
    assert {tuple(row) for row in SearchText.objects.values_list()} == before
    assert finding.images_with("yew", Batch.objects.all()).get() == image_of(tables)
