from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.networks.model_files import read_model
from converter.core.engines.local.picture.orientation import turn_clockwise
from converter.core.engines.local.text.text import TextReader
from tests.core.engines.local.printed import Page


def test_reads_lines_where_they_stand(reader: TextReader) -> None:
    page = Page(600, 200).text(40, 30, "Carbon dioxide 412.5").text(300, 120, "Total 00123")
    first, second = reader.read(page.pixels).lines
    assert [first.text, second.text] == ["Carbon dioxide 412.5", "Total 00123"]
    assert first.box.left == pytest.approx(40, abs=8)
    assert second.box.top == pytest.approx(123, abs=8)
    assert first.as_word().confidence > 0.8


def test_characters_have_places(reader: TextReader) -> None:
    page = Page(600, 80).text(40, 30, "left").text(400, 30, "right")
    places = {
        glyph.text: glyph.x for line in reader.read(page.pixels).lines for glyph in line.glyphs
    }
    assert places["l"] == pytest.approx(43, abs=8)
    assert places["g"] == pytest.approx(425, abs=12)


def test_batches_do_not_mix_lines_up(reader: TextReader) -> None:
    page = Page(400, 1000)
    numbers = [str(1000 + 37 * n) for n in range(24)]
    for n, number in enumerate(numbers):
        page.text(20 + 10 * (n % 5), 20 + 40 * n, number)
    assert [line.text for line in reader.read(page.pixels).lines] == numbers


@pytest.mark.parametrize("shape", [(1, 1), (300, 400), (50, 20000), (20000, 50)])
def test_blank_pages_have_no_text(reader: TextReader, shape: tuple[int, int]) -> None:
    assert reader.read(np.full((*shape, 3), 255, np.uint8)).lines == ()


def test_a_slanted_page_is_read_level(reader: TextReader) -> None:
    page = Page(700, 300)
    for n in range(5):
        page.text(80, 60 + 40 * n, f"A line of words that is long enough, number {n}")
    slanted = page.image.rotate(-3, fillcolor="white")
    read = reader.read(np.asarray(slanted))
    assert [line.text[-1] for line in read.lines] == ["0", "1", "2", "3", "4"]
    assert read.lines[2].box.height < 40
    assert read.back([read.lines[2].box])[0].top == pytest.approx(140, abs=15)


def test_missing_model_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match="install rapidocr again"):
        read_model("PP-OCRv1_none.onnx")


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_pages_are_read_whichever_way_up_they_lie(reader: TextReader, degrees: int) -> None:
    page = Page(600, 160).text(40, 30, "Carbon dioxide 412.5").text(300, 100, "Total 00123")
    lain = turn_clockwise(page.pixels, degrees)
    read = reader.read(lain)
    assert [line.text for line in read.lines] == ["Carbon dioxide 412.5", "Total 00123"]
    assert (read.turned + degrees) % 360 == 0


def test_numbers_alone_show_which_way_up_they_are(reader: TextReader) -> None:
    page = Page(600, 300)
    for n in range(5):
        page.text(40, 30 + 50 * n, f"{1996 * n + 868}").text(300, 30 + 50 * n, f"{n}6.{9 - n}8")
    assert reader.read(turn_clockwise(page.pixels, 180)).turned == 180
    assert reader.read(page.pixels).turned == 0


def test_columns_of_digits_do_not_turn_a_page(reader: TextReader) -> None:
    page = Page(500, 500).text(30, 10, "Languages", 16)
    for n in range(20):
        page.text(60, 40 + 16 * n, str(n % 9), 16).text(300, 40 + 16 * n, str(7 * n % 9), 16)
    assert reader.read(page.pixels).turned == 0


def test_only_print_that_is_hard_to_read_gets_a_second_look(reader: TextReader) -> None:
    page = Page(600, 200).text(40, 30, "Carbon dioxide").text(40, 120, "Total 00123", size=24)
    small = page.image.crop((0, 100, 600, 200)).resize((120, 20))
    page.image.paste(small.resize((600, 100)), (0, 100))
    clear, blurred = reader.read(page.pixels).lines
    assert {glyph.seconded for glyph in clear.glyphs} == {None}
    assert {glyph.seconded for glyph in blurred.glyphs} <= {True, False}


def test_of_a_long_line_only_words_that_are_hard_to_read_get_a_second_look(
    reader: TextReader,
) -> None:
    page = Page(1000, 100)
    page.text(20, 30, "All of this is clear print except for blurred words at its far end", size=24)
    part = page.image.crop((380, 20, 480, 70))
    page.image.paste(part.resize((25, 12)).resize((100, 50)), (380, 20))
    (line,) = reader.read(page.pixels).lines
    assert {glyph.seconded for glyph in line.glyphs if glyph.x < 200} == {None}
    assert {glyph.seconded for glyph in line.glyphs if 400 < glyph.x < 460} <= {True, False}
    assert {glyph.seconded for glyph in line.glyphs if glyph.x > 640} == {None}
    places = [glyph.x for glyph in line.glyphs]
    assert places == sorted(places)
    assert line.text.startswith("All of this is clear print except")
    assert line.text.endswith("words at its far end")
