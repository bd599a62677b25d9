"""Labels as printed, misread, joined to their values, or going on to be others."""

from __future__ import annotations

import pytest

from converter.core.fields.labels import label_phrases, leading_label, next_label
from converter.core.fields.specification import FieldSpec


def test_phrases_come_from_name_labels_and_quotes():
    spec = FieldSpec("Cat. No.", 'number, printed "Catalogue number"', labels=("Kat.-Nr.",))
    assert label_phrases(spec) == ("Cat. No.", "Kat.-Nr.", "Catalogue number")


def test_name_of_a_program_stands_for_its_last_part():
    assert label_phrases(FieldSpec("author.last_name"))[0] == "last name"


def test_phrase_without_letters_is_none():
    assert label_phrases(FieldSpec("Name", labels=("—",))) == ("Name",)


@pytest.mark.parametrize(
    ("text", "phrase", "value"),
    [
        ("Cat. No. 528", "Cat. No.", "528"),
        ("Cat.No.528", "Cat. No.", "528"),
        ("CAT NO: 528", "Cat. No.", "528"),
        ("Site No.Me.152/1", "Site No.", "Me.152/1"),
        ("Site NoMe.152/1", "Site No.", "Me.152/1"),
        ("Site No.-Me.152/1", "Site No.", "Me.152/1"),
        ("Balance: -5", "Balance", "-5"),
        ("Total (RM) : 9.60", "Total", "9.60"),
        ("Involce No.: 12", "Invoice No.", "12"),
        ("Date : 22/12/2017 14:03", "Date", "22/12/2017 14:03"),
        ("Site", "Site", ""),
        ("Name ......", "Name", ""),
    ],
)
def test_value_begins_after_the_label(text, phrase, value):
    assert text[leading_label(text, [phrase]).end :] == value


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Situation Trench 4", "Site"),
        ("Sites", "Site"),
        ("Site No. Me.152/1", "Site"),
        ("Company Reg No. : 12", "Company"),
        ("Company Reg. Number: 12", "Company"),
        ("Rate 5", "Date"),
        ("", "Date"),
        ("the date", "Date"),
    ],
)
def test_what_only_resembles_a_label_is_none(text, phrase):
    assert leading_label(text, [phrase]) is None


def test_longest_label_wins():
    label = leading_label("Site No.: 4", ["Site", "Site No."])
    assert label.end == len("Site No.: ")


def test_misread_label_scores_less():
    read = leading_label("Invoice No. 1", ["Invoice No."])
    misread = leading_label("Imvoice No. 1", ["Invoice No."])
    assert read.score == 1
    assert 0.8 < misread.score < 1


def test_colon_marks_a_label():
    assert leading_label("Date: 1", ["Date"]).marked
    assert not leading_label("Date 1", ["Date"]).marked


@pytest.mark.parametrize(
    ("text", "cut"),
    [("528 Site: Nevin", "528 "), ("528 Site Nevin", "528 Site Nevin"), ("528", "528")],
)
def test_value_ends_at_the_next_marked_label(text, cut):
    assert text[: next_label(text, ["Site"])] == cut
