"""The upload handler: what a request sends gets to disk, within the limit and file by file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from converter.uploads.handler import LimitedUpload

LIMIT = 1000


@pytest.fixture(autouse=True)
def _limit(settings) -> None:
    settings.MAX_FILE_SIZE = LIMIT


def post(*files: tuple[str, bytes]) -> HttpRequest:
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return RequestFactory().post("/", {"files": uploads})


def send(text: str) -> HttpRequest:
    """A form as a browser would never send it."""
    body = f'--x\r\nContent-Disposition: form-data; name="files"; {text}'.encode()
    return RequestFactory().post("/", body, content_type="multipart/form-data; boundary=x")


def received(request: HttpRequest) -> list[LimitedUpload]:
    return request.FILES.getlist("files")


def folder(settings) -> Path:
    return Path(settings.FILE_UPLOAD_TEMP_DIR)


def test_a_file_lies_on_disk_as_it_was_sent(settings):
    request = post(("scan.png", b"x" * LIMIT))
    [upload] = received(request)
    path = Path(upload.temporary_file_path())
    assert path.parent == folder(settings)
    assert (path.read_bytes(), upload.refused, upload.size) == (b"x" * LIMIT, "", LIMIT)
    request.close()


def test_beyond_the_limit_nothing_is_kept():
    request = post(("big.png", b"x" * (LIMIT + 1)))
    [upload] = received(request)
    assert (upload.refused, upload.size) == ("file_too_large", LIMIT + 1)
    assert Path(upload.temporary_file_path()).stat().st_size == 0
    request.close()


def test_what_follows_the_limit_is_not_written(settings):
    settings.MAX_FILE_SIZE = 100_000  # a chunk has 65,536 bytes
    request = post(("big.png", b"x" * 500_000))
    [upload] = received(request)
    assert (upload.refused, upload.read(), upload.size) == ("file_too_large", b"", 500_000)
    request.close()


def test_the_other_files_of_a_request_go_on():
    request = post(("a.png", b"a"), ("big.png", b"x" * (LIMIT + 1)), ("b.png", b"b"))
    assert [upload.refused for upload in received(request)] == ["", "file_too_large", ""]
    assert [upload.read() for upload in received(request)] == [b"a", b"", b"b"]
    request.close()


def test_a_full_disk_refuses_the_file_alone(settings, monkeypatch: pytest.MonkeyPatch):
    def fail_once(*args: object) -> int:
        monkeypatch.undo()
        raise OSError(28, "No space left on device")

    request = post(("a.png", b"a" * 200_000), ("b.png", b"b"))
    settings.MAX_FILE_SIZE = 200_000  # several chunks
    monkeypatch.setattr(LimitedUpload, "write", fail_once, raising=False)
    assert [upload.refused for upload in received(request)] == ["storage_failed", ""]
    assert [upload.read() for upload in received(request)] == [b"", b"b"]
    request.close()


def test_half_a_write_is_a_full_disk(monkeypatch: pytest.MonkeyPatch):
    def write_half(upload: LimitedUpload, data: bytes) -> int:
        return upload.file.write(data[: len(data) // 2])

    monkeypatch.setattr(LimitedUpload, "write", write_half)
    request = post(("a.png", b"abcd"))
    assert received(request)[0].refused == "storage_failed"
    request.close()


@pytest.mark.parametrize("name", ["scan." + "x" * 400, "x" * 400, "a.b\0c", "scan.💥" * 60])
def test_a_name_does_not_reach_the_disk(settings, name: str):
    request = send(f'filename="{name}"\r\n\r\nx\r\n--x--\r\n')
    assert received(request)[0].read() == b"x"
    assert [path.suffix for path in folder(settings).iterdir()] == [".upload"]
    request.close()


def test_the_folder_is_made_when_it_is_missing(settings):
    folder(settings).rmdir()
    request = post(("a.png", b"a"))
    assert received(request)[0].read() == b"a"
    request.close()


def test_uploads_vanish_with_their_request(settings):
    request = post(("a.png", b"a"), ("big.png", b"x" * (LIMIT + 1)))
    assert len(received(request)) == len(list(folder(settings).iterdir())) == 2
    request.close()
    assert list(folder(settings).iterdir()) == []


def test_a_broken_off_upload_vanishes(settings):
    request = send('filename="scan.png"\r\n\r\nhalf of it')
    assert received(request) == []
    assert list(folder(settings).iterdir()) == []
