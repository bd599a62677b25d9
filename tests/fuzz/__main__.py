"""`make fuzz`: each of our own parsers for so many seconds, several at once.

    python -m tests.fuzz [NAME ...] [--seconds 600] [--jobs 2] [--folder .fuzz]

It needs atheris, which `make fuzz` installs into a folder of its own. What a parser raises over, or
takes longer than `SLOW` for, is kept in the folder, and `python -m tests.fuzz NAME --input FILE`
repeats it. The exit status is 1 if there is anything.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

LONGEST: Final = 20_000  # bytes of an input
SLOW: Final = (
    10  # seconds for one input; all take milliseconds, and being watched makes them slower
)
MEMORY: Final = 2048  # MiB of a process


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(".fuzz"))
    parser.add_argument("--input", type=Path, help="parse this file alone")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tablexl.settings")
    os.environ["DEBUG"] = "true"
    os.environ.setdefault("DATA_DIR", mkdtemp())
    if os.environ.get("FUZZED"):
        _fuzz(options.names[0], options.folder, options.seconds)
    if options.input:
        _set_up()
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415

        TARGETS[options.names[0]].parse(options.input.read_bytes())
        return 0
    return _fuzz_all(options)


def _fuzz_all(options: Namespace) -> int:
    _set_up()
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415

    def one(name: str) -> int:
        command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(options.seconds)]
        command += ["--folder", str(options.folder)]
        (options.folder / name / "found").mkdir(parents=True, exist_ok=True)
        log = options.folder / name / "log"
        with log.open("wb") as file:
            environment = os.environ | {"FUZZED": name}
            status = subprocess.run(
                command, env=environment, stdout=file, stderr=file, check=False
            ).returncode
        print(f"{name}: {_told(log)}; {f'FAULT, see {log}' if status else 'no fault'}")
        return status

    with ThreadPoolExecutor(options.jobs) as pool:
        return int(any(list(pool.map(one, options.names or TARGETS))))


def _told(log: Path) -> str:
    """What libFuzzer said last of how often it ran and how far it came."""
    said = re.findall(r"#(\d+)\s.*?cov: (\d+)", log.read_text(errors="replace"))
    return "{} inputs, {} edges".format(*said[-1]) if said else "it did not begin"


def _fuzz(name: str, folder: Path, seconds: int) -> None:
    """Never returns: atheris ends the process."""
    import atheris  # type: ignore[import-not-found]  # noqa: PLC0415

    with atheris.instrument_imports(include=["converter.core", "converter.api"]):
        _set_up()
        from tests.fuzz.targets import TARGETS, seeds_of  # noqa: PLC0415

    target = TARGETS[name]
    corpus = folder / name / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds_of(target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = folder / name / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words.split(" ") if word))
    options = {
        "max_total_time": seconds,
        "max_len": LONGEST,
        "timeout": SLOW,
        "rss_limit_mb": MEMORY,
        "artifact_prefix": f"{folder / name / 'found'}/",
    }
    if target.words:
        options["dict"] = words
    pairs = [f"-{option}={value}" for option, value in options.items()]
    atheris.Setup([sys.argv[0], *pairs, str(corpus)], target.parse)
    atheris.Fuzz()


def _set_up() -> None:
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415

    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


if __name__ == "__main__":
    sys.exit(main())
