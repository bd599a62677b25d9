"""Pictures of lists, fetched from a server that misbehaves: each ends as one, or with a reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import connections
from django.utils import timezone
from django_q.models import OrmQ

from converter import tasks
from converter.batches import lifecycle
from converter.core.outbound import urls as urls_of_web
from converter.core.outbound.client import Guard
from converter.imports import claims, fetcher
from converter.models import Batch, BatchState, FetchState, Manifest, ManifestAddress
from converter.storage import layout
from converter.workers import queue
from tests.support import import_lists, misbehaving_server
from tests.support.misbehaving_server import Site, leads_to, says, sends
from tests.support.pictures import png
from tests.support.private_addresses import BADLY_WRITTEN, CODES, NOT_PUBLIC

# To a server that leads there they are places of its own, where it has nothing.
RELATIVE = {"/etc/passwd", "http:127.0.0.1", "http:///etc/passwd", "http://"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _allowed(settings, monkeypatch) -> None:
    settings.ALLOW_URL_IMPORT = True
    monkeypatch.setattr(claims, "BACKOFF_SECONDS", 0.0)


@pytest.fixture
def site(monkeypatch) -> Iterator[Site]:
    import_lists.let_in(monkeypatch)
    with Site() as site:
        yield site


def fetched(manifest: Manifest) -> dict[str, str]:
    """By the path of each address, what became of it, once nothing is left to fetch."""
    for _ in range(claims.MOST_ATTEMPTS):
        ManifestAddress.objects.update(not_before=timezone.now())
        fetcher.work()
    manifest.batch.refresh_from_db()
    assert not manifest.addresses.unsettled().exists()
    return {
        f"/{one.url.rpartition('/')[2]}": one.error_code or one.state
        for one in manifest.addresses.order_by("number")
    }


def test_pictures_are_fetched_and_the_batch_is_started(site):
    urls = import_lists.has_pictures(site, "/b.png", "/a.png", "/c.png")
    manifest = import_lists.started(import_lists.csv_of(urls))
    assert fetched(manifest) == {"/b.png": "done", "/a.png": "done", "/c.png": "done"}
    batch = manifest.batch
    assert (batch.state, batch.total) == (BatchState.QUEUED, 3)
    names = batch.images.order_by("position").values_list("name", flat=True)
    assert [name.rpartition(" ")[2] for name in names] == ["b.png", "a.png", "c.png"]


def test_an_address_in_many_rows_is_fetched_once(site):
    [url] = import_lists.has_pictures(site, "/a.png")
    manifest = import_lists.started(import_lists.csv_of([url] * 5))
    fetched(manifest)
    assert site.paths() == ["/a.png"]
    assert manifest.batch.total == 1


@pytest.mark.parametrize(
    ("plays", "ends"),
    [
        ([says(404)], "http_status"),
        ([says(500)], "http_status"),
        ([sends(b"<p>no</p>", "text/html")], "answer_not_picture"),
        ([sends(b"no picture at all")], "unsupported_type"),
        ([sends(b"")], "empty_file"),
        ([sends(png(2, 2))], "too_small"),
        ([sends(png()[:60])], "damaged_image"),
        ([misbehaving_server.hang_up], "host_unreachable"),
        ([misbehaving_server.cut_off], "host_unreachable"),
        ([misbehaving_server.flood], "answer_too_large"),
        ([leads_to("/other.png")], "too_many_redirects"),
        ([leads_to("http://169.254.169.254/latest/meta-data/")], "address_not_public"),
        ([leads_to("file:///etc/passwd")], "bad_address"),
        ([says(503), says(429), misbehaving_server.hang_up, sends(png())], "done"),
    ],
)
def test_each_address_ends_with_a_reason_and_spoils_no_other(site, settings, plays, ends):
    settings.MAX_FILE_SIZE = 1 << 20
    [good] = import_lists.has_pictures(site, "/good.png")
    site.plays["/other.png"] = plays
    manifest = import_lists.started(import_lists.csv_of([site.url("/other.png"), good]))
    assert fetched(manifest) == {"/other.png": ends, "/good.png": "done"}
    assert manifest.batch.state == BatchState.QUEUED
    assert manifest.batch.total == (2 if ends == "done" else 1)


def test_a_slow_server_does_not_hold_up_the_others(site, monkeypatch):
    monkeypatch.setattr(fetcher, "SECONDS", 0.5)
    [good] = import_lists.has_pictures(site, "/good.png")
    site.plays["/slow.png"] = [misbehaving_server.say_nothing]
    manifest = import_lists.started(import_lists.csv_of([site.url("/slow.png"), good]))
    assert fetched(manifest) == {"/slow.png": "answer_too_slow", "/good.png": "done"}


def test_a_server_that_is_gone_for_good_is_asked_once_and_a_busy_one_again(site):
    site.plays |= {"/gone.png": [says(410)], "/busy.png": [says(503)]}
    fetched(
        import_lists.started(import_lists.csv_of([site.url("/gone.png"), site.url("/busy.png")]))
    )
    assert site.paths().count("/gone.png") == 1
    assert site.paths().count("/busy.png") == claims.MOST_ATTEMPTS


def test_a_busy_server_is_not_asked_before_it_wants_to_be(site):
    site.plays["/busy.png"] = [says(429, Retry_After="300")]
    urls = [
        site.url("/busy.png"),
        *import_lists.has_pictures(site, *(f"/{n}.png" for n in range(5))),
    ]
    manifest = import_lists.started(import_lists.csv_of(urls))
    fetcher.work()
    waits = manifest.addresses.filter(state=FetchState.WAITING)
    assert waits.exists()
    assert all((one.not_before - timezone.now()).total_seconds() > 290 for one in waits)
    asked = len(site.received)
    fetcher.work()
    assert len(site.received) == asked


@pytest.mark.parametrize("lead", [False, True])
def test_nothing_but_the_public_internet_is_asked(site, monkeypatch, lead):
    """The drill: straight, with the guard of production; and by way of a public server."""
    addresses = [*BADLY_WRITTEN, *NOT_PUBLIC]
    assert len(addresses) >= 60
    if not lead:
        monkeypatch.undo()
        urls = [f'"{address}"' for address in addresses]
    else:
        ports = {site.port, *urls_of_web.PORTS}
        guard = Guard(misbehaving_server.here, misbehaving_server.may_be_reached, ports)
        monkeypatch.setattr(fetcher, "guard", guard)
        site.plays |= {f"/{n}": [leads_to(one, 307)] for n, one in enumerate(addresses)}
        urls = [site.url(f"/{n}") for n in range(len(addresses))]
    monkeypatch.setattr(claims, "BACKOFF_SECONDS", 0.0)
    text = "\n".join(["image,note", *(f"{url},x" for url in urls)])
    manifest = import_lists.started(text.encode())
    fetched(manifest)
    assert manifest.addresses.exclude(state=FetchState.FAILED).count() == 0
    assert manifest.batch.total == 0
    codes = dict(manifest.addresses.values_list("number", "error_code"))
    led_on = {addresses[number] for number, code in codes.items() if code not in CODES}
    assert led_on <= (RELATIVE if lead else set())


def test_a_picture_that_came_before_a_crash_is_there_once(site):
    [url] = import_lists.has_pictures(site, "/a.png")
    manifest = import_lists.started(import_lists.csv_of([url, site.url("/never.png")]))
    address = manifest.addresses.get(number=0)
    claim = claims.claim_due()
    assert claim
    assert claim.address == address
    file = TemporaryUploadedFile("a.png", "", 0, None)
    file.file.write(png())
    file.flush()
    file.size = len(png())
    fetcher.intake.add_files(manifest.batch, [file], str(address.upload), 0)
    claims.hand_back(claim)
    assert fetched(manifest)["/a.png"] == "done"
    assert manifest.batch.total == 1


def test_who_reads_and_who_fetches_take_turns(site, monkeypatch, make_batch):
    """With one worker and work enough for both, neither keeps the other from its turn."""
    monkeypatch.setattr(fetcher, "SHIFT_SECONDS", 0)
    lifecycle.start(make_batch(images=1))
    import_lists.started(import_lists.csv_of(import_lists.has_pictures(site, "/a.png")))
    OrmQ.objects.all().delete()
    tasks.fetch()
    queued = [one.task["func"] for one in OrmQ.objects.order_by("pk")]
    assert queued == [queue.WORK, queue.FETCH]


def test_a_disk_that_is_full_for_a_moment_costs_no_picture(site, monkeypatch):
    manifest = import_lists.started(import_lists.csv_of(import_lists.has_pictures(site, "/a.png")))
    full = iter([OSError("No space left on device")])
    receive = layout.receive

    def receive_or_not(batch):
        if error := next(full, None):
            raise error
        return receive(batch)

    monkeypatch.setattr(layout, "receive", receive_or_not)
    assert fetched(manifest) == {"/a.png": "done"}
    assert not manifest.batch.refusals.exists()


def test_what_comes_after_a_cancel_is_nobodys_fault(site):
    manifest = import_lists.started(import_lists.csv_of([site.url("/a.png")]))

    def cancel(handler):
        Batch.objects.filter(pk=manifest.batch_id).update(state="cancelled", settled=timezone.now())
        connections.close_all()
        sends(png())(handler)

    site.plays["/a.png"] = [cancel]
    fetcher.work()
    address = manifest.addresses.get()
    assert (address.state, address.attempts) == (FetchState.WAITING, 0)
    assert manifest.batch.images.count() == 0


def test_a_cancelled_list_leaves_nothing_under_way(site):
    urls = import_lists.has_pictures(site, "/a.png", "/b.png")
    manifest = import_lists.started(import_lists.csv_of(urls))
    lifecycle.cancel(manifest.batch)
    fetcher.work()
    assert site.received == []


def test_what_is_switched_off_meanwhile_is_refused(site, settings):
    manifest = import_lists.started(import_lists.csv_of(import_lists.has_pictures(site, "/a.png")))
    settings.ALLOW_URL_IMPORT = False
    assert fetched(manifest) == {"/a.png": "import_disabled"}
    assert site.received == []


def test_no_file_is_left_behind(site, settings):
    site.plays["/bad.png"] = [sends(b"nothing")]
    fetched(
        import_lists.started(
            import_lists.csv_of([*import_lists.has_pictures(site, "/a.png"), site.url("/bad.png")])
        )
    )
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []
