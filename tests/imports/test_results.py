"""What became of each row: the columns as they came, a status, a reason, and what was read."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO

import pytest

from converter.batches import claims, lifecycle
from converter.core.engines.protocol import Reading
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue
from converter.core.tables.model import Cell, Table
from converter.imports import manifests, results
from converter.imports.results import RowStatus, Status
from converter.maintenance import recovery
from converter.models import Batch, BatchImage, FetchState, ImageState, Manifest
from tests.support import batch_factory, import_lists
from tests.support.pictures import png

pytestmark = pytest.mark.django_db(transaction=True)

DOWN = EngineError("engine_failed", "Could not be read.", permanent=True)
FIELDS = [{"name": "Name"}, {"name": "Price"}]


@pytest.fixture(autouse=True)
def _allowed(settings) -> None:
    settings.ALLOW_URL_IMPORT = True


def address(number: int) -> str:
    return f"http://pictures.example/{number}.png"


def link(image: BatchImage) -> str:
    return f"https://tables.example/{image.position}"


def filled(text: str, missing: tuple[int, ...] = (), **options: object) -> Manifest:
    """A list whose pictures are fetched, but for those addresses, and whose batch is started."""
    manifest = import_lists.started(text.encode(), **options)
    for one in manifest.addresses.exclude(number__in=missing).order_by("number"):
        image = batch_factory._image(manifest.batch, png(), one.number)
        image.upload = str(one.upload)
        lifecycle.add_images(manifest.batch, [image])
    gone = manifest.addresses.filter(number__in=missing)
    gone.update(state=FetchState.FAILED, error_code="http_status", error="The server answered 404.")
    manifest.addresses.exclude(number__in=missing).update(state=FetchState.DONE)
    manifests.settle(manifest)
    return refreshed(manifest)


def refreshed(manifest: Manifest) -> Manifest:
    return Manifest.objects.select_related("batch").get(pk=manifest.pk)


def read(batch: Batch, outcome: Callable[[BatchImage], Reading | EngineError]) -> None:
    while claim := claims.claim_next(batch):
        found = outcome(claim.image)
        if isinstance(found, EngineError):
            claims.fail(claim, found, permanent=True)
        else:
            claims.finish(claim, "local", found)
    lifecycle.settle(batch)
    batch.refresh_from_db()


def tables(_image: BatchImage) -> Reading:
    return Reading("local", tables=(Table((Cell(0, 0, "x"),)),))


def output(manifest: Manifest) -> list[list[str]]:
    text = b"".join(results.output(refreshed(manifest), link)).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_the_columns_stay_and_what_became_of_each_row_follows():
    text = f"Nr;Bild\n1;{address(0)}\n2;\n3;{address(1)}\n"
    manifest = filled(text, missing=(1,))
    read(manifest.batch, tables)
    assert output(manifest) == [
        ["Nr", "Bild", "status", "error", "results"],
        ["1", address(0), "completed", "", "https://tables.example/0"],
        ["2", "", "refused", "This row has no address of a picture. (row_no_address)", ""],
        ["3", address(1), "failed", f"{address(1)}: The server answered 404. (http_status)", ""],
    ]


def test_a_row_with_several_pictures_has_the_results_of_all():
    manifest = filled(f'image\n"{address(0)}, {address(1)}"\n{address(1)}\n')
    read(manifest.batch, lambda image: DOWN if image.position == 0 else tables(image))
    rows = output(manifest)[1:]
    assert [(row[1], row[3]) for row in rows] == [
        ("partial", "https://tables.example/1"),
        ("completed", "https://tables.example/1"),
    ]
    assert rows[0][2] == "picture 0.png: Could not be read. (engine_failed)"


def test_fields_have_a_column_each():
    manifest = filled(
        f'no,image\n1,"{address(0)} {address(1)}"\n2,{address(2)}\n', mode="fields", fields=FIELDS
    )

    def values(image: BatchImage) -> Reading:
        found = (FieldValue("Name", "Chair"), FieldValue("Price", f"{image.position}"))
        return Reading("local", fields=found)

    read(manifest.batch, values)
    assert output(manifest) == [
        ["no", "image", "status", "error", "Name", "Price"],
        ["1", f"{address(0)} {address(1)}", "completed", "", "Chair", "0; 1"],
        ["2", address(2), "completed", "", "Chair", "2"],
    ]


def test_text_that_looks_like_a_formula_is_text():
    manifest = filled(f'no,image\n"=HYPERLINK(""x"")",{address(0)}\n-5,{address(0)}\n')
    assert [row[0] for row in output(manifest)[1:]] == ['\'=HYPERLINK("x")', "-5"]


def test_columns_of_ours_are_told_from_those_that_were_there():
    manifest = filled(f"Status,image,Error\nnew,{address(0)},none\n")
    assert output(manifest)[0] == [
        "Status", "image", "Error", "Tablexl status", "Tablexl error", "results",
    ]  # fmt: skip


@pytest.mark.parametrize("number", [results.CHUNK * 2 + 1])
def test_many_rows_come_all_and_in_order(number: int):
    rows = "".join(f"{n},{address(0)}\n" for n in range(number))
    found = output(filled(f"no,image\n{rows}"))
    assert [row[0] for row in found[1:]] == [str(n) for n in range(number)]


def test_a_row_with_very_many_pictures_has_them_all():
    number = results.CHUNK + 5
    cell = " ".join(address(n) for n in range(number))
    manifest = filled(f'image\n"{cell}"\n')
    read(manifest.batch, tables)
    assert len(output(manifest)[1][3].split()) == number


def status(manifest: Manifest) -> tuple[Status, int]:
    now = results.progress(refreshed(manifest))
    return now.status, now.percent


def test_how_far_a_list_is_is_told_at_every_step():
    text = f"image\n{address(0)}\n{address(1)}\n"
    manifest = import_lists.kept(text.encode())
    assert status(manifest) == (Status.DRAFT, 0)
    manifests.start(manifest)
    manifest.addresses.filter(number=0).update(state=FetchState.FAILED, error_code="http_status")
    assert status(manifest) == (Status.FETCHING, 25)
    image = batch_factory._image(manifest.batch, png(), 1)
    image.upload = str(manifest.addresses.get(number=1).upload)
    lifecycle.add_images(manifest.batch, [image])
    manifest.addresses.filter(number=1).update(state=FetchState.DONE)
    manifests.settle(manifest)
    assert status(manifest) == (Status.QUEUED, 50)
    claim = claims.claim_next(manifest.batch)
    assert claim
    assert status(manifest) == (Status.PROCESSING, 50)
    claims.finish(claim, "local", tables(claim.image))
    recovery.put_right()
    assert status(manifest) == (Status.PARTIAL, 100)


@pytest.mark.parametrize(
    ("text", "missing", "outcome", "expected"),
    [
        (f"image\n{address(0)}\n", (), tables, Status.COMPLETED),
        (f"no,image\n1,{address(0)}\n2,\n", (), tables, Status.PARTIAL),
        (f"image\n{address(0)}\n{address(1)}\n", (1,), tables, Status.PARTIAL),
        (f"image\n{address(0)}\n", (), lambda _: DOWN, Status.FAILED),
        (f"image\n{address(0)}\n", (0,), tables, Status.FAILED),
    ],
)
def test_a_list_is_completed_only_when_every_row_is(text, missing, outcome, expected):
    manifest = filled(text, missing)
    read(manifest.batch, outcome)
    assert status(manifest) == (expected, 100)


def test_what_is_cancelled_says_so():
    manifest = import_lists.started(import_lists.csv_of([address(0)]))
    assert [row.status for row in results.rows_of(manifest)] == [RowStatus.WAITING]
    lifecycle.cancel(manifest.batch)
    manifest = refreshed(manifest)
    assert status(manifest) == (Status.CANCELLED, 100)
    assert [row.status for row in results.rows_of(manifest)] == [RowStatus.CANCELLED]


def test_a_picture_of_a_cancelled_batch_says_so_too():
    manifest = filled(import_lists.csv_of([address(0)]).decode())
    lifecycle.cancel(manifest.batch)
    assert manifest.batch.images.get().state == ImageState.CANCELLED
    found = [row.status for row in results.rows_of(refreshed(manifest))]
    assert found == [RowStatus.CANCELLED]


def test_what_is_wrong_is_listed_by_line_and_no_further_than_asked():
    rows = f"1,\n2,{address(0)}\n3,{address(1)}\n4,\n"
    manifest = filled(f"no,image\n{rows}", missing=(1,))
    found = results.problems(manifest, 10)
    assert [(one.line, one.code) for one in found] == [
        (2, "row_no_address"),
        (4, "http_status"),
        (5, "row_no_address"),
    ]
    assert len(results.problems(manifest, 2)) == 2
