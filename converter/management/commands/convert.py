"""`manage.py convert`: images to workbooks on the command line, without a database."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from converter.config.options import CHOICES, engine_choice
from converter.core.engines.protocol import Mode, Reading, ReadRequest
from converter.core.errors import EngineError, TablexlError
from converter.core.fields.specification import TemplateSpec, active
from converter.exports.workbooks import Outcome, write_field_rows, write_tables
from converter.management import template_file
from converter.reading import pipeline


class Command(BaseCommand):
    help = "Convert images of tables to XLSX. Exit status: 0 all converted, 1 some failed, 2 usage."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
        target = parser.add_mutually_exclusive_group()
        target.add_argument("-o", dest="out", type=Path, help="one workbook for all images")
        target.add_argument("-d", dest="folder", type=Path, help="a workbook STEM.xlsx per image")
        parser.add_argument("--engine", default=settings.ENGINE, choices=CHOICES)
        parser.add_argument(
            "--template", type=template_file, help="a JSON file of fields: a row per image"
        )
        parser.add_argument(
            "--explain",
            type=Path,
            metavar="DIR",
            help="also draw how each page was read: lines, tables, cells, confidence; DIR/STEM.png",
        )
        parser.add_argument("--json", action="store_true", help="print what was read as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        template: TemplateSpec | None = options["template"]
        run = _Run(options["engine"], template, options["explain"])
        images: list[Path] = options["images"]
        _prepare(options["folder"], options["out"])
        if options["explain"]:
            _prepare(options["explain"], None)
        if options["folder"]:
            used: set[str] = set()
            for path in images:
                outcomes = list(run.read(path))
                if not any(outcome.reading for outcome in outcomes):
                    continue
                name = f"{_unused(used, path.stem)}.xlsx"
                try:
                    _write(outcomes, options["folder"] / name, template, 1)
                except OSError as error:  # a failure of that image alone
                    message = f"Cannot write {name}: {error.strerror}."
                    run.fail(path, TablexlError("storage_failed", message))
        elif options["json"] and not options["out"]:
            run.read_all(images)
        else:
            # Without -o, beside where the command runs, named after a single image.
            stem = images[0].stem if len(images) == 1 else "tables"
            target = options["out"] or Path(f"{stem}.xlsx")
            _write(run.read_all(images), target, template, len(images))
        if options["json"]:
            text = json.dumps(run.as_json, ensure_ascii=False, indent=1)
            sys.stdout.buffer.write(text.encode(errors="replace") + b"\n")  # whatever the locale
            sys.stdout.flush()
        if run.to_look_at:
            sys.stderr.write(f"{run.need_a_look()}\n")
        sys.exit(1 if run.failures else 0)


class _Run:
    """Reads images one after the other, with the engine loaded once, and reports failures."""

    def __init__(
        self, engine: str, template: TemplateSpec | None, explain: Path | None = None
    ) -> None:
        self.engine = engine
        self.engines = engine_choice(engine)
        self.explain = explain
        self.used: set[str] = set()
        self.template = template
        mode = Mode.FIELDS if template else Mode.TABLES
        self.request = ReadRequest(mode, active(template.fields) if template else ())
        self.failures = 0
        self.pages = self.to_look_at = self.doubtful = self.nothing_found = 0
        self.as_json: list[dict[str, Any]] = []

    def read_all(self, paths: Sequence[Path]) -> list[Outcome]:
        return [outcome for path in paths for outcome in self.read(path)]

    def read(self, path: Path) -> Iterator[Outcome]:
        """The outcome of each page; a failure is one line on stderr, and an outcome too."""
        try:
            for name, reading in pipeline.read_file(path, self.engine, self.request):
                self.as_json.append({"image": name} | reading.to_json())
                self._count(reading)
                yield Outcome(name, "Done", self.engines.engine_of(reading), reading)
            if self.explain:
                try:
                    for picture in pipeline.explain_file(path, self.engine):
                        picture.save(self.explain / f"{_unused(self.used, path.stem)}.png")
                except EngineError as error:
                    raise CommandError(error.message, returncode=2) from error
        except TablexlError as error:
            self.fail(path, error)
            yield Outcome(path.name, "Failed", error=str(error))

    def _count(self, reading: Reading) -> None:
        found = bool(reading.tables or self.template)
        self.pages += 1
        self.doubtful += reading.doubtful
        self.nothing_found += not found
        self.to_look_at += bool(reading.doubtful or reading.unread or not found)

    def need_a_look(self) -> str:
        """How much a person should compare with the pictures."""
        doubtful = f"{self.doubtful} doubtful, {self.nothing_found} with nothing found"
        return f"{self.to_look_at} of {self.pages} images need a look: {doubtful}"

    def fail(self, path: Path, error: TablexlError) -> None:
        self.failures += 1
        self.as_json.append({"image": path.name, "code": error.code, "error": error.message})
        # One line for each, whatever characters are in the name.
        name = str(path) if str(path).isprintable() else ascii(str(path))
        sys.stderr.write(f"{name}: {error}\n")


def _prepare(folder: Path | None, out: Path | None) -> None:
    """Make the folders to write to; better to fail now than after hours of reading."""
    target = folder or (out.parent if out else Path())
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"Cannot write to {target}: {error.strerror}.", returncode=2) from error
    if not os.access(target, os.W_OK) or (out and out.is_dir()):
        raise CommandError(f"Cannot write to {out or target}.", returncode=2)


def _unused(used: set[str], stem: str) -> str:
    """A name for the next file of that stem: "scan", then "scan (2)"; it is used from now on."""
    names = chain([stem], (f"{stem} ({number})" for number in count(2)))
    name = next(name for name in names if name not in used)
    used.add(name)
    return name


def _write(
    outcomes: Sequence[Outcome], target: Path, template: TemplateSpec | None, images: int
) -> None:
    if template:
        write_field_rows(target, active(template.fields), outcomes)
    else:
        write_tables(target, outcomes, named=images > 1)
