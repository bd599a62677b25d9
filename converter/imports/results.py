"""Results of a list of pictures: of the whole list, of each row, and as CSV with its own columns.

Rows are loaded a hundred at a time, by a new query each time, as `exports.archives` does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple

from django.db.models import Count

from converter.core.engines.protocol import Mode
from converter.core.tables.csv_text import MARK, csv_text
from converter.fields import cards
from converter.fields.cards import Specs
from converter.models import (
    BatchImage,
    BatchState,
    FetchState,
    ImageState,
    Manifest,
    ManifestAddress,
    ManifestRow,
    ManifestState,
)

CHUNK: Final = 100  # rows in memory at a time
_BETWEEN: Final = "; "  # several values, or errors, in one cell

Link = Callable[[BatchImage], str]


class Status(StrEnum):
    """The status of a list, in the words of the API."""

    DRAFT = "draft"
    FETCHING = "fetching"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RowStatus(StrEnum):
    """The status of a row, in the words of the API."""

    WAITING = "waiting"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far a list is. `total`, `done` and `failed` count images: a PDF has several."""

    status: Status
    rows: int
    rows_refused: int
    addresses: int
    fetched: int
    not_fetched: int
    total: int
    done: int
    failed: int

    @property
    def is_over(self) -> bool:
        """Nothing changes any more by itself."""
        return self.status in {
            Status.COMPLETED,
            Status.PARTIAL,
            Status.FAILED,
            Status.CANCELLED,
        }

    @property
    def percent(self) -> int:
        """The first half is for fetching, the second for reading; 100 only once it is over."""
        if self.is_over:
            return 100
        fetched = (self.fetched + self.not_fetched) / (self.addresses or 1)
        read = (self.done + self.failed) / self.total if self.total and fetched == 1 else 0.0
        return min(99, int(50 * fetched + 50 * read))


class ImportProblem(NamedTuple):
    """What is wrong with a row, or with an address in it. Lines count from 1."""

    line: int
    url: str
    code: str
    message: str


def progress(manifest: Manifest) -> ImportProgress:
    batch = manifest.batch
    rows = manifest.rows.values_list("error_code", flat=True)
    refused = rows.exclude(error_code="").count()
    counted = manifest.addresses.values("state").annotate(number=Count("pk"))
    states = {found["state"]: found["number"] for found in counted}
    failed = states.get(FetchState.FAILED, 0)
    is_whole = not (failed or refused)
    return ImportProgress(
        status=_status(manifest, is_whole=is_whole),
        rows=rows.count(),
        rows_refused=refused,
        addresses=sum(states.values()),
        fetched=states.get(FetchState.DONE, 0),
        not_fetched=failed,
        total=batch.total,
        done=batch.done,
        failed=batch.failed,
    )


def problems(manifest: Manifest, most: int) -> list[ImportProblem]:
    """What is wrong with rows and addresses, by line, the first of it."""
    refused = manifest.rows.exclude(error_code="").order_by("line")[:most]
    failed = manifest.addresses.filter(state=FetchState.FAILED).order_by("line", "number")[:most]
    found = [ImportProblem(row.line, "", row.error_code, row.error) for row in refused]
    found += [ImportProblem(one.line, one.url, one.error_code, one.error) for one in failed]
    return sorted(found, key=lambda problem: problem.line)[:most]


def output(manifest: Manifest, link: Link) -> Iterator[bytes]:
    """The list as UTF-8 CSV with commas, and after its own columns the result of each row.

    For tables that is an address of each result, for fields a column for each. A column of ours
    that the list has too is called `Tablexl …`. Text that a spreadsheet would take for a formula
    gets an apostrophe in front, as in all our CSV files.
    """
    specs = cards.specs_of(manifest.batch)
    added = ["status", "error", *([spec.name for spec in specs] or ["results"])]
    taken = {name.strip().casefold() for name in manifest.header}
    ours = (f"Tablexl {name}" if name.casefold() in taken else name for name in added)
    yield csv_text([[*manifest.header, *ours]]).encode()
    for row in rows_of(manifest):
        values = row.values(specs) if specs else [" ".join(map(link, row.read))]
        cells = [*row.row.cells, row.status, row.error, *values]
        yield csv_text([cells]).removeprefix(MARK).encode()


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row with its addresses and the images that came of them."""

    row: ManifestRow
    addresses: Sequence[ManifestAddress]
    images: Sequence[BatchImage]
    is_over: bool

    @property
    def read(self) -> list[BatchImage]:
        return [image for image in self.images if image.state == ImageState.DONE]

    @property
    def status(self) -> RowStatus:
        if self.row.error_code:
            return RowStatus.REFUSED
        failed = [one for one in self.addresses if one.state == FetchState.FAILED]
        states = Counter(image.state for image in self.images)
        fetched = sum(one.state == FetchState.DONE for one in self.addresses)
        under_way = len(self.addresses) - len(failed) - fetched
        under_way += states[ImageState.WAITING] + states[ImageState.RUNNING]
        if under_way:
            return RowStatus.CANCELLED if self.is_over else RowStatus.WAITING
        if states[ImageState.DONE]:
            is_whole = not failed and states.total() == states[ImageState.DONE]
            return RowStatus.COMPLETED if is_whole else RowStatus.PARTIAL
        return RowStatus.CANCELLED if states[ImageState.CANCELLED] else RowStatus.FAILED

    @property
    def error(self) -> str:
        if self.row.error_code:
            return f"{self.row.error} ({self.row.error_code})"
        found = [(one.url, one.error, one.error_code) for one in self.addresses]
        found += [(one.display_name, one.error, one.error_code) for one in self.images]
        return _BETWEEN.join(f"{what}: {why} ({code})" for what, why, code in found if code)

    def values(self, specs: Specs) -> list[str]:
        """The text in each field; of several pictures all that differ."""
        found = [card.values(specs) for card in cards.rows_of(self.images)]
        columns = ([values[number].text for values in found] for number in range(len(specs)))
        return [_BETWEEN.join(dict.fromkeys(filter(None, texts))) for texts in columns]


def rows_of(manifest: Manifest) -> Iterator[RowResult]:
    """All rows, in order, each with its present result."""
    last = -1
    rows = manifest.rows.order_by("number")
    is_over = manifest.batch.is_settled
    while some := list(rows.filter(number__gt=last)[:CHUNK]):
        last = some[-1].number
        addresses, images = _of_rows(manifest, some)
        for row in some:
            named = [addresses[number] for number in row.addresses]
            pictures = [image for one in named for image in images[str(one.upload)]]
            yield RowResult(row, named, pictures, is_over)


def _of_rows(
    manifest: Manifest, rows: Sequence[ManifestRow]
) -> tuple[dict[int, ManifestAddress], defaultdict[str, list[BatchImage]]]:
    """The addresses of some rows by their numbers, and the images by those addresses' uploads."""
    addresses: dict[int, ManifestAddress] = {}
    images: defaultdict[str, list[BatchImage]] = defaultdict(list)
    numbers = iter(sorted({number for row in rows for number in row.addresses}))
    found = manifest.batch.images.by_card()
    if manifest.batch.mode != Mode.FIELDS:
        found = found.defer("result__reading")
    while some := list(islice(numbers, CHUNK)):  # one row may name thousands
        named = list(manifest.addresses.filter(number__in=some))
        addresses |= {one.number: one for one in named}
        for image in found.filter(upload__in=[str(one.upload) for one in named]):
            images[image.upload].append(image)
    return addresses, images


def _status(manifest: Manifest, *, is_whole: bool) -> Status:
    batch = manifest.batch
    if batch.is_draft:
        return Status.FETCHING if manifest.is_fetching else Status.DRAFT
    if not batch.total and manifest.state == ManifestState.FETCHED:
        return Status.FAILED  # none of its pictures could be had
    status = Status(BatchState(batch.state).api_name)
    return Status.PARTIAL if status == Status.COMPLETED and not is_whole else status
