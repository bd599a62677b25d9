"""Batches of tables that have been read, with doubtful cells, for the tests of the review."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.urls import reverse

from converter.accounts import access
from converter.batches import claims, lifecycle
from converter.core.engines.protocol import Reading, TextLine
from converter.core.fields.values import FieldValue
from converter.core.tables.model import Box, Cell, Table
from converter.models import Batch, BatchImage
from converter.review.trail import By
from tests.support import batch_factory

ME = By({"user": None, "owner": "me"})


def doubtful_table() -> Table:
    """Item and price, of which the price 12.5O and the item 0ak are in doubt."""
    head = Cell(0, 0, "Item", header=True), Cell(0, 1, "Price", header=True)
    return Table(
        (
            *head,
            Cell(1, 0, "0ak", box=Box(4, 14, 20, 22), confidence=0.6),
            Cell(1, 1, "12.5O", box=Box(30, 14, 50, 22), confidence=0.3, other="12.50"),
            Cell(2, 0, "Elm", box=Box(4, 26, 20, 34)),
            Cell(2, 1, "9.75", box=Box(30, 26, 50, 34)),
        ),
        Box(0, 0, 60, 40),
    )


def pile(*readings: Reading, **values: object) -> Batch:
    """A settled batch with an image for each reading."""
    batch = batch_factory.draft(images=len(readings), **values)
    with transaction.atomic():  # or the workers of a running app would read some of the images
        lifecycle.start(batch)
        for reading in readings:
            claim = claims.claim_next(batch)
            assert claim
            assert claims.finish(claim, "local", reading)
        lifecycle.settle(batch)
    batch.refresh_from_db()
    return batch


def doubtful(images: int = 1, **values: object) -> Batch:
    return pile(*[Reading("m", tables=(doubtful_table(),))] * images, **values)


def image_of(batch: Batch, number: int = 0) -> BatchImage:
    rows = BatchImage.objects.select_related("batch", "result", "review")
    return rows.get(batch=batch, position=number)


def texts_of(image: BatchImage) -> list[list[str]]:
    """The first table of an image as it stands, row by row."""
    table = image_of(image.batch, image.position).result.current().tables[0]
    grid = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        grid[cell.row][cell.col] = cell.text
    return grid


def states(*names: str, doubtful: str = "") -> Reading:
    """A column of states; those that read as `doubtful` are in doubt, with its place."""
    cells = [Cell(0, 0, "State", header=True)]
    for row, name in enumerate(names, 1):
        sure = 0.5 if name == doubtful else 1.0
        cells.append(Cell(row, 0, name, box=Box(4, 10 * row, 30, 10 * row + 8), confidence=sure))
    return Reading("m", tables=(Table(tuple(cells)),))


def laid(images: int) -> dict[str, object]:
    """A settled batch for a browser of its own: the key of its session, its images' addresses."""
    return laid_for_browser(*[Reading("m", tables=(doubtful_table(),))] * images)


def loose() -> Reading:
    """The same print as `doubtful_table`, of which nobody has made a table."""
    texts = (cell for cell in doubtful_table().cells if cell.text)
    places = [(4, 2, 20, 10), (30, 2, 50, 10), (4, 14, 20, 22), (30, 14, 50, 22), (4, 26, 20, 34)]
    places += [(30, 26, 50, 34)]
    lines = (
        TextLine(cell.text, Box(*place), cell.confidence)
        for cell, place in zip(texts, places, strict=True)
    )
    return Reading("m", loose_text=(*lines, TextLine("Note", Box(4, 38, 20, 46))))


def laid_loose(images: int) -> dict[str, object]:
    """Images on which print was read, and no table found."""
    return laid_for_browser(*[loose()] * images)


def laid_states(_images: int) -> dict[str, object]:
    """The same of three images, on which lowa was read five times, each time in doubt."""
    readings = (("lowa", "lowa"), ("lowa",), ("lowa", "Ohio", "lowa"))
    return laid_for_browser(*(states(*names, doubtful="lowa") for names in readings))


def twelve_doubts(number: int) -> tuple[Table, dict[str, str]]:
    """A table with a doubt in each of twelve rows, and the truth of these cells by their places: a
    third were read rightly, another reading is right for a third, and their column for the rest."""
    cells = [Cell(0, col, text, header=True) for col, text in enumerate(("Tree", "Place", "Price"))]
    truth = {}
    for row in range(1, 13):
        top = 14 + 12 * row
        price, sure = f"{10 * number + row}.50", 1.0
        tree, tree_sure, other = "Oak", 1.0, ""
        if row % 3 == 0:
            truth[f"0.{row}.2"], sure = price, 0.4
        elif row % 3 == 1:
            truth[f"0.{row}.2"], sure, other = price, 0.3, price
            price = price.replace(".50", ".5O")
        else:
            truth[f"0.{row}.0"], tree, tree_sure = tree, "0ak", 0.6
        boxes = [Box(left, top, left + 30, top + 8) for left in (4, 44, 84)]
        cells += [
            Cell(row, 0, tree, box=boxes[0], confidence=tree_sure),
            Cell(row, 1, "North", box=boxes[1]),
            Cell(row, 2, price, box=boxes[2], confidence=sure, other=other),
        ]
    return Table(tuple(cells), Box(0, 10, 120, 170)), truth


def laid_sixty(images: int) -> dict[str, object]:
    """So many images with twelve doubts each: the session, their pages, and of each the truth."""
    tables, truths = zip(*map(twelve_doubts, range(images)), strict=True)
    laid = laid_for_browser(*(Reading("m", tables=(table,)) for table in tables))
    return laid | {"truths": truths}


def laid_large(_images: int) -> dict[str, object]:
    """An image with a table of 2,000 cells, of which a tenth are in doubt."""
    cells = (
        Cell(
            row, col, f"{row * 7 + col}.{col}0",
            box=Box(40 * col, 12 * row, 40 * col + 30, 12 * row + 9),
            confidence=0.5 if (row + col) % 10 == 0 else 1.0, header=row == 0,
        )
        for row in range(200) for col in range(10)
    )  # fmt: skip
    return laid_for_browser(Reading("m", tables=(Table(tuple(cells), Box(0, 0, 400, 2400)),)))


def laid_for_browser(*readings: Reading, **values: object) -> dict[str, object]:
    session = SessionStore()
    session[access.OWNER_KEY] = uuid4().hex
    session.save()
    batch = pile(*readings, owner=session[access.OWNER_KEY], **values)
    rows = batch.images.order_by("position")
    pages = [reverse("image", args=[batch.pk, image.pk]) for image in rows]
    return {"session": session.session_key, "pages": pages}


def laid_for_two() -> dict[str, object]:
    """The same for a user at two browsers: their sessions, and the page of one image."""
    user = User.objects.create_user(f"ann-{uuid4().hex[:8]}")
    sessions = []
    for _ in range(2):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        sessions.append(session.session_key)
    batch = pile(Reading("m", tables=(doubtful_table(),)), owner="", user=user)
    page = reverse("image", args=[batch.pk, batch.images.get().pk])
    return {"sessions": sessions, "page": page}


def card_with_lines(number: int) -> Reading:
    """A card on which the surname was not found, and stands beside a label."""
    lines = TextLine("No.", Box(2, 4, 10, 12)), TextLine(f"Abbott {number}", Box(14, 4, 50, 12))
    note = TextLine("A note", Box(2, 30, 40, 38))
    return Reading("m", fields=(FieldValue("Surname"),), lines=(*lines, note))


def laid_cards_with_lines(cards: int) -> dict[str, object]:
    """Cards whose surnames were not found: the session, and the pages of the cards."""
    readings = map(card_with_lines, range(cards))
    return laid_for_browser(*readings, mode="fields", fields=[{"name": "Surname"}])


def laid_cards(cards: int) -> dict[str, object]:
    """Cards whose surnames are all in doubt: the session, and the page of that field."""
    readings = (
        Reading("m", fields=(FieldValue("Surname", f"0ak{n}", Box(4, 4, 40, 16), 0.4),))
        for n in range(cards)
    )
    laid = laid_for_browser(*readings, mode="fields", fields=[{"name": "Surname"}])
    batch = Batch.objects.latest("created")
    return laid | {"pages": [reverse("batch-values", args=[batch.pk])]}
