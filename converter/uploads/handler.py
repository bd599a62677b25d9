"""Files on their way in: streamed to disk, and no further than a file may go."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest

HASHED_WITH: Final = "Idempotency-Key"  # the header of requests whose files are hashed


def is_disk_full() -> bool:
    """Whether less than MIN_FREE_SPACE is left where uploads land."""
    return shutil.disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free < int(settings.MIN_FREE_SPACE)


class LimitedUpload(TemporaryUploadedFile):
    """A file on disk, or the code of why it could not get there: then it has no content."""

    refused = ""
    digest = ""  # SHA-256 of all that was sent, if a repetition of the request is to be known by it

    def __init__(
        self, name: str | None, content_type: str | None, charset: str | None, extra: Any
    ) -> None:
        # The parent would make the suffix of the sender's name a part of the path: 300 letters
        # there would fail the whole request. Unbuffered, for a full disk to show at the write.
        Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
        file = NamedTemporaryFile(  # noqa: SIM115  closed, and so deleted, with the upload
            buffering=0, suffix=".upload", dir=settings.FILE_UPLOAD_TEMP_DIR
        )
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)

    def refuse(self, code: str) -> None:
        self.refused = code
        os.truncate(self.temporary_file_path(), 0)


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Keeps at most `MAX_FILE_SIZE` of each file; the request's other files go on.

    `refused` of the file is file_too_large, storage_failed, disk_full or empty; `size` is the
    number of bytes that were sent.
    """

    file: LimitedUpload
    request: HttpRequest

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.hash = sha256() if HASHED_WITH in self.request.headers else None
        self.file = LimitedUpload(
            self.file_name, self.content_type, self.charset, self.content_type_extra
        )

        if is_disk_full():
            self.file.refuse("disk_full")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.hash:
            self.hash.update(raw_data)
        if self.file.refused:
            return
        if start + len(raw_data) > settings.MAX_FILE_SIZE:
            self.file.refuse("file_too_large")
            return
        try:
            written = self.file.write(raw_data)
        except OSError:
            written = 0
        if written != len(raw_data):
            self.file.refuse("storage_failed")

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        if self.hash:
            self.file.digest = self.hash.hexdigest()
        return super().file_complete(file_size)
