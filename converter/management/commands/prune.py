"""`manage.py prune`: delete what is old or belongs to nothing; for cron."""

import sys
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from converter.batches import deletion, retention
from converter.maintenance import orphans
from converter.maintenance.orphans import Kind
from converter.maintenance.recovery import STALE_UPLOAD
from converter.models import Batch
from converter.storage import layout

_WORDS = {
    Kind.ORPHAN: ("files that belong to no image", "deleted"),
    Kind.MISPLACED: ("files at a wrong place", "moved to the right one"),
    Kind.MISSING: ("images without their file", "left as they are"),
}
SHOWN = 100  # lines of each kind; counts are always of all


class Command(BaseCommand):
    help = (
        "Delete old drafts, old settled batches, and files that belong to nothing."
        " Exit status: 0 all done, 1 something was left or is amiss, 2 wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--drafts", type=int, metavar="DAYS", help="drafts older than that")
        parser.add_argument("--settled", type=int, metavar="DAYS", help="settled longer ago")
        parser.add_argument("--orphans", action="store_true", help="files that belong to nothing")
        parser.add_argument("--dry-run", action="store_true", help="say what would be deleted")

    def handle(self, *_args: Any, orphans: bool, dry_run: bool, **options: Any) -> None:
        days = {name: options[name] for name in retention.CHOICES if options[name] is not None}
        if not (days or orphans):
            raise CommandError("Say what to prune: --drafts, --settled, --orphans.", returncode=2)
        if min(days.values(), default=0) < 0:
            raise CommandError("DAYS cannot be below zero.", returncode=2)
        for name, age in days.items():
            before = timezone.now() - timedelta(days=age)
            chosen = retention.CHOICES[name](Batch.objects.listed(), before)
            held = retention.amount_of(chosen)
            what = f"{held.batches} {name} older than {age} days"
            self._say(f"{what}: {held.images} images, {_size(held.bytes)}", dry_run)
            for batch in chosen.order_by("created")[:SHOWN]:
                self.stdout.write(f"  {batch.pk}  {batch.created:%Y-%m-%d}  {batch.name}")
            if not dry_run:
                deletion.delete_all(chosen)
        fine = dry_run or deletion.clear(seconds=float("inf"))
        if orphans:
            fine = self._prune_files(dry_run) and fine
        sys.exit(0 if fine else 1)

    def _prune_files(self, dry_run: bool) -> bool:
        """False if rows are without their files."""
        found = list(orphans.scan())
        for kind, (what, done) in _WORDS.items():
            of_kind = [finding for finding in found if finding.kind == kind]
            size = _size(sum(finding.size for finding in of_kind))
            self._say(f"{len(of_kind)} {what}: {size}", dry_run, done)
            for finding in of_kind[:SHOWN]:
                self.stdout.write(f"  {finding.name}")
        stale = list(layout.stale_uploads(STALE_UPLOAD))
        size = _size(sum(size for _, size in stale))
        self._say(f"{len(stale)} uploads left behind: {size}", dry_run)
        if not dry_run:
            orphans.put_right(found)
            layout.discard_stale_uploads(STALE_UPLOAD)
        return not any(finding.kind == Kind.MISSING for finding in found)

    def _say(self, line: str, dry_run: bool, done: str = "deleted") -> None:
        self.stdout.write(line if dry_run else f"{line}; {done}")


def _size(size: int) -> str:
    return filesizeformat(size).replace("\xa0", " ")
