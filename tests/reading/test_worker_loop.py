"""A shift with many requests in flight: none is lost, none waits for another, and all may stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from converter.batches import claims, lifecycle
from converter.core.engines.local.engine import LocalEngine
from converter.core.engines.openai_compatible.replies import BAD_KEY, SERVER_FAILED, ApiError
from converter.core.engines.protocol import Reading
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue, Mark
from converter.core.tables.doubt import is_doubtful
from converter.core.tables.model import Cell, Table
from converter.models import Batch, BatchState, ImageState, Result
from converter.reading import pipeline, worker_loop
from converter.storage import layout
from converter.workers import queue, shift
from tests.support.engines import ScriptedAsker, ScriptedEngine, ScriptedWitness
from tests.support.pictures import table_png

pytestmark = pytest.mark.django_db(transaction=True)

REFUSED = EngineError("picture_refused", "Refused.", permanent=True, raw="No.\0")

Use = Callable[..., None]


@pytest.fixture
def use(monkeypatch, settings) -> Iterator[Use]:
    """Says which engine asks, and which one reads on this machine."""
    settings.OLMOCR_API_KEY = "sk-1234567890"

    def use(asker: ScriptedAsker, local: ScriptedEngine | None = None) -> None:
        engines = {"remote": asker, "local": local or ScriptedEngine()}
        monkeypatch.setattr(pipeline, "make_engine", lambda name, *_: engines[name])
        pipeline.engine.cache_clear()

    yield use
    pipeline.engine.cache_clear()


@pytest.fixture
def start(make_batch) -> Callable[..., Batch]:
    def start(images: int, engine: str = "remote", **values: object) -> Batch:
        batch = make_batch(images=images, engine=engine, **values)
        lifecycle.start(batch)
        OrmQ.objects.all().delete()
        return batch

    return start


def work(batch: Batch) -> Batch:
    worker_loop.work()
    batch.refresh_from_db()
    return batch


def fail_always(error: Exception) -> ScriptedAsker:
    return fail_on(lambda _name: True, error)


def fail_on(is_hit: Callable[[str], bool], error: Exception) -> ScriptedAsker:
    def script(image):
        if is_hit(image.name):
            raise error

    return ScriptedAsker(script)


def test_many_are_under_way_at_once_and_all_are_stored(start, use, settings):
    settings.REMOTE_CONCURRENCY = 5
    meeting = threading.Barrier(5, timeout=20)
    asker = ScriptedAsker(lambda _: meeting.wait())
    use(asker)
    batch = work(start(20))
    assert (batch.state, batch.done, Result.objects.count()) == (BatchState.DONE, 20, 20)
    assert threading.get_ident() not in asker.threads
    assert (batch.cost, batch.tokens) == (20 * 0.25, 20 * 110)
    assert Result.objects.filter(cost=0.25, tokens=110, asked="scripted").count() == 20


def test_one_slow_answer_holds_up_nobody(start, use, settings, monkeypatch):
    settings.REMOTE_CONCURRENCY = 2
    monkeypatch.setattr(worker_loop, "AHEAD", 0)
    others = threading.Semaphore(0)

    def script(image):
        if image.name == "picture 0.png":
            for _ in range(5):
                assert others.acquire(timeout=20)
        others.release()

    use(ScriptedAsker(script))
    assert work(start(6)).state == BatchState.DONE


def test_an_image_that_this_machine_reads_goes_on_meanwhile(start, use):
    local_was_read = threading.Event()
    asker = ScriptedAsker(lambda _: local_was_read.wait(20) or pytest.fail("held up"))
    use(asker, ScriptedEngine(lambda _: local_was_read.set()))
    remote, local = start(3), start(1, engine="local")
    assert work(remote).state == BatchState.DONE
    local.refresh_from_db()
    assert local.state == BatchState.DONE


def test_a_refused_image_fails_alone_and_keeps_the_answer(start, use):
    use(fail_on(lambda name: name == "picture 1.png", REFUSED))
    batch = work(start(3))
    assert batch.state == BatchState.PARTIAL
    image = batch.images.get(state=ImageState.FAILED)
    assert (image.error_code, image.answer) == ("picture_refused", "No.")
    assert layout.image_path(image).parent.name == layout.ERRORS


def test_with_auto_a_refused_image_is_read_by_this_machine_and_marked(start, use):
    use(fail_on(lambda name: name == "picture 1.png", REFUSED))
    assert work(start(3, engine="auto")).state == BatchState.DONE
    result = Result.objects.get(image__position=1)
    assert (result.engine, result.instead_of) == ("local", "picture_refused: Refused.")
    assert result.fingerprint == ""
    assert set(Result.objects.exclude(pk=result.pk).values_list("engine", flat=True)) == {"remote"}


@pytest.mark.parametrize("engine", ["remote", "auto"])
def test_answers_of_no_use_are_paid_for_too(start, use, engine):
    error = EngineError("answer_truncated", "Cut.", permanent=True, raw="<table>")
    error.cost, error.tokens = 0.5, 4000
    use(fail_always(error))
    batch = work(start(1, engine=engine))
    assert (batch.cost, batch.tokens) == (0.5, 4000)


def test_with_auto_even_a_wrong_key_leaves_a_single_image_read(start, use):
    use(fail_always(ApiError(BAD_KEY)))
    assert work(start(1, engine="auto")).state == BatchState.DONE
    assert Result.objects.get().instead_of.startswith("bad_key: ")


def test_what_goes_wrong_with_the_stand_in_is_the_images_end(start, use):
    local = ScriptedEngine(lambda _: 1 / 0)
    use(fail_always(REFUSED), local)
    batch = work(start(1, engine="auto"))
    assert batch.images.get().error_code == "unexpected"


@pytest.mark.parametrize("engine", ["remote", "auto"])
def test_a_wrong_key_pauses_the_batch_instead_of_failing_it(start, use, settings, engine):
    settings.REMOTE_CONCURRENCY = 10
    asker = fail_always(ApiError(BAD_KEY))
    use(asker)
    batch = work(start(100, engine=engine))
    assert (batch.state, batch.is_paused, batch.pause_code) == ("running", True, "bad_key")
    assert "OLMOCR_API_KEY" in batch.pause_reason
    most = settings.PAUSE_AFTER_FAILURES + settings.REMOTE_CONCURRENCY + worker_loop.AHEAD
    assert len(asker.requests) <= most
    assert batch.failed + batch.done == settings.PAUSE_AFTER_FAILURES - 1
    waiting = batch.images.filter(state=ImageState.WAITING)
    assert set(waiting.values_list("attempts", flat=True)) == {0}
    worker_loop.work()
    assert len(asker.requests) <= most


def test_a_paused_batch_goes_on_with_what_had_failed(start, use):
    use(fail_always(ApiError(BAD_KEY)))
    batch = work(start(30))
    OrmQ.objects.all().delete()
    lifecycle.go_on(batch)
    assert (batch.is_paused, batch.failed, batch.pause_reason) == (False, 0, "")
    assert OrmQ.objects.count() == 1
    use(ScriptedAsker())
    assert work(batch).state == BatchState.DONE
    assert batch.done == 30


def test_a_paused_batch_can_be_read_by_this_machine(start, use):
    use(fail_always(ApiError(SERVER_FAILED)))
    batch = work(start(30))
    lifecycle.go_on(batch, "local")
    assert work(batch).state == BatchState.DONE
    assert set(Result.objects.values_list("engine", flat=True)) == {"local"}


def test_failures_that_are_not_in_a_row_pause_nothing(start, use, monkeypatch, settings):
    monkeypatch.setattr(claims, "BACKOFF_SECONDS", 0)
    monkeypatch.setattr(worker_loop, "AHEAD", 0)
    settings.REMOTE_CONCURRENCY = 1
    numbers = iter(range(1000))
    use(fail_on(lambda _: next(numbers) % 3 == 0, ApiError(SERVER_FAILED)))
    batch = work(start(20))
    assert (batch.done, batch.paused) == (20, None)


def test_another_batch_is_not_paused_with_it(start, use):
    use(fail_always(ApiError(BAD_KEY)))
    paused, other = start(20), start(2, engine="local")
    assert work(paused).is_paused
    other.refresh_from_db()
    assert other.state == BatchState.DONE


def test_a_paused_batch_can_be_cancelled_and_taken_up_again(start, use):
    use(fail_always(ApiError(BAD_KEY)))
    batch = work(start(20))
    lifecycle.cancel(batch)
    assert (batch.state, batch.is_paused) == (BatchState.CANCELLED, False)
    with pytest.raises(lifecycle.BatchError, match="not paused"):
        lifecycle.go_on(batch)
    use(ScriptedAsker())
    lifecycle.resume(batch)
    assert work(batch).done == 20 - batch.failed


def test_a_stop_hands_back_what_is_under_way(start, use, monkeypatch):
    monkeypatch.setattr(shift, "STOP_SECONDS", 0)
    never = threading.Event()

    def script(_image):
        monkeypatch.setattr(queue, "is_stopping", lambda: True)
        never.wait(20)

    use(ScriptedAsker(script))
    batch = work(start(3))
    never.set()
    assert set(batch.images.values_list("state", "attempts")) == {("waiting", 0)}
    assert OrmQ.objects.count() == 1


def test_what_is_still_not_sent_at_the_end_is_handed_back(start, use, settings):
    settings.SHIFT_SECONDS = settings.REMOTE_SHIFT_SECONDS = 1
    settings.IMAGE_TIMEOUT_SECONDS = 0
    never = threading.Event()
    use(ScriptedAsker(lambda _: never.wait(20)))
    batch = work(start(2))
    never.set()
    assert set(batch.images.values_list("state", "attempts")) == {("waiting", 0)}
    assert OrmQ.objects.count() == 1


def test_an_answer_to_a_cancelled_batch_is_not_waited_for(start, use, monkeypatch):
    monkeypatch.setattr(worker_loop, "UNWANTED_SECONDS", 0)
    monkeypatch.setattr(shift, "CARE_SECONDS", 0)
    never, asked = threading.Event(), threading.Event()
    batch = start(2)

    def cancel() -> bool:
        return asked.is_set() and batch.state == "queued" and lifecycle.cancel(batch) and False

    use(ScriptedAsker(lambda _: asked.set() or never.wait(20)))
    monkeypatch.setattr(queue, "is_stopping", cancel)
    worker_loop.work()
    never.set()
    assert set(batch.images.values_list("state", flat=True)) == {ImageState.CANCELLED}


def test_claims_of_what_is_under_way_are_renewed(start, use, monkeypatch, settings):
    monkeypatch.setattr(shift, "CARE_SECONDS", 0)
    batch = start(1)
    renewed = threading.Event()

    def soon_over(_image):
        assert renewed.wait(20)

    def renew(holders):
        renewed.set()
        return set(holders)

    use(ScriptedAsker(soon_over))
    monkeypatch.setattr(claims, "renew", renew)
    assert work(batch).state == BatchState.DONE
    assert batch.settled <= timezone.now()


def test_words_are_read_here_while_the_answers_are_under_way(start, use):
    eyes = ScriptedWitness()
    all_seen = threading.Event()
    eyes.script = lambda _: len(eyes.seen) == 3 and all_seen.set()
    use(ScriptedAsker(lambda _: all_seen.wait(20) or pytest.fail("read too late")), eyes)
    assert work(start(3)).state == BatchState.DONE
    assert (len(eyes.seen), eyes.threads) == (3, {threading.get_ident()})
    for result in Result.objects.all():
        reading = result.to_reading()
        assert (reading.second, result.doubtful, result.engine) == ("eyes", 0, "remote")
        assert reading.tables[0].cells[0].box


def test_an_answer_that_is_faster_than_the_words_waits_for_them(start, use, settings):
    settings.REMOTE_CONCURRENCY = 2
    eyes = ScriptedWitness()
    use(ScriptedAsker(), eyes)
    assert work(start(12)).done == 12
    assert sorted(eyes.seen) == sorted(f"picture {n}.png" for n in range(12))
    assert Result.objects.filter(doubtful=0).count() == 12


def test_what_is_not_on_the_picture_is_marked_and_what_is_missing_counted(start, use):
    picture = table_png([["Oak", "17"], ["Ash", "25"], ["Elm", "31"], ["Fir", "48"]])
    invented = [("Oak", "17"), ("Ash", "25"), ("Yew", "99"), ("Fir", "48")]
    cells = [Cell(r, c, text) for r, row in enumerate(invented) for c, text in enumerate(row)]
    asker = ScriptedAsker()
    asker.ask = lambda _: Reading("m", (Table(tuple(cells)),))
    use(asker, LocalEngine())
    batch = start(1, data=picture)
    assert work(batch).state == BatchState.DONE
    reading = Result.objects.get().to_reading()
    assert {cell.text for cell in reading.tables[0].cells if is_doubtful(cell)} == {"Yew", "99"}
    assert "Elm" in " ".join(
        [*(line.text for line in reading.missing), *(c.other for c in reading.tables[0].cells)]
    )


def test_values_of_a_card_are_held_against_the_words_on_it(start, use):
    asker = ScriptedAsker()
    read = {"Tree": "Oak", "Height": "19", "Colour": None}
    asker.ask = lambda _: Reading(
        "m", fields=tuple(FieldValue(name, text, confidence=1.0) for name, text in read.items())
    )
    use(asker, LocalEngine())
    picture = table_png([["Tree", "Oak"], ["Height", "17"], ["Soil", "Loam"]])
    fields = [{"name": name} for name in read]
    assert work(start(1, data=picture, mode="fields", fields=fields)).state == BatchState.DONE
    tree, height, colour = Result.objects.get().to_reading().fields
    assert (tree.text, tree.is_doubtful, tree.box is not None) == ("Oak", False, True)
    assert (height.text, height.other, height.marks) == ("19", "17", (Mark.UNSUPPORTED,))
    assert not colour.is_doubtful


def test_words_that_cannot_be_read_take_nothing_from_the_answer(start, use):
    use(ScriptedAsker(), ScriptedWitness(lambda _: 1 / 0))
    assert work(start(2)).state == BatchState.DONE
    assert {result.to_reading().second for result in Result.objects.all()} == {""}


def test_one_reading_is_enough_where_the_settings_say_so(start, use, settings):
    settings.TWO_READINGS = False
    eyes = ScriptedWitness()
    use(ScriptedAsker(), eyes)
    assert work(start(2)).done == 2
    assert eyes.seen == []
