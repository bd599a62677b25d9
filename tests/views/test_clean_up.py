"""Cleaning up: what would go is shown, and nothing else goes."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from converter import tasks
from converter.maintenance import orphans
from converter.models import Batch
from converter.storage import layout
from converter.views import clean_up

pytestmark = pytest.mark.django_db(transaction=True)

DRAFTS = "/clean-up/drafts/"
FILES = "/clean-up/files/"


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_user("keeper", is_staff=True))
    return client


@pytest.fixture
def old(make_batch):
    """Makes an old draft."""

    def make(name: str, **values: object) -> Batch:
        ago = timezone.now() - timedelta(days=10)
        return make_batch(images=2, name=name, created=ago, **values)

    return make


def names(page: str) -> list[str]:
    return re.findall(r'<span class="file">([^<]+)</span>', page)


def shown(client, address: str, **query: object) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def confirm(client, page: str) -> str:
    before = re.search(r'name="before" value="([^"]+)"', page)[1]
    return client.post(DRAFTS, {"before": before}, follow=True).content.decode()


def test_everybody_finds_their_own_old_batches(client, old, make_batch):
    old("mine")
    old("not mine", owner="somebody else")
    make_batch(images=1, name="fresh")
    page = shown(client, DRAFTS)
    assert names(page) == ["mine"]
    assert "Delete 1 batch<" in page
    assert names(shown(client, DRAFTS, days=0)) == ["fresh", "mine"]
    assert names(shown(client, "/clean-up/settled/")) == []


def test_staff_find_those_of_all(staff, old):
    old("theirs", owner="somebody else")
    page = shown(staff, DRAFTS)
    assert names(page) == ["theirs"]
    assert "a browser" in page


def test_it_says_how_much_would_go(client, old):
    size = 2 * old("mine").images.first().size
    text = " ".join(re.sub(r"<[^>]+>", " ", shown(client, DRAFTS)).split())
    assert f"Batches 1 Images 2 Files {size}" in text


def test_what_was_shown_goes_and_nothing_else(client, old, make_batch):
    old("mine")
    kept = old("not mine", owner="somebody else")
    page = shown(client, DRAFTS)
    later = old("later")
    Batch.objects.filter(pk=later.pk).update(created=timezone.now())
    assert "1 batch was deleted" in confirm(client, page)
    tasks.delete()
    assert set(Batch.everything.all()) == {kept, later}
    assert len(list(layout.files_of(kept))) == 2


def test_a_long_list_is_paged_without_losing_the_moment(client, old, monkeypatch):
    monkeypatch.setattr(clean_up, "PER_PAGE", 2)
    for number in range(3):
        old(f"n{number}")
    first = shown(client, DRAFTS, days=7)
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert "before=" in following
    assert len(names(first) + names(shown(client, DRAFTS + following))) == 3


@pytest.mark.parametrize(
    "query", [{"days": "many"}, {"days": "9" * 30}, {"before": "2026-99-99T00:00:00Z"}]
)
def test_nonsense_is_404(client, query):
    assert client.get(DRAFTS, query).status_code == 404


def test_nothing_is_deleted_that_was_not_shown(client, old):
    old("mine")
    assert client.post(DRAFTS).status_code == 404
    assert client.get("/clean-up/all/").status_code == 404
    assert Batch.objects.exists()


def test_files_are_offered_to_staff_alone(staff, stranger):
    assert "All files fit" in shown(staff, FILES)
    assert reverse("clean-up-files") in shown(staff, "/clean-up/")
    assert reverse("clean-up-files") not in shown(stranger, "/clean-up/")


def test_files_that_do_not_fit_are_shown_and_put_right(staff, make_batch, settings, monkeypatch):
    monkeypatch.setattr(orphans, "GRACE", timedelta(seconds=-10))
    stray = settings.DATA_DIR / "temp" / "nobody" / "x.png"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"1234")
    upload = settings.FILE_UPLOAD_TEMP_DIR / "x.upload"
    upload.write_bytes(b"12")
    os.utime(upload, (0, 0))
    layout.discard_file(make_batch(images=1).images.get())
    page = shown(staff, FILES)
    assert {"temp/nobody/x.png", "Pile: picture 0.png"} == set(names(page))
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Belong to nothing 1 Left by uploads 1 Together 6" in text.replace("\xa0", " ")
    assert "cleaned up" in staff.post(FILES, follow=True).content.decode()
    assert not stray.exists()
    assert not upload.exists()


@pytest.mark.parametrize("route", ["batch", "batches"])
def test_the_pages_say_when_a_batch_will_go(client, old, settings, route):
    settings.DRAFT_RETENTION_HOURS = 0
    batch = old("mine")
    address = reverse(route, args=[batch.pk] if route == "batch" else [])
    assert 'class="goes"' not in shown(client, address)
    settings.FILE_RETENTION_HOURS = 24 * 365
    page = shown(client, address)
    goes = re.search(r'class="goes">(.*)</p>', page)[1]
    at = batch.created + timedelta(days=365)
    assert f"after {at.day} {at:%b}" in re.sub(r"<[^>]+>", "", goes)
