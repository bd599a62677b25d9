"""Files in an S3-compatible object store. There a move is a copy and a delete."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, cast

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage

from converter.storage.local import StoredFile, moved

AT_ONCE: Final = 16  # requests in flight; each waits for the network, not for the processor
PER_DELETE: Final = 1000  # what one request may delete
_GONE: Final = {"404", "NoSuchKey", "NotFound"}


class ObjectStore:
    """A bucket, or what begins with `prefix` in one."""

    def __init__(
        self,
        *,
        bucket: str,
        prefix: str = "",
        endpoint: str | None = None,
        region: str | None = None,
        addressing: str | None = None,
    ) -> None:
        self._prefix = f"{prefix}/" if prefix else ""
        self._bucket = bucket
        storage = S3Storage(
            bucket_name=bucket,
            endpoint_url=endpoint,
            region_name=region,
            client_config=_config(addressing),
        )
        self._client: Any = storage.connection.meta.client  # unlike the rest, for all threads

    def path(self, key: str) -> PurePosixPath:
        return PurePosixPath(self._bucket, self._prefix + key)

    def exists(self, key: str) -> bool:
        try:
            with _plain_errors():
                self._client.head_object(**self._at(key))
        except FileNotFoundError:
            return False
        return True

    def move(self, source: str, target: str) -> None:
        """Copy, then delete: cut short in between, the file is at both places, and a repetition
        leaves it at one."""
        try:
            self.copy(source, target)
            with _plain_errors():
                self._client.delete_object(**self._at(source))
        except FileNotFoundError:  # moved by somebody else just now
            return

    def move_all(self, moves: Iterable[tuple[str, str]], seconds: float) -> bool:
        until = time.monotonic() + seconds
        return all(self._at_once(lambda move: self._moved(move, until), moves))

    def copy(self, source: str, target: str) -> None:
        with _plain_errors():
            self._client.copy_object(**self._at(target), CopySource=self._at(source))

    def write(self, key: str, data: bytes) -> None:
        with _plain_errors():
            self._client.put_object(**self._at(key), Body=data)

    @contextmanager
    def receive(self, folder: str) -> Iterator[Path]:
        with _own_folder() as here:
            yield here
            for _ in self._at_once(lambda path: self._put(folder, path), here.iterdir()):
                pass

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        with _own_folder() as here:
            path = here / key.rpartition("/")[2]
            with _plain_errors():
                self._client.download_file(self._bucket, self._prefix + key, str(path))
            yield path

    def open(self, key: str) -> BinaryIO:
        with _plain_errors():
            return cast(BinaryIO, self._client.get_object(**self._at(key))["Body"])

    def discard(self, keys: Iterable[str]) -> None:
        left = iter(keys)
        while objects := [{"Key": self._prefix + key} for key in islice(left, PER_DELETE)]:
            with _plain_errors():
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True}
                )
            if failed := answer.get("Errors"):
                raise OSError(f"{len(failed)} files could not be deleted: {failed[0]['Message']}")

    def discard_folder(self, folder: str) -> None:
        self.discard(file.key for file in self.files(folder))

    def drop_if_empty(self, folder: str) -> None:
        """A folder is only what names begin with."""

    def files(self, folder: str) -> Iterator[StoredFile]:
        start = len(self._prefix)
        for page in self._pages(folder):
            for found in page.get("Contents", ()):
                yield StoredFile(found["Key"][start:], found["Size"], found["LastModified"])

    def folders(self, folder: str) -> Iterator[str]:
        for page in self._pages(folder, Delimiter="/"):
            for found in page.get("CommonPrefixes", ()):
                yield found["Prefix"].rstrip("/").rpartition("/")[2]

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key}

    def _put(self, folder: str, path: Path) -> None:
        with _plain_errors():
            self._client.upload_file(str(path), self._bucket, f"{self._prefix}{folder}/{path.name}")

    def _moved(self, move: tuple[str, str], until: float) -> bool:
        return time.monotonic() < until and moved(self, *move)

    def _pages(self, folder: str, **options: str) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self._prefix}{folder}/", **options
        )
        with _plain_errors():
            yield from pages

    @staticmethod
    def _at_once(verb: Any, items: Iterable[Any]) -> list[Any]:
        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            return list(pool.map(verb, items))
        finally:
            pool.shutdown(cancel_futures=True)


def _config(addressing: str | None) -> Config:
    return Config(
        connect_timeout=10,
        read_timeout=60,
        retries={"mode": "standard", "max_attempts": 3},
        max_pool_connections=2 * AT_ONCE,
        s3={"addressing_style": addressing or "auto"},
        # Stores other than Amazon's refuse the checksums that are sent unasked otherwise.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


@contextmanager
def _own_folder() -> Iterator[Path]:
    """A folder on this machine; after a kill it is deleted with the stale uploads."""
    with TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".upload") as folder:
        yield Path(folder)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Errors of the client become OSErrors, as on a disk."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _GONE:
            raise FileNotFoundError(str(error)) from error
        raise OSError(f"The object store refused: {error}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(f"The object store could not be reached: {error}") from error
