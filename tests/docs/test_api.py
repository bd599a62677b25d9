"""Run the examples of the API page as they are printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from tests.support.app import ROOT
from tests.support.pictures import png

PAGE = (ROOT / "docs/api.md").read_text()
pytestmark = pytest.mark.process


def example(language: str) -> str:
    [code] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(code)


@pytest.fixture(scope="module")
def key(app) -> str:
    """A key, made on the page as a person makes it."""
    with httpx.Client(base_url=app.url) as browser:
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.get("/keys/").text)
        assert token
        sent = {"csrfmiddlewaretoken": token[1], "name": "Docs", "days": "0"}
        page = browser.post("/keys/", data=sent, headers={"Origin": app.url}).text
        secret = re.search(r'value="(txl_[^"]+)"', page)
        assert secret
        return secret[1]


def test_the_client_of_the_docs_gets_a_workbook(app, key, tmp_path):
    names = [str(tmp_path / name) for name in ("a.png", "b.png")]
    for name in names:
        Path(name).write_bytes(png())
    script, workbook = tmp_path / "client.py", tmp_path / "read.xlsx"
    use = f"convert({app.url!r}, {key!r}, [Path(n) for n in {names!r}], Path({str(workbook)!r}))"
    script.write_text(f"{example('python')}\n\n{use}\n")
    subprocess.run([sys.executable, script], check=True, timeout=300)
    assert "xl/workbook.xml" in ZipFile(workbook).namelist()


def test_curl_is_answered_with_the_result(app, key, tmp_path):
    (tmp_path / "table.png").write_bytes(png())
    done = subprocess.run(
        ["sh", "-c", example("sh")],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "KEY": key, "SERVER": app.url},
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    assert json.loads(done.stdout)["success"] is True
