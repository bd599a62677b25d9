"""aimock, a server of OpenAI's kind that others wrote: it knows nothing of our client."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from tests.support.app import ROOT, free_port, wait_for

PROGRAM = ROOT / ".node/node_modules/@copilotkit/aimock/dist/cli.js"
OLDEST_NODE = (20, 15)


def find_node() -> str:
    """Node, with aimock installed; else the test is left out, or fails where that is a fault."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("There is no Node here; install it, and `sh .ci/aimock` adds the rest.")
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(map(int, re.findall(r"\d+", told)[:2]))
    if version < OLDEST_NODE:
        pytest.skip(f"Node {told.strip()} is too old for aimock, which needs 20.15.")
    if not PROGRAM.is_file():
        complain = pytest.fail if os.environ.get("CI") else pytest.skip
        complain("Node is here, but aimock is not: `sh .ci/aimock` installs it.")
    return node


class Aimock:
    """A running server. `answers` are its fixtures, the first that fits is given; `options` its
    own, such as `--chaos-ratelimit 0.5`."""

    def __init__(self, folder: Path, answers: list[dict[str, Any]], *options: str) -> None:
        folder.mkdir(exist_ok=True)
        fixtures = folder / "fixtures.json"
        fixtures.write_text(json.dumps({"fixtures": answers}))
        self.port = free_port()
        self._command = [
            find_node(), str(PROGRAM), "--strict", "--log-level", "silent",
            "--port", str(self.port), "--fixtures", str(fixtures), *options,
        ]  # fmt: skip

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self._is_ready, "aimock")
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()

    def journal(self) -> list[dict[str, Any]]:
        """Every request to the chat that it has got, as it understood it."""
        entries = httpx.get(f"http://127.0.0.1:{self.port}/__aimock/journal").json()
        return [entry for entry in entries if entry["path"] == "/v1/chat/completions"]

    def statuses(self) -> list[int]:
        """What it answered with, request by request."""
        return [entry["response"]["status"] for entry in self.journal()]

    def _is_ready(self) -> bool:
        assert self._process.poll() is None, "aimock ended"
        try:
            return httpx.get(f"{self.url}/models").status_code == 200
        except httpx.HTTPError:
            return False
