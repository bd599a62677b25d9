"""`manage.py batches`: what the pages of batches do, for operators."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import BaseCommand, CommandError

from converter.batches import drafts, lifecycle, rerun, retention
from converter.core.engines.protocol import Mode
from converter.core.errors import TablexlError
from converter.core.fields.pairing import Pairing
from converter.management import template_file
from converter.models import NAME_LENGTH, Batch, Priority
from converter.uploads import intake

# The verbs that take ids of batches.
VERBS: Final[dict[str, tuple[str, Callable[[Batch], object]]]] = {
    "start": ("freeze drafts and have them read", lifecycle.start),
    "cancel": ("stop, and keep what is done", lifecycle.cancel),
    "retry": ("read the failed images again", lifecycle.retry_failed),
    "resume": ("resume what was cancelled", lifecycle.resume),
    "go-on": ("go on with what is paused", lifecycle.go_on),
    "again": ("make new drafts of the same images", rerun.run_again),
    "delete": ("delete with images, results and files; says how much first", lifecycle.delete),
}


class Command(BaseCommand):
    help = "Batches, by id. Exit status: 0 all done, 1 some were not, 2 wrong usage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        verbs.add_parser("list", help="the newest batches").add_argument(
            "-n", dest="number", type=int, default=20, help="how many (20)"
        )
        new = verbs.add_parser("new", help="make a draft of files")
        new.add_argument("files", nargs="+", type=Path, metavar="FILE")
        new.add_argument("--name", default="Batch")
        new.add_argument("--user", metavar="NAME", help="whose it is; else only the admin has it")
        new.add_argument("--priority", choices=[label.lower() for label in Priority.labels])
        new.add_argument(
            "--template", type=template_file, help="a JSON file of fields: a row per card"
        )
        new.add_argument(
            "--pair",
            choices=[how.value for how in Pairing if how is not Pairing.NONE],
            help="front and back are two images that make one row",
        )
        add = verbs.add_parser("add", help="add files to a draft")
        add.add_argument("id", type=UUID)
        add.add_argument("files", nargs="+", type=Path, metavar="FILE")
        for verb, (what, _) in VERBS.items():
            named = verbs.add_parser(verb, help=what)
            named.add_argument("ids", nargs="+", type=UUID, metavar="ID")
            if verb == "delete":
                named.add_argument("--yes", action="store_true", help="do it, not only say what")
        image = verbs.add_parser("retry-image", help="read one image again")
        image.add_argument("id", type=UUID)
        image.add_argument("number", type=int, help="its number in the batch, from 1")

    def handle(self, *_args: Any, verb: str, **options: Any) -> None:
        self.fine = True
        if verb == "list":
            for batch in Batch.objects.listed().newest_first()[: max(options["number"], 0)]:
                self._show(batch)
        elif verb == "new":
            self._add(_new(options), options["files"])
        elif verb == "add":
            self._add(_batch(options["id"]), options["files"])
        elif verb == "retry-image":
            number = options["number"]
            images = _batch(options["id"]).images.select_related("batch")
            image = images.filter(position=number - 1).first()
            if image is None:
                raise CommandError(f"The batch has no image number {number}.", returncode=2)
            self._attempt(partial(lifecycle.retry_image, image))
        elif verb == "delete" and not options["yes"]:
            held = retention.amount_of(Batch.objects.filter(pk__in=options["ids"]))
            raise CommandError(
                f"This would delete {held.batches} batches with {held.images} images"
                f" ({held.bytes:,} bytes), and what was read. Add --yes to do it.",
                returncode=2,
            )
        else:
            for batch in [_batch(pk) for pk in options["ids"]]:
                self._do(verb, batch)
        sys.exit(0 if self.fine else 1)

    def _do(self, verb: str, batch: Batch) -> None:
        made = self._attempt(partial(VERBS[verb][1], batch))
        if made is False:
            self._complain(f"{batch.pk}: it has ended already.")
        if verb != "delete":
            self._show(made if isinstance(made, Batch) else batch)

    def _add(self, batch: Batch, paths: list[Path]) -> None:
        for path in paths:
            try:
                with path.open("rb") as stream:
                    file = UploadedFile(stream, path.name, size=path.stat().st_size)
                    report = intake.add_files(batch, [file])
            except (TablexlError, OSError) as error:
                self._complain(str(error))
                continue
            for refused in report.refused:
                self._complain(f"{path}: {refused.code}: {refused.message}")
        batch.refresh_from_db()
        self._show(batch)

    def _attempt(self, verb: Callable[[], Any]) -> Any:
        try:
            return verb()
        except (TablexlError, OSError) as error:
            self._complain(str(error))

    def _complain(self, line: str) -> None:
        self.fine = False
        self.stderr.write(line)

    def _show(self, batch: Batch) -> None:
        counts = f"{batch.done}/{batch.total} done, {batch.failed} failed"
        self.stdout.write(f"{batch.pk}  {batch.state:9}  {counts}  {batch.name}")


def _new(options: dict[str, Any]) -> Batch:
    owner = User.objects.filter(username=options["user"]).first()
    if options["user"] and owner is None:
        raise CommandError(f"There is no user {options['user']!r}.", returncode=2)
    if options["pair"] and not options["template"]:
        raise CommandError("--pair is for cards; say by --template what is read.", returncode=2)
    batch = Batch.objects.create(
        name=options["name"][:NAME_LENGTH], user=owner, engine=settings.ENGINE
    )
    chosen: dict[str, object] = {}
    if options["priority"]:
        chosen["priority"] = Priority[options["priority"].upper()]
    if options["template"]:
        chosen |= {"mode": Mode.FIELDS, "fields": options["template"].to_json()["fields"]}
    if options["pair"]:
        chosen["pairing"] = options["pair"]
    drafts.configure(batch, chosen)
    return batch


def _batch(pk: UUID) -> Batch:
    batch = Batch.objects.filter(pk=pk).first()
    if batch is None:
        raise CommandError(f"There is no batch {pk}.", returncode=2)
    return batch
