"""Batches with files, for tests in this process and, through `manage.py shell`, in others."""

from __future__ import annotations

from hashlib import sha256
from uuid import uuid4

from converter.batches import lifecycle
from converter.models import Batch, BatchImage
from converter.storage import layout
from tests.support.pictures import png


def draft(images: int = 0, data: bytes | None = None, **values: object) -> Batch:
    """A draft with as many images as asked for, all of the same picture, each to be read."""
    plain = {"name": "Pile", "engine": "local", "owner": "me", "reuse": False}
    batch = Batch.objects.create(**(plain | values))
    if images:
        picture = data or png()
        lifecycle.add_images(batch, [_image(batch, picture, number) for number in range(images)])
    return batch


def _image(batch: Batch, data: bytes, number: int) -> BatchImage:
    """A row that is not saved yet; its file is there."""
    file = f"{uuid4().hex}.png"
    with layout.receive(batch) as folder:
        (folder / file).write_bytes(data)
    return BatchImage(
        name=f"picture {number}.png",
        encoded_here=True,
        file=file,
        sha256=sha256(data).hexdigest(),
        size=len(data),
        width=64,
        height=48,
    )
