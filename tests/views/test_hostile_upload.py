"""The whole set of hostile files through the front door, as a browser would send it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import TypeVar

import pytest
from django.urls import reverse

from converter.core.errors import CODES
from converter.models import Batch, BatchState, PendingFile, RefusedFile
from converter.uploads import looking
from tests.support.hostile_files import GoodFile, HostileFile, good_files, hostile_files

pytestmark = pytest.mark.django_db(transaction=True)

File = TypeVar("File", HostileFile, GoodFile)

BOUNDARY = "----tablexl"


def form_data(files: Sequence[tuple[str, bytes]]) -> bytes:
    """The body of a form, with file names written as browsers write them."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; '
        f'filename="{as_browsers_write(name)}"\r\nContent-Type: image/png\r\n\r\n'.encode(
            "utf-8", "replace"
        )
        + data
        + b"\r\n"
        for name, data in files
    ]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def as_browsers_write(name: str) -> str:
    for raw, escaped in (('"', "%22"), ("\r", "%0D"), ("\n", "%0A")):
        name = name.replace(raw, escaped)
    return name


def arriving(files: Sequence[File]) -> list[File]:
    """Those that reach us: Django takes a nameless part for a file field that was left empty."""
    return [file for file in files if file.name.strip("\u200b\ufeff")]


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_every_hostile_file_is_refused_with_its_code_and_the_good_ones_go_on(client, settings):
    settings.MAX_BATCH_SIZE = 1_000
    hostile, good = arriving(hostile_files()), arriving(good_files())
    assert len(hostile) >= 60
    body = form_data([(file.name, file.data) for file in (*hostile, *good)])
    answer = client.post(
        reverse("batches"), body, content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )
    assert answer.status_code == 302
    while PendingFile.objects.exists():  # what took long here
        looking.work()
    batch = Batch.objects.get()
    assert (batch.state, batch.total) == (BatchState.QUEUED, batch.images.count())
    refused = list(RefusedFile.objects.order_by("pk"))
    assert Counter(refusal.code for refusal in refused) == Counter(file.code for file in hostile)
    page = unescape(client.get(answer.url, follow=True).content.decode())
    for refusal in refused:
        assert refusal.code in CODES
        assert refusal.message in page
    files = files_below(settings.DATA_DIR)
    kept = {path.name for path in files if path.parent.parent.name != "thumbnails"}
    assert kept == set(batch.images.values_list("file", flat=True))
    assert {path.stem for path in files} == {Path(name).stem for name in kept}


def test_an_upload_of_hostile_files_alone_leaves_nothing(client, settings):
    hostile = arriving(hostile_files())
    body = form_data([(file.name, file.data) for file in hostile])
    answer = client.post(
        reverse("batches"), body, content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert all(file.code in page for file in hostile)
    assert not Batch.objects.exists()
    assert files_below(settings.DATA_DIR) == []
