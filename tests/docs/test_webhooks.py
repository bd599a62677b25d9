"""Hold the page about webhooks to the code, and run its examples as they are printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time

import pytest

from converter.batches import lifecycle
from converter.core.outbound import signature
from converter.models import WebhookEvent
from tests.batches.test_lifecycle import work
from tests.docs.test_api import key
from tests.support.app import ROOT
from tests.support.pictures import png

__all__ = ["key"]

PAGE = (ROOT / "docs/webhooks.md").read_text()
KEYS = [b"1" * 32, b"2" * 32]


def example(language: str) -> str:
    [code] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(code)


def test_every_type_is_listed_and_no_other():
    assert re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", PAGE, re.MULTILINE) == WebhookEvent.values


def test_the_message_of_the_page_has_the_members_of_a_real_one(make_batch):
    batch = make_batch(images=2, webhook_url="https://hooks.example/")
    lifecycle.start(batch)
    work(batch, failing=(1,))
    sent, shown = json.loads(batch.deliveries.get().body), json.loads(example("json"))
    assert list(sent) == list(shown)
    assert list(sent["data"]) == list(shown["data"])
    assert list(sent["data"]["errors"][0]) == list(shown["data"]["errors"][0])


@pytest.mark.parametrize("known", KEYS)
def test_the_receiver_of_the_page_knows_a_message_from_a_forged_one(known):
    page: dict = {}
    exec(example("python"), page)
    body = b'{"type": "job.completed"}'
    sent = signature.headers("msg_1", int(time.time()), body, KEYS)
    secret = signature.secret_text(known)
    assert page["verified"](secret, sent, body) == {"type": "job.completed"}
    old = signature.headers("msg_1", int(time.time()) - 600, body, KEYS)
    forged = signature.headers("msg_1", int(time.time()), body, [b"3" * 32])
    for headers, content in ((sent, body + b" "), (old, body), (forged, body)):
        with pytest.raises(ValueError, match="this message"):
            page["verified"](secret, headers, content)


@pytest.mark.process
def test_curl_gives_a_job_its_webhook(app, key, tmp_path):
    (tmp_path / "table.png").write_bytes(png())
    where = {"KEY": key, "SERVER": app.url, "RECEIVER": "https://hooks.example/a?b=c"}
    done = subprocess.run(
        ["sh", "-c", example("sh")],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]} | where,
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    made = json.loads(done.stdout)["job_id"].replace("-", "")
    told = f"SELECT webhook_url, webhook_per_image FROM converter_batch WHERE id = '{made}'"
    assert app.query(told) == [("https://hooks.example/a?b=c", 1)]
