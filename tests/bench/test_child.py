"""Figures come out of another process, whatever happens in it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench.child import Child, ChildGone

IMAGE, OUT = Path("in.png"), Path("out.xlsx")

CONVERT = """
import os
from tests.bench.child import serve
def convert(image, out):
    print("a library that chats")
    if image.stem == "broken":
        raise ValueError("no picture")
    if image.stem == "fatal":
        os._exit(7)
    return {"models": 0.5}
serve(convert)
"""


@pytest.fixture
def child():
    with Child([sys.executable, "-c", CONVERT]) as child:
        yield child


def test_figures_of_one_picture(child):
    figures = child.convert(IMAGE, OUT)
    assert figures.stages == {"models": 0.5}
    assert figures.error == ""
    assert figures.cpu >= 0
    assert figures.peak > 1


def test_a_failure_is_a_figure_and_the_next_picture_goes_on(child):
    assert child.convert(Path("broken.png"), OUT).error == "ValueError: no picture"
    assert child.convert(IMAGE, OUT).error == ""


def test_a_process_that_ends_is_told(child):
    with pytest.raises(ChildGone, match="ended with 7"):
        child.convert(Path("fatal.png"), OUT)
    with pytest.raises(ChildGone):
        child.convert(IMAGE, OUT)
