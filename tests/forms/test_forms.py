"""What is made of a batch's name and files before a verb sees them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from converter.forms import BatchForm


def form(name: str, *files: str) -> BatchForm:
    uploads = [SimpleUploadedFile(file, b"x") for file in files]
    return BatchForm({"name": name}, MultiValueDict({"files": uploads}))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Spring", "Spring"),
        ("  two\r\nlines\t ", "two lines"),
        ("a\0b\x1b[0m\u2028c", "a b [0m c"),
        ("Büro 7 🧾", "Büro 7 🧾"),
    ],
)
def test_a_name_is_one_printable_line(typed, kept):
    batch = form(typed, "a.png")
    assert batch.is_valid()
    assert batch.cleaned_data["name"] == kept


@pytest.mark.parametrize(
    ("file", "name"), [("March.invoice.png", "March.invoice"), ("x" * 150 + ".png", "x" * 120)]
)
def test_without_a_name_it_is_called_after_the_first_file(file, name):
    batch = form(" ", file, "other.png")
    assert batch.is_valid()
    assert batch.cleaned_data["name"] == name


def test_without_any_name_it_is_called_after_the_day():
    batch = form("", "....")
    assert batch.is_valid()
    assert batch.cleaned_data["name"].endswith(f"{timezone.localdate():%B %Y}")


def test_a_name_is_not_longer_than_its_column():
    assert list(form("n" * 121, "a.png").errors) == ["name"]


def test_a_batch_needs_a_file():
    assert form("Spring").errors == {"files": ["Choose at least one picture first."]}


def test_an_empty_file_is_for_intake_to_judge():
    empty = SimpleUploadedFile("a.png", b"")
    assert BatchForm({}, MultiValueDict({"files": [empty]})).is_valid()
