"""Images as they come in: types, colours, orientation, limits, and what is stored of them."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from converter.core.errors import ImageError
from converter.core.images import Limits, PageImage, open_pages
from tests.support.decoding import store_pages
from tests.support.hostile_files import draw, encode, good_files, hostile_files, pdf, png

LIMITS = Limits()
RED, WHITE = (255, 0, 0), (255, 255, 255)
ORIENTATION = 0x0112
TOLERANCE = 12  # of 255, on average: what lossy formats may change

GOOD = {file.what: file for file in good_files()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stored").mkdir()
    return tmp_path / "stored"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "upload"


def write(path: Path, picture: Image.Image, kind: str = "PNG", **options: Any) -> Path:
    path.write_bytes(encode(picture, kind, **options))
    return path


def only_page(path: Path) -> PageImage:
    [page] = open_pages(path, LIMITS)
    return page


def flag(mode: str = "RGB") -> Image.Image:
    """White with a red canton: no turn or mirroring of it looks the same."""
    picture = Image.new("RGB", (24, 16), "white")
    picture.paste(RED, (0, 0, 12, 8))
    return picture.convert(mode)


def colour(page: PageImage, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(value) for value in page.pixels[y, x])


def is_flag(page: PageImage) -> bool:
    expected = np.asarray(flag(), np.int16)
    return page.pixels.shape == expected.shape and bool(
        np.abs(page.pixels - expected).mean() < TOLERANCE
    )


def refusal(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(ImageError) as caught:
        list(open_pages(path, limits))
    return caught.value.code


# --- types and colours ---


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "HEIF"])
def test_reads_every_type_whatever_the_file_is_called(tmp_path: Path, kind: str) -> None:
    assert is_flag(only_page(write(tmp_path / "scan.docx", flag(), kind, quality=100)))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_reads_every_mode_of_a_png(source: Path, mode: str) -> None:
    assert is_flag(only_page(write(source, flag(mode))))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16"])
def test_reads_grayscale_and_bilevel(source: Path, mode: str) -> None:
    gray = flag().convert("L").point(lambda value: 255 if value > 128 else 0)
    if mode == "I;16":
        gray = Image.fromarray(np.asarray(gray, np.uint16) * 257)
    page = only_page(write(source, gray if mode == "I;16" else gray.convert(mode)))
    assert (colour(page, 3, 3), colour(page, 3, 12)) == ((0, 0, 0), WHITE)


def test_pixels_are_rgb_bytes(source: Path) -> None:
    page = only_page(write(source, flag("L")))
    assert page.pixels.dtype == np.uint8
    assert page.pixels.shape == (page.height, page.width, 3) == (16, 24, 3)


@pytest.mark.parametrize("byte_order", ["<u2", ">u2"])
def test_sixteen_bits_are_scaled_not_clipped(source: Path, byte_order: str) -> None:
    mode = "I;16" if byte_order == "<u2" else "I;16B"
    ramp = np.tile(np.linspace(0, 65535, 16), (16, 1)).astype(byte_order)
    page = only_page(write(source, Image.frombytes(mode, (16, 16), ramp.tobytes()), "TIFF"))
    assert list(page.pixels[0, :, 0]) == [17 * step for step in range(16)]


@pytest.mark.parametrize("kind", [np.int32, np.float32])
def test_deep_grayscale_is_stretched(source: Path, kind: type[np.generic]) -> None:
    ramp = np.tile(np.linspace(-1000, 3000, 16), (16, 1)).astype(kind)
    page = only_page(write(source, Image.fromarray(ramp), "TIFF"))
    row = page.pixels[0, :, 0].astype(int)
    assert (row[0], row[-1]) == (0, 255)
    assert set(np.diff(row)) <= {16, 17, 18}


def test_deep_grayscale_of_one_value_is_read(source: Path) -> None:
    page = only_page(write(source, Image.new("F", (16, 16), 0.5), "TIFF"))
    assert page.pixels.max() == page.pixels.min()


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_not_inverted(source: Path, kind: str) -> None:
    assert is_flag(only_page(write(source, flag("CMYK"), kind)))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_transparency_shows_white_paper(source: Path, kind: str) -> None:
    picture = flag("RGBA")
    picture.paste((0, 0, 0, 0), (0, 8, 24, 16))
    assert is_flag(only_page(write(source, picture, kind)))


def test_half_transparent_ink_is_blended(source: Path) -> None:
    page = only_page(write(source, Image.new("RGBA", (16, 16), (255, 0, 0, 128))))
    assert colour(page, 5, 5) == (255, 127, 127)


@pytest.mark.parametrize(("mode", "clear"), [("RGB", RED), ("L", 76), ("P", 0)])
def test_a_transparent_colour_shows_white_paper(source: Path, mode: str, clear: Any) -> None:
    picture = Image.new("P", (16, 16), 0) if mode == "P" else flag(mode)
    page = only_page(write(source, picture, transparency=clear))
    assert colour(page, 3, 3) == WHITE


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_read(source: Path, kind: str) -> None:
    write(source, flag(), kind, save_all=True, append_images=[draw(24, 16)])
    assert is_flag(only_page(source))


def test_phones_append_pictures_to_a_jpeg(source: Path, folder: Path) -> None:
    write(source, flag(), "MPO", quality=100, save_all=True, append_images=[draw()])
    assert is_flag(only_page(source))
    assert [page.file[-4:] for page in store_pages(source, folder, LIMITS)] == [".jpg"]


def test_of_a_heic_burst_the_primary_picture_is_read(source: Path) -> None:
    options = {"save_all": True, "append_images": [flag()], "primary_index": 1, "quality": 100}
    assert is_flag(only_page(write(source, draw(), "HEIF", **options)))


# --- orientation ---


@pytest.mark.parametrize(
    ("orientation", "undo"),
    [
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (3, Image.Transpose.ROTATE_180),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        (6, Image.Transpose.ROTATE_90),
        (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_270),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_pages_are_upright(
    source: Path, kind: str, orientation: int, undo: Image.Transpose
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    assert is_flag(only_page(write(source, flag().transpose(undo), kind, exif=exif, quality=100)))


def test_heic_is_turned_once(source: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    turned = flag().transpose(Image.Transpose.ROTATE_90)
    write(source, turned, "HEIF", exif=exif.tobytes(), quality=100)
    assert is_flag(only_page(source))


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (96, 64)), ("PNG", (24, 16))])
def test_broken_exif_leaves_the_picture_as_it_is(
    source: Path, kind: str, size: tuple[int, int]
) -> None:
    source.write_bytes(GOOD[f"{kind} with broken EXIF"].data)
    page = only_page(source)
    assert (page.width, page.height) == size


def test_metadata_warnings_do_not_leak(source: Path) -> None:
    data = bytearray(encode(flag(), "TIFF", description="x" * 99))
    entry = data.index(b"\x0e\x01\x02\x00")
    data[entry + 4 : entry + 8] = b"\xff" * 4  # a description of 4 GB
    source.write_bytes(data)
    assert is_flag(only_page(source))


# --- pages ---


def test_pages_of_a_tiff_are_told_apart(source: Path) -> None:
    write(source, flag(), "TIFF", save_all=True, append_images=[draw(24, 16)] * 2)
    pages = list(open_pages(source, LIMITS, "cards.tif"))
    assert [page.name for page in pages] == [f"cards.tif, page {number}" for number in (1, 2, 3)]
    assert [is_flag(page) for page in pages] == [True, False, False]


def test_a_single_page_is_called_after_its_file(source: Path) -> None:
    write(source, flag(), "TIFF")
    assert only_page(source).name == "upload"
    assert next(open_pages(source, LIMITS, "my scan.tif")).name == "my scan.tif"


def test_pages_of_a_pdf_are_read(source: Path) -> None:
    source.write_bytes(pdf(pages=2))
    pages = list(open_pages(source, LIMITS))
    assert [page.name for page in pages] == ["upload, page 1", "upload, page 2"]
    assert colour(pages[1], 10, pages[1].height - 10) == RED


# --- limits ---


def test_limits_are_inclusive(source: Path) -> None:
    data = encode(flag(), "TIFF", pages=3)
    source.write_bytes(data)
    limits = Limits(max_bytes=len(data), max_pixels=24 * 16, max_pages=3)
    assert len(list(open_pages(source, limits))) == 3


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_bytes=100), "file_too_large"),
        (Limits(max_pixels=24 * 16 - 1), "too_many_pixels"),
        (Limits(max_pages=2), "too_many_pages"),
    ],
)
def test_beyond_a_limit_is_refused(source: Path, limits: Limits, code: str) -> None:
    assert refusal(write(source, flag(), "TIFF", pages=3), limits) == code


def test_size_is_checked_before_the_pixels_are_decoded(source: Path) -> None:
    source.write_bytes(png(30, 30)[:45])  # damaged, too, but that is found only by decoding
    assert refusal(source, Limits(max_pixels=899)) == "too_many_pixels"
    assert refusal(source, Limits(max_pixels=900)) == "damaged_image"


@pytest.mark.parametrize(("size", "code"), [((7, 99), "too_small"), ((99, 7), "too_small")])
def test_a_speck_is_refused(source: Path, size: tuple[int, int], code: str) -> None:
    assert refusal(write(source, Image.new("L", size))) == code


def test_eight_pixels_are_enough(source: Path) -> None:
    assert only_page(write(source, Image.new("L", (8, 8)))).width == 8


def test_a_message_says_what_to_do(source: Path) -> None:
    source.write_bytes(b"<svg/>")
    with pytest.raises(ImageError, match="Send PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC or PDF"):
        list(open_pages(source, LIMITS))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.png") == "file_missing"
    assert refusal(tmp_path) == "file_missing"


# --- storing ---


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("PNG", "PNG"),
        ("JPEG", "JPEG"),
        ("WEBP", "JPEG"),
        ("GIF", "PNG"),
        ("BMP", "PNG"),
        ("HEIF", "JPEG"),
        ("TIFF", "PNG"),
        ("PDF", "PNG"),
        ("GIF that moves", "PNG"),
        ("WebP that moves", "JPEG"),
        ("PNG that moves", "PNG"),
    ],
)
def test_every_page_is_encoded_anew(source: Path, folder: Path, what: str, kind: str) -> None:
    source.write_bytes(GOOD[what].data)
    [stored] = store_pages(source, folder, LIMITS)
    assert (folder / stored.file).read_bytes() != GOOD[what].data
    with Image.open(folder / stored.file) as picture:
        assert (picture.format, getattr(picture, "n_frames", 1)) == (kind, 1)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_nothing_of_a_file_but_its_pixels_is_kept(source: Path, folder: Path, kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[0x010E] = 6, "where it was taken"
    write(source, flag(), kind, exif=exif, comment="a comment", icc_profile=b"a profile" * 20)
    source.write_bytes(source.read_bytes() + b"<script>appended</script>")
    [stored] = store_pages(source, folder, LIMITS)
    kept = (folder / stored.file).read_bytes()
    assert not any(word in kept for word in (b"taken", b"comment", b"profile", b"script"))
    assert is_flag(only_page(folder / stored.file).turned(270))


def test_a_webp_without_loss_stays_so(source: Path, folder: Path) -> None:
    write(source, draw(), "WEBP", lossless=True)
    [stored] = store_pages(source, folder, LIMITS)
    again, before = only_page(folder / stored.file), only_page(source)
    assert np.array_equal(again.pixels, before.pixels)


@pytest.mark.parametrize("quality", [60, 80, 95])
def test_a_jpeg_loses_next_to_nothing_by_being_encoded_anew(
    source: Path, folder: Path, quality: int
) -> None:
    smooth = draw(24, 16).resize((240, 160), Image.Resampling.BICUBIC)
    write(source, smooth, "JPEG", quality=quality)
    [stored] = store_pages(source, folder, LIMITS)
    again, before = only_page(folder / stored.file), only_page(source)
    assert np.abs(again.pixels.astype(int) - before.pixels).mean() < 2
    assert abs(stored.size - source.stat().st_size) < source.stat().st_size / 5


def test_stored_pages_describe_their_files(source: Path, folder: Path) -> None:
    source.write_bytes(GOOD["TIFF of three pages"].data)
    stored = store_pages(source, folder, LIMITS)
    assert [page.page for page in stored] == [1, 2, 3]
    for page in stored:
        data = (folder / page.file).read_bytes()
        assert (page.size, page.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert (page.width, page.height) == draw().size


def test_a_single_page_has_no_number(source: Path, folder: Path) -> None:
    assert store_pages(write(source, flag(), "TIFF"), folder, LIMITS)[0].page is None


def test_stored_size_is_that_of_the_upright_picture(source: Path, folder: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    [stored] = store_pages(write(source, flag(), "JPEG", exif=exif), folder, LIMITS)
    assert (stored.width, stored.height) == (16, 24)


@pytest.mark.parametrize("what", [what for what in GOOD if "metres" not in what])
def test_what_was_stored_reads_like_its_source(source: Path, folder: Path, what: str) -> None:
    source.write_bytes(GOOD[what].data)
    for stored, page in zip(
        store_pages(source, folder, LIMITS), open_pages(source, LIMITS), strict=True
    ):
        again = only_page(folder / stored.file)
        assert again.pixels.shape == page.pixels.shape == (stored.height, stored.width, 3)
        assert np.abs(again.pixels.astype(np.int16) - page.pixels).mean() < TOLERANCE


def test_a_colour_profile_does_not_outlive_its_colours(source: Path, folder: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    write(source, flag("CMYK"), "TIFF", icc_profile=profile)
    [stored] = store_pages(source, folder, LIMITS)
    with Image.open(folder / stored.file) as picture:
        assert "icc_profile" not in picture.info


def test_names_are_random(source: Path, folder: Path) -> None:
    write(source, flag())
    names = {store_pages(source, folder, LIMITS)[0].file for _ in range(3)}
    assert len(names) == 3
    assert all(len(name) == 32 + len(".png") for name in names)


def test_a_bad_second_page_leaves_nothing_behind(source: Path, folder: Path) -> None:
    write(source, flag(), "TIFF", save_all=True, append_images=[Image.new("RGB", (99, 99))])
    with pytest.raises(ImageError, match="99 by 99 pixels"):
        store_pages(source, folder, Limits(max_pixels=9800))
    assert list(folder.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(
    source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk(io.BytesIO):
        def write(self, *_: object) -> int:
            raise OSError(28, "No space left on device")

    def half_written(path: Path, mode: str = "r") -> Any:
        if "x" not in mode:
            return open_path(path, mode)
        path.touch()
        return FullDisk()

    open_path = Path.open
    write(source, flag())
    monkeypatch.setattr(Path, "open", half_written)
    with pytest.raises(OSError, match="No space"):
        store_pages(source, folder, LIMITS)
    assert list(folder.iterdir()) == []


def test_a_refused_file_is_left_where_it_was(source: Path, folder: Path) -> None:
    source.write_bytes(next(file.data for file in hostile_files() if file.what == "HTML"))
    with pytest.raises(ImageError):
        store_pages(source, folder, LIMITS)
    assert source.exists()
