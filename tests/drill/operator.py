"""A person at work beside the app: one request per line on stdin, one answer per line on stdout."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import django
from django.db import close_old_connections

django.setup()

from converter.batches import lifecycle  # noqa: E402
from converter.maintenance import orphans, recovery  # noqa: E402
from converter.models import Batch, BatchImage  # noqa: E402
from converter.storage import layout  # noqa: E402
from converter.workers import queue  # noqa: E402
from tests.support.pictures import png  # noqa: E402

PICTURE = png()
# Told to nobody, so each message is given up at once; that there is one is what matters here.
WEBHOOK = {"webhook_url": "http://127.0.0.1/", "webhook_per_image": True}


def start(*names: str) -> str:
    """Start a batch of images of these names."""
    options = {"engine": "drill", "owner": "me", "reuse": False} | WEBHOOK
    batch = Batch.objects.create(name="Pile", **options)
    images = [_image(name) for name in names]
    with layout.receive(batch) as folder:
        for image in images:
            (folder / image.file).write_bytes(PICTURE)
    lifecycle.add_images(batch, images)
    lifecycle.start(batch)
    return str(batch.pk)


def cancel(pk: str) -> bool:
    return lifecycle.cancel(Batch.objects.get(pk=pk))


def delete(pk: str) -> None:
    lifecycle.delete(Batch.objects.get(pk=pk))


def retry() -> int:
    """Try again what failed, and go on with what was cancelled, everywhere."""
    failed = Batch.objects.filter(failed__gt=0, state__in=["partial", "failed"])
    cancelled = Batch.objects.filter(cancelled__gt=0, state="cancelled")
    return sum([*map(lifecycle.retry_failed, failed), *map(lifecycle.resume, cancelled)])


def sweep() -> None:
    """What the schedule does every minute."""
    recovery.sweep()


def tidy() -> None:
    """What `prune` does once a day's grace is over: files that no row knows are deleted. And what
    the next sweep will do: delete tasks that failed."""
    queue.prune_failures()
    orphans.GRACE = timedelta(0)
    orphans.put_right(orphans.scan())


def _image(name: str) -> BatchImage:
    return BatchImage(
        name=name,
        file=f"{uuid4().hex}.png",
        sha256=sha256(PICTURE).hexdigest(),
        size=len(PICTURE),
        width=64,
        height=48,
    )


def main() -> None:
    verbs = {verb.__name__: verb for verb in (start, cancel, delete, retry, sweep, tidy)}
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        close_old_connections()
        answer = verbs[verb](*arguments)
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
