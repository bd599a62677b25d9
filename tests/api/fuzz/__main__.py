"""`python -m tests.api.fuzz`: try the whole API against what its OpenAPI document says.

Status 1 if schemathesis found anything, made too few cases, or got nowhere with a call.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from tempfile import mkdtemp

from tests.api.fuzz.running import FuzzedApp, Outcome

_ROUNDS = 12  # of ways from call to call, each of which the tool ends when it likes
# Without cookie and key no field template is found again, and no secret.
_OUT_OF_REACH = {"nobody": ("/templates/", "/webhooks/secret")}


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=3000, help="how many at least, each time")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--as", dest="as_whom", nargs="*", default=["key", "nobody"])
    options = parser.parse_args()
    seed = secrets.randbelow(2**31) if options.seed is None else options.seed
    return max(_run(as_whom, options.cases, seed) for as_whom in options.as_whom)


def _run(as_whom: str, cases: int, seed: int) -> int:
    folder = Path(mkdtemp(prefix=f"api-fuzz-{as_whom}-"))
    database = {name: os.environ[name] for name in ("DATABASE_URL",) if name in os.environ}
    _say(f"As {as_whom}, seed {seed}; what is found, and the app's log, is in {folder} …")
    began = time.monotonic()
    with FuzzedApp(folder, as_whom, **database) as app:
        app.wait_until_ready()
        outcome = app.fuzz("--seed", str(seed), fuzzing=cases // 40, stateful=cases // 30)
        for more in range(1, _ROUNDS):
            if outcome.failed or outcome.from_call_to_call >= cases // 10:
                break
            outcome = app.fuzz(
                "--phases", "stateful", "--seed", str(seed + more), fuzzing=1, stateful=cases // 30
            )
    (folder / "found").write_text(outcome.told)
    _say(f"{outcome.summary}; {time.monotonic() - began:.0f} s")
    faults = _faults(outcome, as_whom, cases)
    _say("\n".join(faults) or "Nothing found.")
    return 1 if faults else 0


def _faults(outcome: Outcome, as_whom: str, cases: int) -> list[str]:
    nowhere = _OUT_OF_REACH.get(as_whom, ())
    unreached = [one for one in outcome.never_done if not any(end in one for end in nowhere)]
    faults = [outcome.told] if outcome.failed else []
    if outcome.cases < cases:
        faults.append(f"Fewer cases than the {cases} that were asked for.")
    if unreached:
        faults.append(f"Never answered with success: {', '.join(unreached)}")
    return faults


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
