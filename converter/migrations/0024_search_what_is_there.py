"""Indexes what has been read before, some images in a transaction; it may be stopped and go on."""

from itertools import chain

from django.db import migrations, transaction

from converter.search.words import words_of

CHUNK = 50  # images in memory, and in a transaction


def fill(apps, schema_editor):
    images = apps.get_model("converter", "BatchImage").objects
    search_text = apps.get_model("converter", "SearchText")
    corrections = apps.get_model("converter", "Correction").objects.filter(undone=None)
    wanted = images.filter(state__in=["done", "failed"], search=None).order_by("pk")
    last = 0
    while some := list(wanted.filter(pk__gt=last).select_related("result", "review")[:CHUNK]):
        last = some[-1].pk
        cards = {(image.batch_id, image.card) for image in some if image.card is not None}
        said = {}
        of_cards = corrections.filter(
            image__batch__in={batch for batch, _ in cards}, image__card__in={card for _, card in cards}
        )
        for one in of_cards.select_related("image").order_by("pk"):
            said.setdefault((one.image.batch_id, one.image.card), {})[one.field] = one.text
        with transaction.atomic():
            search_text.objects.bulk_create(
                search_text(image=image, **words(image, said.get((image.batch_id, image.card), {})))
                for image in some
            )


def words(image, said):
    """As `converter.search.index` has them; what was corrected of a card is with its front."""
    full_name = f"{image.name}, page {image.page}" if image.page else image.name
    result = getattr(image, "result", None)
    if result is None:
        return {"beside": words_of([full_name])}
    reading, review = result.reading, getattr(image, "review", None)
    tables = review.tables if review else reading.get("tables", [])
    texts = [cell["text"] for table in tables for cell in table["cells"]]
    values = [text or "" for name, text, *_ in reading.get("fields", []) if name not in said]
    lines = chain(reading.get("loose_text", []), reading.get("missing", []))
    return {
        "cells": words_of([*texts, *values, *([] if image.is_back else said.values())]),
        "beside": words_of([full_name, *(line[0] for line in lines)]),
    }


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('converter', '0023_search'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
