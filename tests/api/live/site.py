"""A web process with a job to listen to, beside it a worker whose engine obeys an image's name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from tests.support.app import RunningApp
from tests.support.migrated import migrate

WEB = "manage.py web --processes=1"

_MAKE = """
import json
from django.contrib.sessions.backends.db import SessionStore
from converter.batches import lifecycle
from converter.models import BatchImage
from tests.support import batch_factory
batch = batch_factory.draft({images}, engine="named", owner="listener")
BatchImage.objects.filter(batch=batch).update(name="fine.png")
session = SessionStore()
session["owner"] = "listener"
session.create()
stranger = SessionStore()
stranger["owner"] = "somebody else"
stranger.create()
if {is_started}:
    lifecycle.start(batch)
print(json.dumps([str(batch.pk), session.session_key, stranger.session_key]))
"""
_START = """
from converter.batches import lifecycle
from converter.models import Batch
lifecycle.start(Batch.objects.get(pk={job!r}))
"""


@dataclass
class Site:
    web: RunningApp
    worker: RunningApp
    session: str = "listener"
    job: str = ""
    cookie: str = ""
    strangers_cookie: str = ""

    def make_job(self, images: int, *, is_started: bool = False) -> Self:
        """This site with a job of its own to listen to, and cookies of an owner and a stranger."""
        printed = self._run(_MAKE.format(images=images, is_started=is_started))
        job, cookie, stranger = json.loads(printed.splitlines()[-1])
        return replace(self, job=job, cookie=cookie, strangers_cookie=stranger)

    def start_job(self) -> None:
        self._run(_START.format(job=self.job))

    def beside(self, command: str = WEB) -> Self:
        """Another web process on the same data."""
        web = RunningApp(self.web.data_dir.parent, command)
        web.command = command.format(port=web.port)
        return replace(self, web=web)

    def _run(self, code: str) -> str:
        return self.web.manage("shell", "--no-imports", "-c", code)


@contextmanager
def running(folder: Path, database_url: str = "", **environment: str) -> Iterator[Site]:
    settings = {"DATABASE_URL": database_url} | environment
    web = RunningApp(folder / "site", WEB, **settings)
    worker = RunningApp(folder / "site", "python -m tests.support.named_worker", **settings)
    worker.log = worker.log.with_name("worker.log")
    migrate(web)
    with web, worker:
        web.wait_until_ready()
        yield Site(web, worker)
