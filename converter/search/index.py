"""The index of words: what an image says is put in, and images are found by it.

SQLite searches by FTS5, PostgreSQL by a GIN index over lexemes. Both get words of our own making,
so they find the same. What is deleted goes from the index with the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from converter.core.engines.protocol import Reading
from converter.core.tables.model import Table
from converter.models import BatchImage, SearchText
from converter.search.words import words_of

# Both name columns of SearchText alone, which no other table of these subqueries has.
_FTS5: Final = (
    "image_id IN (SELECT rowid FROM converter_searchindex WHERE converter_searchindex MATCH %s)"
)
_GIN: Final = (
    "array_to_tsvector(string_to_array(btrim(cells || ' ' || beside), ' ')) @@ CAST(%s AS tsquery)"
)


def put(image: BatchImage, reading: Reading | None = None) -> None:
    """Index an image as it was read; by its name alone if it was not."""
    name = image.display_name
    if reading is None:
        _keep([SearchText(image=image, beside=words_of([name]))], "cells", "beside")
        return
    values = [value.text for value in reading.fields if value.text]
    lines = [line.text for line in (*reading.loose_text, *reading.missing)]
    row = SearchText(
        image=image,
        cells=words_of([*texts_of(reading.tables), *values]),
        beside=words_of([name, *lines]),
    )
    _keep([row], "cells", "beside")


def put_cells(texts: Mapping[int, Iterable[str]]) -> None:
    """Index what the cells or values of images say by now, by the images' keys, by one query."""
    rows = [SearchText(image_id=pk, cells=words_of(some)) for pk, some in texts.items()]
    _keep(rows, "cells")


def texts_of(tables: Iterable[Table]) -> Iterable[str]:
    return (cell.text for table in tables for cell in table.cells if cell.text)


def holding(terms: Sequence[str]) -> QuerySet[SearchText]:
    """The rows of images that have, for each term of `words.terms_of`, a word that begins so."""
    if not terms:
        return SearchText.objects.none()
    sql, query = _FTS5, " ".join(f'"{term}"*' for term in terms)
    if connection.vendor == "postgresql":
        sql, query = _GIN, " & ".join(f"'{term}':*" for term in terms)
    is_found = RawSQL(sql, [query], output_field=BooleanField())  # noqa: S611  (one of two above)
    return SearchText.objects.filter(is_found)


def _keep(rows: Sequence[SearchText], *names: str) -> None:
    SearchText.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["image"], update_fields=names
    )
