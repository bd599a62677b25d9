"""One image's way through a shift, with engines that answer, fail, or have a defect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DataError
from django.utils import timezone
from django_q.models import OrmQ

from converter import tasks
from converter.batches import claims, lifecycle
from converter.core.errors import EngineError, ImageError
from converter.models import Batch, BatchImage, BatchState, ImageState, Result
from converter.reading import pipeline, worker_loop
from converter.storage import layout
from converter.workers import queue
from tests.support.engines import ScriptedEngine
from tests.support.pictures import png

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def use_engine(monkeypatch) -> Iterator[object]:
    def use(engine: ScriptedEngine) -> ScriptedEngine:
        monkeypatch.setattr(pipeline, "make_engine", lambda _name: engine)
        pipeline.engine.cache_clear()
        return engine

    yield use
    pipeline.engine.cache_clear()


@pytest.fixture
def started(make_batch):
    batch = make_batch(images=3)
    lifecycle.start(batch)
    OrmQ.objects.all().delete()
    return batch


def fail_on(name: str, error: Exception) -> ScriptedEngine:
    def script(image):
        if image.name == name:
            raise error

    return ScriptedEngine(script)


def work(batch: Batch) -> Batch:
    worker_loop.work()
    batch.refresh_from_db()
    return batch


def test_a_shift_reads_all_images_and_settles_the_batch(started, use_engine):
    use_engine(ScriptedEngine())
    assert work(started).state == BatchState.DONE
    texts = [result.to_reading().tables[0].cells[0].text for result in Result.objects.all()]
    assert texts == ["picture 0.png", "picture 1.png", "picture 2.png"]


def test_a_shift_calls_another_worker_while_images_wait_and_only_then(make_batch, use_engine):
    use_engine(ScriptedEngine())
    lifecycle.start(make_batch(images=1))
    OrmQ.objects.all().delete()
    worker_loop.work()
    assert OrmQ.objects.count() == 0
    lifecycle.start(make_batch(images=5))
    OrmQ.objects.all().delete()
    worker_loop.work()
    assert OrmQ.objects.count() == 1


def test_the_engine_is_made_once(started, monkeypatch):
    made = []
    monkeypatch.setattr(pipeline, "make_engine", lambda name: made.append(name) or ScriptedEngine())
    pipeline.engine.cache_clear()
    work(started)
    assert made == ["local"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (EngineError("engine_failed", "No.", permanent=True), "engine_failed"),
        (ImageError("damaged_image", "Broken."), "damaged_image"),
    ],
)
def test_a_permanent_failure_ends_one_image_and_sets_its_file_aside(
    started, use_engine, error, code
):
    use_engine(fail_on("picture 1.png", error))
    assert work(started).state == BatchState.PARTIAL
    image = started.images.get(state=ImageState.FAILED)
    assert (image.name, image.error_code) == ("picture 1.png", code)
    assert layout.image_path(image).parent.name == layout.ERRORS


def test_a_defect_of_ours_is_tried_again_and_then_fails_with_a_reason(
    started, use_engine, monkeypatch
):
    monkeypatch.setattr(claims, "BACKOFF_SECONDS", 0)
    use_engine(fail_on("picture 0.png", ZeroDivisionError("secret detail")))
    assert work(started).state == BatchState.PARTIAL
    image = started.images.get(state=ImageState.FAILED)
    assert (image.attempts, image.error_code) == (3, "unexpected")
    assert "secret detail" not in image.error


def test_an_image_whose_file_is_gone_fails_alone(started, use_engine):
    use_engine(ScriptedEngine())
    layout.discard_file(started.images.get(position=2))
    assert work(started).state == BatchState.PARTIAL
    assert started.images.get(position=2).error_code == "file_missing"


def test_a_shift_whose_time_is_over_wakes_another(started, use_engine, settings):
    settings.SHIFT_SECONDS = 0
    use_engine(ScriptedEngine())
    tasks.work()
    started.refresh_from_db()
    assert (started.done, OrmQ.objects.count()) == (0, 1)
    assert OrmQ.objects.get().func() == queue.WORK


def test_a_shift_that_is_told_to_stop_ends_after_the_image_at_hand(
    started, use_engine, monkeypatch
):
    use_engine(ScriptedEngine(lambda _: monkeypatch.setattr(queue, "is_stopping", lambda: True)))
    work(started)
    assert (started.done, OrmQ.objects.count()) == (1, 1)


def test_a_shift_for_a_batch_that_is_gone_or_settled_does_nothing(started, use_engine):
    engine = use_engine(ScriptedEngine())
    lifecycle.cancel(started)
    work(started)
    lifecycle.delete(started)
    worker_loop.work()
    assert engine.requests == []


def test_a_cancel_ends_the_shift(started, use_engine):
    use_engine(ScriptedEngine(lambda _: lifecycle.cancel(started)))
    assert work(started).state == BatchState.CANCELLED
    assert (started.done, started.cancelled) == (1, 2)


def test_fields_mode_asks_for_the_fields_of_the_batch(make_batch, use_engine):
    engine = use_engine(ScriptedEngine())
    batch = make_batch(images=1, mode="fields", fields=[{"name": "Surname"}])
    lifecycle.start(batch)
    work(batch)
    assert [field.name for field in engine.requests[0].fields] == ["Surname"]


def test_a_file_is_read_without_a_database(tmp_path, use_engine):
    use_engine(ScriptedEngine())
    path = tmp_path / "picture.png"
    path.write_bytes(png())
    request = pipeline.ReadRequest()
    [(name, reading)] = pipeline.read_file(path, "local", request)
    assert (name, reading.tables[0].cells[0].text) == ("picture.png", "picture.png")


def test_a_file_that_the_api_does_not_read_is_read_by_the_local_engine_and_marked(
    tmp_path, monkeypatch, settings
):
    settings.OLMOCR_API_KEY = "sk-1234567890"
    refused = EngineError("bad_key", "Check it.", permanent=True)
    engines = {"remote": fail_on("picture.png", refused), "local": ScriptedEngine()}
    monkeypatch.setattr(pipeline, "make_engine", lambda name, *_: engines[name])
    pipeline.engine.cache_clear()
    path = tmp_path / "picture.png"
    path.write_bytes(png())
    [(_, reading)] = pipeline.read_file(path, "auto", pipeline.ReadRequest())
    pipeline.engine.cache_clear()
    assert reading.instead_of == "bad_key: Check it."
    assert reading.tables


def test_an_image_that_waits_for_its_next_try_is_left_for_later(started, use_engine):
    use_engine(ScriptedEngine())
    later = timezone.now() + timedelta(hours=1)
    started.images.filter(position=0).update(not_before=later)
    assert work(started).state == BatchState.RUNNING
    assert started.done == 2


def test_batches_share_a_shift(make_batch, use_engine):
    engine = use_engine(ScriptedEngine())
    large, small = make_batch(images=6), make_batch(images=2)
    lifecycle.start(large)
    engine.script = lambda _: small.state == BatchState.DRAFT and lifecycle.start(small)
    worker_loop.work()
    order = BatchImage.objects.order_by("settled").values_list("batch", flat=True)
    assert [batch == small.pk for batch in order].index(True) == 1
    assert list(order)[3] == small.pk


def test_a_picture_that_a_person_turned_is_read_that_way_round(make_batch, use_engine):
    seen = []
    use_engine(ScriptedEngine(lambda image: seen.append((image.width, image.height))))
    batch = make_batch(images=1)
    batch.images.update(turn=90)
    lifecycle.start(batch)
    worker_loop.work()
    assert seen == [(48, 64)]
    assert Result.objects.get().to_reading().turned == 90


def test_a_file_that_is_moved_at_that_moment_is_looked_for_again(started, use_engine, monkeypatch):
    use_engine(ScriptedEngine())
    misses = [ImageError("file_missing", "It is on its way.")]
    find = layout.local_file

    def miss_once(image):
        if misses:
            raise misses.pop()
        return find(image)

    monkeypatch.setattr(layout, "local_file", miss_once)
    assert work(started).state == BatchState.DONE


def test_files_that_cannot_be_moved_are_read_where_they_are(started, use_engine, monkeypatch):
    use_engine(ScriptedEngine())

    def refuse(_batch):
        raise PermissionError

    monkeypatch.setattr(layout, "settle_folder", refuse)
    assert work(started).state == BatchState.DONE


def test_a_result_that_cannot_be_stored_fails_with_a_reason(started, use_engine, monkeypatch):
    use_engine(ScriptedEngine())
    monkeypatch.setattr(claims, "BACKOFF_SECONDS", 0)

    def refuse(*_args):
        raise DataError

    monkeypatch.setattr(claims, "finish", refuse)
    assert work(started).state == BatchState.FAILED
    assert set(started.images.values_list("error_code", flat=True)) == {"unexpected"}


@pytest.mark.parametrize("nonsense", [None, "a text", ()])
def test_an_engine_that_returns_no_reading_fails_the_image_at_once(started, use_engine, nonsense):
    engine = ScriptedEngine()
    engine.read = lambda *_: nonsense
    use_engine(engine)
    assert pipeline.begin(claims.claim_next(started)) is None
    image = started.images.get(position=0)
    assert (image.state, image.error_code) == (ImageState.WAITING, "unexpected")
