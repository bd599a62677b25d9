"""The drill would notice: each invariant, broken on purpose, is reported."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection

from converter.batches import claims, lifecycle
from converter.models import Batch, BatchImage, Delivery, Result
from converter.storage import layout
from converter.webhooks import sender
from tests.batches.test_lifecycle import work
from tests.drill import invariants
from tests.drill.operator import WEBHOOK
from tests.drill.site import files_below
from tests.drill.visitor import PROGRAM

pytestmark = pytest.mark.django_db(transaction=True)


def ask(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture
def site(settings):
    """This process's own database and files, with a note of each step."""
    is_sqlite = connection.vendor == "sqlite"
    for statement in invariants.statements(is_sqlite=is_sqlite):
        ask(statement)
    files = partial(files_below, settings.DATA_DIR)
    yield SimpleNamespace(query=ask, files=files, has_web=False, is_sqlite=is_sqlite)
    ask("DROP TRIGGER drill_note" + ("" if is_sqlite else " ON converter_batchimage"))
    ask("DROP TABLE drill_step")
    if not is_sqlite:
        ask("DROP FUNCTION drill_note")


@pytest.fixture
def batch(site, make_batch) -> Batch:
    batch = make_batch(images=3, **WEBHOOK)
    lifecycle.start(batch)
    work(batch, failing=(1,))
    sender.deliver()
    return batch


def whatever_their_text(site) -> list[str]:
    """The results of `work` are all alike; the drill's name their image."""
    return [said for said in invariants.broken(site) if "another image" not in said]


def test_a_batch_that_went_well_breaks_nothing(site, batch):
    assert whatever_their_text(site) == []


def lose_a_result(batch):
    Result.objects.first().delete()


def lose_a_file(batch):
    layout.image_path(batch.images.first()).unlink()


def add_a_file(batch):
    (layout.image_path(batch.images.first()).parent / "stray.png").write_bytes(b"")


def miscount(batch):
    Batch.objects.update(total=4)


def settle_twice(batch):
    batch.images.filter(state="done").update(state="failed", error_code="x", error="x")


def stall(batch):
    Batch.objects.update(state="running", settled=None)


def wait_again_and_be_claimed(batch):
    lifecycle.retry_failed(batch)
    claims.claim_next(batch)


def end_well_with_a_failure_forgotten(batch):
    BatchImage.objects.filter(state="failed").delete()


def forget_a_number(batch):
    batch.images.filter(state="failed").update(settlement=None)


def count_too_few_settlements(batch):
    Batch.objects.update(settlements=2)


def give_a_number_again(batch):
    lifecycle.retry_failed(batch)
    Batch.objects.update(settlements=1)
    work(batch)


def keep_the_end_to_oneself(batch):
    Delivery.objects.filter(event="job.partial").delete()


def keep_an_image_to_oneself(batch):
    Delivery.objects.filter(event="image.failed").delete()


def leave_a_message_in_line(batch):
    batch.deliveries.create(event="job.partial", body="{}")


def start_without_an_image(batch):
    batch.images.filter(state="failed").delete()
    Batch.objects.update(name=PROGRAM, state="done", total=2, failed=0)


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (keep_the_end_to_oneself, "the end of a batch was not told"),
        (keep_an_image_to_oneself, "were not told as often"),
        (leave_a_message_in_line, "nobody will send"),
        (lose_a_result, "a result is lost"),
        (lose_a_file, "rows without a file"),
        (add_a_file, "files without a row"),
        (miscount, "the counters differ"),
        (settle_twice, "not settled exactly once"),
        (settle_twice, "a step that there is not"),
        (settle_twice, "an image that is not done"),
        (stall, "a batch is stuck"),
        (wait_again_and_be_claimed, "an image is not settled"),
        (end_well_with_a_failure_forgotten, "the counters differ"),
        (start_without_an_image, "started short"),
        (forget_a_number, "no number"),
        (count_too_few_settlements, "has not given"),
        (give_a_number_again, "have had one number"),
    ],
)
def test_what_is_broken_is_reported(site, batch, tamper, said):
    tamper(batch)
    assert any(said in line for line in whatever_their_text(site)), whatever_their_text(site)


def test_a_result_of_another_image_is_reported(site, batch):
    assert any("another image" in line for line in invariants.broken(site))
