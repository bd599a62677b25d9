"""The words of images, for the search."""

from __future__ import annotations

from django.db import models

from converter.models.batches import BatchImage


class SearchText(models.Model):
    """The words of an image: of its `cells` or values as people have left them, and `beside` them,
    of its name and of print that is in no cell.

    Written by `converter.search.index` alone. A migration gives each database its own index of
    them: SQLite a table `converter_searchindex` of FTS5, kept by triggers on this one, which a
    migration that makes this table anew has to make anew too; PostgreSQL a GIN index.
    """

    image = models.OneToOneField(
        BatchImage, models.CASCADE, primary_key=True, related_name="search"
    )
    cells = models.TextField(blank=True)
    beside = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"words of {self.image_id}"
