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
