"""The editor of fields: what is typed, what is wrong with it, and what its buttons do."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from converter.fields.editor import FieldEditor


def typed(*names: str, **first: str) -> dict[str, object]:
    """What a form sends for fields of these names, and for the first one more."""
    rows = [f"k{number}" for number in range(len(names))]
    values = {f"{key}-name": name for key, name in zip(rows, names, strict=True)}
    values |= {f"{key}-type": "text" for key in rows} | {f"{key}-active": "on" for key in rows}
    return {"fields_sent": "1", "row": rows} | values | {f"k0-{k}": v for k, v in first.items()}


def sent(*names: str, **first: str) -> FieldEditor:
    data = QueryDict(mutable=True)
    for key, value in typed(*names, **first).items():
        data.setlist(key, value if isinstance(value, list) else [value])
    editor = FieldEditor.sent(data)
    assert editor
    return editor


def names_in(editor: FieldEditor) -> list[str]:
    return [row.name for row in editor.rows]


def test_a_field_is_said_without_what_is_as_usual():
    editor = sent("Born", "", type="date", labels="Birth\n\n b. ", required="on")
    assert editor.is_valid()
    assert editor.fields == [
        {"name": "Born", "type": "date", "labels": ["Birth", "b."], "required": True}
    ]


def test_what_is_stored_comes_back_as_it_was():
    fields = [
        {"name": "Size", "type": "choice", "values": ["S", "M, L"], "description": "top"},
        {"name": "No.", "pattern": r"\d+", "active": False},
    ]
    assert FieldEditor.of(fields).fields == fields


@pytest.mark.parametrize(
    ("names", "first", "place"),
    [
        (["a", "A"], {}, "name"),
        ([" "], {"description": "top right"}, "name"),
        (["a"], {"type": "choice"}, "allowed"),
        (["a"], {"pattern": "[a-"}, "pattern"),
        (["a"], {"type": "nonsense"}, "name"),
    ],
)
def test_an_error_stands_beside_what_has_it(names, first, place):
    editor = sent(*names, **first)
    assert not editor.is_valid()
    assert list(editor.rows[0].errors) == [place]
    assert editor.errors


def test_nothing_sent_is_not_an_empty_list():
    assert FieldEditor.sent(QueryDict("name=x")) is None
    empty = FieldEditor.sent(QueryDict("fields_sent=1"))
    assert empty is not None
    assert empty.fields == []


@pytest.mark.parametrize(
    ("step", "names"),
    [
        ("up k1", ["b", "a", "c"]),
        ("up k0", ["a", "b", "c"]),
        ("down k1", ["a", "c", "b"]),
        ("down k2", ["a", "b", "c"]),
        ("off k1", ["a", "c"]),
        ("off none", ["a", "b", "c"]),
        ("add", ["a", "b", "c", ""]),
        ("names", ["a", "b", "c", "d", "e"]),
    ],
)
def test_buttons_change_the_rows(step, names):
    editor = sent("a", "b", "c")
    editor.apply(step, names="d\n e \n")
    assert names_in(editor) == names
    assert len({row.key for row in editor.rows}) == len(names)
