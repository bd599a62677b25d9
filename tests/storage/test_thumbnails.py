"""Small pictures: made once, kept, and gone with what they are of."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from converter.batches import lifecycle
from converter.core.errors import ImageError
from converter.storage import layout
from tests.support.pictures import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(make_batch):
    return make_batch(images=1, data=png(1280, 640)).images.get()


def test_it_is_made_once(image, monkeypatch):
    first = layout.thumbnail(image)
    assert Image.open(BytesIO(first)).size == (320, 160)
    monkeypatch.setattr(layout, "small_picture", None)
    assert layout.thumbnail(image) == first


def test_it_outlives_the_start(image, django_capture_on_commit_callbacks):
    first = layout.thumbnail(image)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.start(image.batch)
    assert layout.thumbnail(image) == first


def test_it_goes_with_its_image_and_with_its_batch(make_batch, image, settings):
    other = make_batch(images=1).images.get()
    for picture in (image, other):
        layout.thumbnail(picture)
    layout.discard_file(image)
    layout.discard_folder(other.batch_id, "")
    assert not list((settings.DATA_DIR / "thumbnails").rglob("*.jpg"))


def test_a_disk_that_cannot_keep_it_does_not_matter(image, settings):
    (settings.DATA_DIR / "thumbnails").write_bytes(b"")
    assert layout.thumbnail(image)


def test_without_a_file_there_is_none(image):
    layout.discard_file(image)
    with pytest.raises(ImageError, match="file_missing"):
        layout.thumbnail(image)
