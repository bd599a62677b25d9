"""The words of a picture, for a person who points at them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from converter.accounts import access
from converter.accounts.sharing import for_reviewers
from converter.core.engines.words_left import words_left
from converter.core.tables.drawing import texts_of
from converter.core.tables.model import Box, Word
from converter.core.tables.pieces import pieces_of
from converter.models import Result


@for_reviewers
@require_safe
@never_cache
def words(request: HttpRequest, pk: UUID, image_pk: int) -> JsonResponse:
    """Each word that was read with its place: `[text, is in no cell, left, top, right, bottom]`, in
    pixels of the upright image, from the top down."""
    image = access.image_for(request, pk, image_pk)
    results = Result.objects.select_related("image__review")
    result = get_object_or_404(results, image=image)
    reading, tables = result.to_reading(), result.current().tables
    held = (text for table in tables for cell in table.cells for text in texts_of(cell))
    found = [(word, False) for text in held for word in _words(text)]
    found += [(word, True) for text in words_left(reading, tables) for word in _words(text)]
    found.sort(key=lambda one: (one[0].box.top, one[0].box.left))
    return JsonResponse({"words": [[word.text, free, *word.box] for word, free in found]})


def _words(text: Word) -> Iterator[Word]:
    if not text.text:
        yield text
    for piece in pieces_of(text):
        yield Word(piece.text, piece.box or Box(*text.box))
