"""Claims of addresses: one fetches each, few ask a host at a time, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from converter.batches import lifecycle
from converter.core.outbound.errors import refused
from converter.imports import claims
from converter.imports.claims import FetchClaim
from converter.models import FetchState, Manifest, ManifestAddress
from converter.workers import processes
from tests.support import import_lists

pytestmark = pytest.mark.django_db(transaction=True)

BUSY = refused(503)


@pytest.fixture(autouse=True)
def _allowed(settings) -> None:
    settings.ALLOW_URL_IMPORT = True


def of_hosts(*hosts: str) -> Manifest:
    return import_lists.started(
        import_lists.csv_of([f"http://{h}.example/{n}" for n, h in enumerate(hosts)])
    )


def claim() -> FetchClaim:
    claimed = claims.claim_due()
    assert claimed
    return claimed


def claimed_urls() -> list[str]:
    found = []
    while claimed := claims.claim_due():
        found.append(claimed.address.url)
    return found


def make_due() -> None:
    ManifestAddress.objects.update(not_before=timezone.now())


def test_a_host_is_asked_by_two_at_a_time_and_others_are_not_kept_waiting():
    of_hosts("a", "a", "a", "b")
    assert claimed_urls() == ["http://a.example/0", "http://a.example/1", "http://b.example/3"]
    assert not claims.is_waiting()


def test_lists_take_turns():
    first, second = of_hosts("a", "b", "c"), of_hosts("d", "e", "f")
    taken = [claim().address.manifest_id for _ in range(4)]
    assert taken == [first.pk, second.pk, first.pk, second.pk]


def test_a_free_place_at_a_host_is_taken():
    of_hosts("a", "a", "a")
    one, _ = claim(), claim()
    assert claims.finish(one)
    assert claimed_urls() == ["http://a.example/2"]


def test_a_failure_for_now_waits_longer_each_time_and_then_is_for_good():
    of_hosts("a")
    pauses = []
    for attempt in range(1, claims.MOST_ATTEMPTS + 1):
        make_due()
        claimed = claim()
        failed = claims.fail(claimed, BUSY, permanent=False)
        assert failed == (attempt == claims.MOST_ATTEMPTS)
        pauses.append(ManifestAddress.objects.get().not_before - timezone.now())
    assert pauses[:-1] == sorted(pauses[:-1])
    address = ManifestAddress.objects.get()
    assert (address.state, address.error_code) == (FetchState.FAILED, "http_status")


def test_a_failure_for_good_is_not_tried_again():
    of_hosts("a")
    assert claims.fail(claim(), BUSY, permanent=True)
    make_due()
    assert claims.claim_due() is None


def test_a_host_that_says_when_is_left_alone_until_then():
    of_hosts("a", "a", "b")
    claims.fail(claim(), BUSY, permanent=False, retry_after=600)
    waits = dict(ManifestAddress.objects.values_list("number", "not_before"))
    late = timezone.now() + timedelta(seconds=590)
    assert [waits[number] > late for number in range(3)] == [True, True, False]
    assert claimed_urls() == ["http://b.example/2"]


def test_no_server_is_waited_for_longer_than_an_hour():
    of_hosts("a")
    claims.fail(claim(), BUSY, permanent=False, retry_after=1e9)
    waits = ManifestAddress.objects.get().not_before - timezone.now()
    assert timedelta(minutes=59) < waits <= timedelta(hours=1)


def test_what_nobody_is_to_blame_for_costs_no_attempt():
    of_hosts("a")
    claims.hand_back(claim())
    address = ManifestAddress.objects.get()
    assert (address.state, address.attempts) == (FetchState.WAITING, 0)


def test_who_lost_a_claim_changes_nothing():
    of_hosts("a")
    lost = claim()
    claims.hand_back(lost)
    held = claim()
    assert not claims.finish(lost)
    claims.fail(lost, BUSY, permanent=True)
    assert ManifestAddress.objects.get().state == FetchState.RUNNING
    assert claims.finish(held)


def test_the_address_of_a_dead_worker_waits_again_and_that_of_a_living_one_does_not():
    of_hosts("a", "b")
    dead, living = claim(), claim()
    gone = f"{processes.machine()}:{2**22 + 1}:1"
    ManifestAddress.objects.filter(pk=dead.address.pk).update(claimed_by=gone)
    claims.expire()
    states = dict(ManifestAddress.objects.values_list("pk", "state"))
    assert states == {dead.address.pk: FetchState.WAITING, living.address.pk: FetchState.RUNNING}


def test_an_address_that_kills_its_workers_fails():
    of_hosts("a")
    for _ in range(claims.MOST_ATTEMPTS):
        make_due()
        claim()
        ManifestAddress.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
        claims.expire()
    assert ManifestAddress.objects.get().error_code == "worker_died"


def test_a_claim_is_renewed_while_its_holder_lives():
    of_hosts("a")
    claim()
    ManifestAddress.objects.update(claimed_until=timezone.now() + timedelta(seconds=1))
    claims.renew()
    held = ManifestAddress.objects.get()
    assert held.claimed_until
    assert held.claimed_until > timezone.now() + timedelta(seconds=30)


def test_a_started_or_deleted_draft_wants_no_more_pictures():
    for end in (lifecycle.cancel, lifecycle.delete):
        manifest = of_hosts("a")
        end(manifest.batch)
        assert claims.claim_due() is None
