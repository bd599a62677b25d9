"""Run the example of the page about imports as it is printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from tests.docs.test_api import key
from tests.support.app import ROOT, RunningApp, wait_for
from tests.support.import_lists import csv_of

__all__ = ["key"]

pytestmark = pytest.mark.process

[EXAMPLE] = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/imports.md").read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app, with imports allowed."""
    with RunningApp(tmp_path_factory.mktemp("app"), ALLOW_URL_IMPORT="true") as running:
        running.wait_until_ready()
        yield running


def test_curl_sends_a_list_and_gets_it_back(app, key, tmp_path):
    """Tests have no internet; a private address, which is refused, does as well."""
    (tmp_path / "chairs.csv").write_bytes(csv_of(["http://10.0.0.1/chair.png"]))
    done = subprocess.run(
        ["sh", "-c", EXAMPLE],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "KEY": key, "SERVER": app.url},
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    made = json.loads(done.stdout)
    with httpx.Client(base_url=app.url, headers={"Authorization": f"Bearer {key}"}) as client:
        ends = ("completed", "partial", "failed", "cancelled")
        wait_for(lambda: client.get(made["status_url"]).json()["status"] in ends, "the list")
        assert "address_not_public" in client.get(made["output_url"]).text
