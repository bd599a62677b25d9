"""Runs of schemathesis against the app, in processes of their own, and what came of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import httpx

from tests.support.app import ROOT, RunningApp

AsWhom = Literal["nobody", "cookie", "key"]

_PLAIN = Path(__file__).with_name("schemathesis.toml")
_METRICS_TOKEN = "for those who watch"
_MAKE_KEY = """
from django.contrib.auth.models import User
from converter.accounts import api_keys
print(api_keys.make("fuzz", user=User.objects.get_or_create(username="fuzz")[0], owner="")[1])
"""
_MOST_STOCK = 30  # of each kind
_LAY_STOCK = """
from django.contrib.auth.models import User
from tests.api.fuzz import stock
stock.lay({number}, User.objects.filter(username="fuzz").first(), {owner!r})
"""


class Call(NamedTuple):
    """One call that was made: which of the document's, in which phase, and what it came to."""

    operation: str
    phase: str
    mode: str  # "positive": it fits the document; "negative": it does not
    status: int


@dataclass(frozen=True)
class Outcome:
    """What a run did, call by call, and what schemathesis says of it."""

    failed: bool
    told: str
    calls: list[Call]

    @property
    def cases(self) -> int:
        return len(self.calls)

    @property
    def from_call_to_call(self) -> int:
        return sum(call.phase == "stateful" for call in self.calls)

    @property
    def operations(self) -> set[str]:
        return {call.operation for call in self.calls}

    @property
    def never_done(self) -> list[str]:
        """What was never answered with success, so that little was found out about it."""
        return sorted(self.operations - {c.operation for c in self.calls if c.status < 300})

    @property
    def summary(self) -> str:
        phases = Counter(call.phase for call in self.calls)
        statuses = Counter(call.status for call in self.calls)
        return (
            f"{self.cases} cases of {len(self.operations)} operations"
            f" ({', '.join(f'{phase} {count}' for phase, count in phases.items())});"
            f" answers: {', '.join(f'{s} {statuses[s]}' for s in sorted(statuses))}"
        )


class FuzzedApp(RunningApp):
    """The app, with an engine that takes no time, for calls with a key, a cookie or neither.

    With a key it is closed to everybody else.
    """

    def __init__(self, folder: Path, as_whom: AsWhom, **environment: str) -> None:
        settings = {
            "PYTHONPATH": str(ROOT),
            "METRICS_TOKEN": _METRICS_TOKEN,
            "REQUIRE_LOGIN": str(as_whom == "key"),
            "CONVERT_WAIT_SECONDS": "5",
            "ALLOW_URL_IMPORT": "true",
        }
        super().__init__(folder, "python -m tests.api.fuzz.quick_app up", **settings | environment)
        self.as_whom = as_whom
        self.folder = folder
        self.owner = "nobody in particular"

    def fuzz(self, *options: str, fuzzing: int, stateful: int) -> Outcome:
        """Make so many cases of each operation, and so many ways from call to call, besides what
        there is of examples and limits in the document; `options` are those of `st run`. What came
        of calls that were made before counts too."""
        journal = self.folder / "journal"
        journal.touch()
        config = self.folder / "schemathesis.toml"
        examples = {"fuzzing": fuzzing, "stateful": stateful}
        # Somebody with a cookie that no browser was given is a stranger, and no longer nobody.
        shown = self._shown()
        stock = self.folder / "stock.json"
        stock.write_text(self._lay_stock(min(fuzzing, _MOST_STOCK)))
        plain = _PLAIN.read_text().replace("INVENTED", str(self.as_whom != "nobody").lower())
        config.write_text("\n".join([plain, *_phases(examples), *shown]))
        program = Path(sys.executable).parent / "st"
        done = subprocess.run(
            [program, "--config-file", config, "run", *options, f"{self.url}/openapi.json"],
            cwd=self.folder,
            env=os.environ
            | {
                "PYTHONPATH": str(ROOT),
                "SCHEMATHESIS_HOOKS": "tests.api.fuzz.hooks",
                "FUZZ_JOURNAL": str(journal),
                "FUZZ_STOCK": str(stock),
                "FUZZ_AS": self.as_whom,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        calls = [Call(*json.loads(line)) for line in journal.read_text().splitlines()]
        return Outcome(done.returncode != 0, done.stdout + done.stderr, calls)

    def _shown(self) -> list[str]:
        """What calls show, for each way of the document to say who one is."""
        shown = {"Watcher": f'bearer = "{_METRICS_TOKEN}"'}
        if self.as_whom == "key":
            shown["KeyHolder"] = f'bearer = "{self._new_key()}"'
        if self.as_whom == "cookie":
            shown["Visitor"] = f'api_key = "{self._new_cookie()}"'
        return [f"[auth.openapi.{name}]\n{value}" for name, value in shown.items()]

    def _new_key(self) -> str:
        return self.manage("shell", "--no-imports", "-c", _MAKE_KEY).split()[-1]

    def _new_cookie(self) -> str:
        with httpx.Client(base_url=self.url) as client:
            made = client.post("/api/v1/jobs").raise_for_status()
        self.owner = made.json()["session_id"]
        return made.cookies["sessionid"]

    def _lay_stock(self, number: int) -> str:
        owner = "" if self.as_whom == "key" else self.owner
        code = _LAY_STOCK.format(number=number, owner=owner)
        return self.manage("shell", "--no-imports", "-c", code)


def _phases(examples: dict[str, int]) -> list[str]:
    return [f"[phases.{p}.generation]\nmax-examples = {n}" for p, n in examples.items()]
